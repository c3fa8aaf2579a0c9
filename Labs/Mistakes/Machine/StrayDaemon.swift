import LabCourse

extension Mistake {
    static let strayDaemon = Mistake(
        .strayDaemon, "a daemon runs outside of the lab", .error,
        symptom: "An address of the lab answers where no lab runs, or `daemon is already running` in a log.",
        reason: """
            Some commands leave a daemon behind: keepalived --dump-conf goes to the background and stays a VRRP router \
            on the machine's own interfaces, and installing the package on a machine with systemd starts its service. \
            The second keepalived with the same /run ends at once, with status 0. labrun kills nothing that is not its \
            own.
            """,
        wrong: "keepalived --dump-conf -f keepalived.conf | head -30",
        right: "keepalived -t -f keepalived.conf",
        message: "daemon is already running",
        onMachine: { machine in
            machine.strays.map { stray in
                Diagnosis(
                    .strayDaemon, .error, at: [],
                    "process \(stray.pid) takes part in VRRP outside of every lab: \(stray.commandLine)",
                    remedy: "kill \(stray.pid)")
            }
        })
}

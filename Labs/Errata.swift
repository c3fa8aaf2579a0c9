import LabCourse

/// Where the published text of steps 1 to 5 differs from the wire; the first digit is the step.
extension Erratum {
    static let tools = Erratum(
        "E10", in: "step1", text: "with keepalived and iproute2 installed, the checks of step 3 work",
        wire: """
            killall and curl are missing: chk_haproxy is dropped, chk_http fails for ever, and 120 is on the wire \
            instead of 150
            """,
        ours: "a check whose program is missing counts as failed: 100 is on the wire, and the log says why",
        code: .programNotFound)
    static let deadInterval = Erratum(
        "E20", in: "step2", text: "the backup takes over after a dead interval of 3 s",
        wire: "three intervals and the skew, (256 - priority) / 256 s: 3.609 s for priority 100")
    static let priorityRange = Erratum(
        "E21", in: "step2", text: "a priority is a number of 1 to 254",
        wire: "255 is accepted, too: its node does not wait to be the master")
    static let password = Erratum(
        "E30", in: "step3", text: "secret123 is the password, of at most 8 characters",
        wire: "it has nine: secret12 is on the wire", code: .passwordCut)
    static let preemptDelay = Erratum(
        "E31", in: "step3", text: "with preempt_delay 10, a node1 that returns waits 10 s",
        wire: "with state MASTER the word is cleared: node1 is the master again after 3.5 s",
        code: .preemptDelayOnMaster)
    static let notify = Erratum(
        "E32", in: "step3", text: "notify_master SCRIPT MASTER calls the script",
        wire: "without quotes MASTER is the user to run it as; there is none, and the script never runs",
        ours: "it runs as it was meant, with a warning in the log", code: .notifyNotQuoted)
    static let smallWeight = Erratum(
        "E33", in: "step3", text: "weight -20 moves the address when haproxy dies",
        wire: "150 - 20 - 30 = 100 is not below node2's 100: the address stays on node1", code: .weightTooSmall)
    static let nearPriority = Erratum(
        "E34", in: "step3", text: "node1 falls to 130, and a node2 with priority 140 wins",
        wire: "not with the nopreempt of step 4: node2 stays a backup", code: .nopreemptOnWrongNode)
    static let nopreempt = Erratum(
        "E40", in: "step4", text: "nopreempt on node2 keeps the address there when node1 returns",
        wire: "node1 takes it back at once: the word belongs on node1", code: .nopreemptOnWrongNode)
    static let unhealthyMaster = Erratum(
        "E41", in: "step4", text: "with nopreempt on node2, a failed check of node1 still moves the address",
        wire: "node2 takes over from no living master, also from one that has sunk below it",
        code: .nopreemptOnWrongNode)
    static let systemctl = Erratum(
        "E42", in: "step4", text: "systemctl restart keepalived on node1 forces an election",
        wire: "a container has no systemd: the command fails, and nothing moves")
}

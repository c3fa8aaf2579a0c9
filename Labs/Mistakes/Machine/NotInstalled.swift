import LabCourse

extension Mistake {
    static let notInstalled = Mistake(
        .notInstalled, "keepalived is not installed", .error,
        symptom: "keepalived: command not found; `labrun STEP --daemon keepalived` ends with 4 before anything runs.",
        reason: """
            The image of the lab, ubuntu:22.04, has no keepalived. Step 1 installs it, with the iproute2 that the text \
            uses to look at addresses. The steps run without it as well: the daemon `ours` understands the same files, \
            and only what is said about keepalived itself is skipped.
            """,
        wrong: "apt-get update",
        right: "apt-get update\napt-get install -y keepalived iproute2",
        onMachine: { machine in
            machine.missingDaemons.map {
                Diagnosis(.notInstalled, .error, at: [], "A daemon of the course is not there.", remedy: $0)
            }
        })
}

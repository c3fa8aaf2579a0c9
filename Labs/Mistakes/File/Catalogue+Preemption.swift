import KeepalivedConfiguration
import LabCourse
import VRRPCore

extension Catalogue {
    static let preemptionMistakes = [preemptDelayOnMaster, nopreemptOnMaster, nopreemptOnWrongNode]

    private static let preemptDelayOnMaster = Mistake(
        .preemptDelayOnMaster, "preempt_delay that counts for nothing", .warning,
        symptom: "A node that returns takes the address back after 3.4 s, not after the delay.",
        reason: """
            preempt_delay is for a node that starts as BACKUP. With state MASTER keepalived clears it when it reads \
            the file, and so it does beside nopreempt, which never takes the address back anyway. state MASTER gives \
            no head start: such a node listens for 3.414 s like any other.
            """,
        wrong: "state MASTER\npreempt_delay 10", right: "state BACKUP\npreempt_delay 10",
        message: "(VI_1) Warning - preempt delay will not work with initial state MASTER - clearing",
        inFiles: { submission in
            submission.diagnoses { _, diagnostic in
                let isMaster = diagnostic.message.contains("preempt delay will not work")
                guard isMaster || diagnostic.message.contains("preempt_delay is incompatible with nopreempt") else {
                    return nil
                }
                return Diagnosis(
                    .preemptDelayOnMaster, .warning, at: [Diagnosis.Place(diagnostic.location)],
                    isMaster
                        ? "The delay is cleared because the instance starts with state MASTER."
                        : "The delay is cleared because of nopreempt: what is never taken back cannot be taken later.",
                    remedy: isMaster
                        ? "write state BACKUP on this node: the priority makes it the master all the same"
                        : "keep nopreempt or preempt_delay, not both",
                    message: diagnostic.message)
            }
        },
        onWire: { _ in [] },
        specimens: [
            Specimen(
                "VR102-master", in: "step4",
                [
                    .line("state BACKUP", "state MASTER"), .line("    nopreempt", "    preempt_delay 10"),
                ]),
            Specimen("VR102-alone", in: "step3", [.line("advert_int 1", "advert_int 1\n    preempt_delay 10")]),
            Specimen(
                "VR102-nopreempt", in: "step4", [.line("    nopreempt", "    nopreempt\n    preempt_delay 10")],
                demonstration: Demonstration("node1 does not take the address back, also after its delay of 10 s") {
                    try await $0.showNoReclaim(within: .seconds(10))
                }),
        ],
        demonstration: Demonstration("node1 takes the address at once, although its delay is 10 s") { run in
            guard run.routers.count > 1 else {
                let begin = try run.start("node1")
                try await run.showLine("the daemon clears the delay", since: begin) {
                    $0.contains("preempt delay will not work")
                }
                return
            }
            try await run.showReclaim("node1 takes the address from node2 without the delay of 10 s")
        })

    private static let nopreemptOnMaster = Mistake(
        .nopreemptOnMaster, "nopreempt together with state MASTER", .warning,
        symptom: "The node takes the address back when it returns, in spite of nopreempt.",
        reason: """
            nopreempt is for a node that starts as BACKUP. With state MASTER, and with priority 255, keepalived \
            clears it when it reads the file and says so once. The node with the higher priority wins the first \
            election also with state BACKUP: nothing is lost by it.
            """,
        wrong: "state MASTER\nnopreempt", right: "state BACKUP\nnopreempt",
        message: "(VI_1) Warning - nopreempt will not work with initial state MASTER - clearing",
        inFiles: { submission in
            submission.diagnoses { _, diagnostic in
                let isMaster = diagnostic.message.contains("nopreempt will not work")
                guard isMaster || diagnostic.message.contains("nopreempt is incompatible with priority 255") else {
                    return nil
                }
                return Diagnosis(
                    .nopreemptOnMaster, .warning, at: [Diagnosis.Place(diagnostic.location)],
                    isMaster
                        ? "nopreempt is cleared because the instance starts with state MASTER."
                        : "nopreempt is cleared because priority 255 is the owner of the address.",
                    remedy: isMaster ? "state BACKUP" : "priority 150",
                    message: diagnostic.message)
            }
        },
        specimens: [
            Specimen("VR103-master", in: "step4", [.line("state BACKUP", "state MASTER")]),
            Specimen(
                "VR103-owner", in: "step4", [.line("priority 150", "priority 255"), .line("weight -60", "weight 0")],
                demonstration: Demonstration("node1 owns the address, and takes it in spite of nopreempt") { run in
                    try await run.showReclaim("node1 takes the address from node2")
                }),
        ],
        demonstration: Demonstration("node1 takes the address from node2 in spite of nopreempt") { run in
            try await run.showReclaim("node1 takes the address from node2")
        })

    private static let nopreemptOnWrongNode = Mistake(
        .nopreemptOnWrongNode, "nopreempt on the wrong node", .error,
        symptom: "The returning node takes the address back; a failed check does not move it.",
        reason: """
            nopreempt tells the node on which it stands not to take over from a living master of lower priority. The \
            stronger node is the one that must hold back when it returns: it came back after 3.4 s without it. On the \
            weaker node the same word keeps it from taking over when the stronger one's check has failed.
            """,
        wrong: "priority 100\nadvert_int 1\nnopreempt", right: "priority 100\nadvert_int 1",
        inFiles: { submission in misplacedNopreempt(submission) },
        specimens: [
            Specimen(
                "VR109-moved", in: "step4",
                [
                    .line("state BACKUP", "state MASTER"), .line("    nopreempt\n", ""),
                    .line("advert_int 1", "advert_int 1\n    nopreempt", in: LabFile.backup),
                ]),
            Specimen(
                "VR109-both", in: "step4",
                [.line("advert_int 1", "advert_int 1\n    nopreempt", in: LabFile.backup)]),
        ],
        demonstration: Demonstration("node1's check has failed, and node2 does not take over") { run in
            try await run.showAddressStays("node2 takes over from node1")
        })
}

// MARK: - Two files

/// The same virtual router on two nodes, the stronger one first.
struct RouterPair {
    let stronger: (node: String, router: VirtualRouterConfiguration, reading: ConfigurationReading)
    let weaker: (node: String, router: VirtualRouterConfiguration, reading: ConfigurationReading)
}

extension Submission {
    /// Virtual routers that two nodes share, where one has the higher priority.
    var pairs: [RouterPair] {
        let all = sound.flatMap { router in router.reading.routers.map { (router.node, $0, router.reading) } }
        return all.flatMap { first in
            all.compactMap { second in
                let isSame =
                    first.0 != second.0 && first.1.virtualRouterID == second.1.virtualRouterID
                    && first.1.family == second.1.family
                guard isSame, first.1.priority.rawValue > second.1.priority.rawValue else { return nil }
                return RouterPair(stronger: first, weaker: second)
            }
        }
    }
}

private func misplacedNopreempt(_ submission: Submission) -> [Diagnosis] {
    submission.pairs.compactMap { pair in
        guard !pair.weaker.router.preempts,
            let line = pair.weaker.reading.instance(pair.weaker.router.name)?.first("nopreempt")
        else { return nil }
        let hasWeights = (pair.stronger.router.trackedScripts + pair.stronger.router.trackedInterfaces).contains {
            $0.weight != 0
        }
        let isElsewhere = !pair.stronger.router.preempts
        guard !isElsewhere || hasWeights else { return nil }
        let (weaker, stronger) = (pair.weaker.node, pair.stronger.node)
        let priority = Int(pair.weaker.router.priority.rawValue)
        return Diagnosis(
            .nopreemptOnWrongNode, .error, at: [line.place],
            isElsewhere
                ? "\(weaker) (priority \(priority)) will never take over from \(stronger) while \(stronger) "
                    + "advertises: a failed check there only lowers its priority."
                : "This keeps \(weaker) (priority \(priority)) from taking over when \(stronger)'s check fails, and "
                    + "lets \(stronger) come back.",
            remedy: isElsewhere
                ? "take nopreempt away on \(weaker); it stays on \(stronger)"
                : "\(stronger): state BACKUP and nopreempt; \(weaker): no nopreempt")
    }
}

import KeepalivedConfiguration
import LabCourse
import VRRPCore

extension Catalogue {
    static let weightTooSmall = Mistake(
        .weightTooSmall, "weight smaller than the gap between the priorities", .error,
        symptom: "The check fails, the priority sinks, and the address stays where it is.",
        reason: """
            A failed check takes its weight off the priority, and only a node that is above the other one then takes \
            over: 150 - 20 = 130 is not below 100, and 150 - 50 = 100 is only equal, where nobody preempts. Without \
            a weight a failed check is FAULT, which moves the address in 0.61 s after the check has failed.
            """,
        wrong: "weight -20", right: "weight -60",
        inFiles: { tooSmallWeights($0) },
        specimens: [
            Specimen("VR110-small", in: "step4", [.line("weight -60", "weight -20")]),
            Specimen("VR110-equal", in: "step4", [.line("weight -60", "weight -50")]),
            Specimen(
                "VR110-line", in: "step4",
                [.line("        chk_haproxy", "        chk_haproxy weight -10")]),
        ],
        demonstration: Demonstration("node1's check has failed, and node2 does not take over") { run in
            try await run.showAddressStays("node2 takes over from node1")
        })
}

// MARK: - Recognizers

private func tooSmallWeights(_ submission: Submission) -> [Diagnosis] {
    submission.pairs.flatMap { pair -> [Diagnosis] in
        let (strong, weak) = (pair.stronger.router, pair.weaker.router)
        let base = strong.whenAllIsWell
        let other = weak.whenAllIsWell
        guard base > other, !strong.priority.isOwner else { return [] }
        return strong.weighted.compactMap { item in
            let fallen = Int(Priority(clamping: base - abs(item.weight)).rawValue)
            guard fallen >= other,
                let line = pair.stronger.reading.weightLine(of: item.name, in: strong.name)
            else { return nil }
            let least = base - other + 1
            return Diagnosis(
                .weightTooSmall, .error, at: [line.place],
                "When \(item.name) fails, \(pair.stronger.node) sinks from \(base) to \(fallen), which is "
                    + "\(fallen == other ? "as much as" : "above") \(pair.weaker.node)'s \(other): nothing moves.",
                remedy: "weight -\(least) or less, or no weight: then the check puts the node in FAULT")
        }
    }
}

extension VirtualRouterConfiguration {
    fileprivate var weighted: [TrackedItem] {
        (trackedScripts + trackedInterfaces + trackedProcesses).filter { $0.weight != 0 && !$0.isReversed }
    }

    /// Positive weights count while all is well, negative ones when it is not.
    fileprivate var whenAllIsWell: Int { Int(priority.rawValue) + weighted.map { max($0.weight, 0) }.reduce(0, +) }
}

extension ConfigurationReading {
    /// Where the weight of something that is tracked is written.
    fileprivate func weightLine(of name: String, in instance: String) -> Directive? {
        let lines = ["track_script", "track_interface", "track_process"].flatMap {
            self.instance(instance)?.all($0) ?? []
        }
        let tracked = lines.flatMap { $0.block ?? [] }.first { $0.keyword.text == name }
        if let tracked, tracked.arguments.contains(where: { $0.text == "weight" }) { return tracked }
        return checks.first { $0.name == name }?.first("weight") ?? tracked
    }
}

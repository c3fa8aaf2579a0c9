import KeepalivedConfiguration
import LabCourse
import Timeline

extension Catalogue {
    /// Mistakes that one file can have.
    static let fileMistakes: [Mistake] =
        [passwordCut] + preemptionMistakes + notifyMistakes + programMistakes + scriptMistakes + addressMistakes
        + interfaceMistakes + checkMistakes + resultMistakes + [syntax, weightTooSmall, webhookBlocks]

    /// A recognizer for runs: what the files show, where a daemon's log has one of these texts.
    static func confirmed(
        by texts: String..., find: @escaping @Sendable (Submission) -> [Diagnosis]
    ) -> @Sendable (Observation) -> [Diagnosis] {
        { observation in
            let lines = observation.logLines { line in texts.contains { line.contains($0) } }
            guard !lines.isEmpty else { return [] }
            return find(observation.submission).map { diagnosis in
                var confirmed = diagnosis
                confirmed.sights += lines.prefix(2)
                return confirmed
            }
        }
    }
}

extension Observation {
    /// What the routers' programs wrote, each line once.
    func logLines(_ matches: (String) -> Bool) -> [Diagnosis.Sight] {
        var seen: Set<String> = []
        return timeline.compactMap { event in
            guard let node = event.node, submission.router(node) != nil, case .output(_, _, let line) = event.kind,
                matches(line), seen.insert(node + line.logMessage).inserted
            else { return nil }
            return Diagnosis.Sight("\(node) log", line.logMessage)
        }
    }
}

extension String {
    /// A line of a log without the date that keepalived writes before it.
    var logMessage: String {
        guard let colon = firstRange(of: ": ") else { return self }
        return self[..<colon.lowerBound].suffix(4).allSatisfy(\.isNumber) ? String(self[colon.upperBound...]) : self
    }
}

extension [Diagnosis] {
    /// What the files show, where a run has shown it too: nothing without a sight.
    func confirmed(by sight: Diagnosis.Sight?) -> [Diagnosis] {
        guard let sight else { return [] }
        return map { diagnosis in
            var seen = diagnosis
            seen.sights.append(sight)
            return seen
        }
    }
}

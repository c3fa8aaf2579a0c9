import LabCourse

/// A check as the formats of other tools have it: one test case.
struct ReportedCase {
    var scenario: ScenarioDocument
    /// Nil when the scenario asked nothing.
    var check: CheckRecord?
    /// A step and a pair of daemons, such as `step4 [keepalived:ours]`.
    var suite: String
    /// Such as `step4.nopreempt`.
    var group: String
    /// Unique together with the group.
    var name: String
    /// Whether it stands for its scenario, whose time and earlier runs are told once: the first that came out as the
    /// whole did.
    var isSpokesman: Bool
    /// The mistake that explains it, when one is known.
    var code: String?

    /// What it came to; nothing was learned where nothing was asked.
    var verdict: Verdict { check?.verdict ?? .inconclusive }

    /// In seconds; that of the scenario, told once.
    var seconds: Double { isSpokesman ? scenario.record.length : 0 }

    /// Whether it passed after runs that could not be judged.
    var isFlaky: Bool { isSpokesman && scenario.record.verdict == .pass && scenario.record.attempts > 1 }

    /// In one line.
    var message: String {
        guard let check else { return "nothing was checked" }
        return check.observed.isEmpty ? check.title : "\(check.title): \(check.observed)"
    }

    /// What a reader wants to know of one that did not pass.
    var text: String {
        let answers: [(String, String?)] = [
            ("expected", check?.expected), ("observed", check?.observed),
            ("at", check?.t.map { "\(Figures.number($0)) s" }), ("why", check?.explanation),
            ("again", scenario.command),
        ]
        return answers.compactMap { word, answer in
            answer.flatMap { $0.isEmpty ? nil : word + String(repeating: " ", count: max(10 - word.count, 1)) + $0 }
        }.joined(separator: "\n")
    }
}

extension RunDocument {
    /// Every check, in the order of the scenarios; no two have the same group and name.
    var cases: [ReportedCase] {
        let hasPairs = Set(scenarios.map(\.record.daemon)).count > 1
        let hasVariants = Set(scenarios.map(\.record.variant)).count > 1
        var taken: [String: Int] = [:]
        return scenarios.flatMap { scenario in
            let record = scenario.record
            let parts = record.id.split(separator: "/", maxSplits: 1).map(String.init)
            var suffix = hasPairs ? " [\(record.daemon)]" : ""
            if hasVariants { suffix += " [\(record.variant.rawValue)]" }
            if let repetition = record.repetition { suffix += ", run \(repetition)" }
            let checks = scenario.checks.isEmpty ? [nil] : scenario.checks.map(Optional.some)
            let spokesman = checks.firstIndex { $0?.verdict == record.verdict } ?? 0
            return checks.enumerated().map { index, check in
                let group = parts.joined(separator: ".")
                var name = (check?.title ?? record.title) + suffix
                let count = taken["\(group) \(name)", default: 0] + 1
                taken["\(group) \(name)"] = count
                if count > 1 { name += " (\(count))" }
                return ReportedCase(
                    scenario: scenario, check: check, suite: "\(parts.first ?? record.id) [\(record.daemon)]",
                    group: group, name: name, isSpokesman: index == spokesman, code: code(of: scenario, check))
            }
        }
    }

    /// The mistake that explains a failure: one that was seen in this very scenario, or else one in the files.
    private func code(of scenario: ScenarioDocument, _ check: CheckRecord?) -> String? {
        guard check?.verdict == .fail else { return nil }
        let errors = diagnoses.filter { $0.severity == .error }
        let own = errors.first { $0.because?.contains(scenario.record.id) == true }
        return (own ?? errors.first { $0.because == nil })?.code.rawValue
    }
}

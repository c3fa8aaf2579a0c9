/// What a run of the published values says about each place where the text and the wire differ.
public struct ErrataTable: Sendable {
    /// One place.
    public struct Row: Sendable {
        public var erratum: Erratum
        /// It passes when everything that was seen is what the erratum has.
        public var verdict: Verdict
        /// What was seen, or why nothing was.
        public var observed: String
        /// Whether it was what the erratum has for vrrpd alone.
        public var isOurs: Bool
    }

    /// In the order of the errata; what nobody knows of stands at the end.
    public var rows: [Row]

    /// - Parameters:
    ///   - errata: every one of the course.
    ///   - reports: of the scenarios of every step as written.
    public init(_ errata: [Erratum], _ reports: [ScenarioReport]) {
        let seen = Dictionary(grouping: reports.flatMap(\.checks).filter { $0.contrast != nil }) {
            $0.contrast?.erratum ?? ""
        }
        let spoiled = reports.flatMap { report in
            report.checks.filter { $0.contrast == nil && $0.verdict != .pass }.map { (report, $0) }
        }
        rows = errata.map { erratum in
            guard let checks = seen[erratum.id] else { return Self.unseen(erratum, spoiled) }
            return Self.row(erratum, checks)
        }
        let known = Set(errata.map(\.id))
        rows += seen.keys.filter { !known.contains($0) }.sorted().map { id in
            let unknown = Erratum(id, in: "?", text: "no step knows this erratum", wire: "it was reported all the same")
            return Row(erratum: unknown, verdict: .fail, observed: "\(seen[id]?.count ?? 0) checks", isOurs: false)
        }
    }

    /// Whether the text differs exactly as the course has it.
    public var verdict: Verdict {
        let worst = rows.map(\.verdict).max() ?? .skip
        // What was skipped was not shown; something that passed does not make up for it.
        return worst == .pass && rows.contains { $0.verdict == .skip } ? .inconclusive : worst
    }

    private static func row(_ erratum: Erratum, _ checks: [CheckResult]) -> Row {
        let others = checks.filter { $0.contrast?.isAsCatalogued == false }
        let shown = others.isEmpty ? checks : others
        let verdict: Verdict =
            others.isEmpty ? .pass : others.allSatisfy { $0.verdict == .inconclusive } ? .inconclusive : .fail
        return Row(
            erratum: erratum, verdict: verdict, observed: shown.map(\.observed).joined(separator: "; "),
            isOurs: others.isEmpty && checks.contains { $0.contrast?.isOurs == true })
    }

    /// A place that no check reached: something else went wrong first, or nobody looks.
    private static func unseen(_ erratum: Erratum, _ spoiled: [(ScenarioReport, CheckResult)]) -> Row {
        let missing = spoiled.first { $0.1.verdict == .skip && $0.0.step == erratum.step }
        let broken = spoiled.filter { $0.0.step == erratum.step && $0.1.verdict > .pass }.max {
            $0.1.verdict < $1.1.verdict
        }
        let reason = (broken ?? missing).map { "\($0.0.id): \($0.1.title): \($0.1.observed)" }
        return Row(
            erratum: erratum, verdict: broken?.1.verdict ?? (missing == nil ? .fail : .skip),
            observed: reason ?? "no scenario looks at it", isOurs: false)
    }
}

import LabCourse
import LabReport
import Timeline
import Wire

/// What scenarios that ran several times came to, for people.
struct CampaignText {
    /// More problems than this are in the reports only.
    private static let told = 8

    private let document: RunDocument
    private let detail: DisplayOptions.Detail?
    private let isMatrix: Bool

    init(_ document: RunDocument, _ detail: DisplayOptions.Detail?, isMatrix: Bool = false) {
        self.document = document
        self.detail = detail
        self.isMatrix = isMatrix
    }

    /// A table, then what is not as it should be.
    var lines: [String] {
        guard detail != .quiet else { return problems }
        let table = RepetitionTable(document)
        // Of a single scenario everything is told.
        let isWhole = detail == .verbose || document.series.count == 1
        let figures = isMatrix ? MatrixTable(document).lines : table.lines
        return figures + (isWhole ? [""] + table.details.dropLast() : []) + problems
    }

    /// What did not pass, with the command that repeats the first of each kind.
    private var problems: [String] {
        let groups = Self.grouped(document)
        guard !groups.isEmpty else { return [] }
        let rest = groups.count > Self.told ? ["and \(groups.count - Self.told) more: see the reports"] : []
        return [""] + groups.prefix(Self.told).flatMap(\.lines) + rest
    }

    /// Problems that differ in nothing but the run.
    private static func grouped(_ document: RunDocument) -> [ProblemGroup] {
        var groups: [ProblemGroup] = []
        for verdict in [Verdict.fail, .inconclusive] {
            for series in document.series {
                for run in series.runs where run.record.verdict == verdict {
                    guard let problem = run.problem else { continue }
                    let number = run.record.repetition
                    if let place = groups.firstIndex(where: { group in
                        group.id == series.id && group.daemon == series.daemon && group.problem.what == problem.what
                            && group.problem.verdict == verdict
                    }) {
                        groups[place].runs += number.map { [$0] } ?? []
                    } else {
                        groups.append(
                            ProblemGroup(
                                id: series.id, daemon: series.daemon, problem: problem,
                                runs: number.map { [$0] } ?? []))
                    }
                }
            }
        }
        return groups
    }

    /// Why not everything ran, and what did not.
    static func unfinished(_ document: RunDocument) -> [String] {
        guard let end = document.end, let cut = end.cut else { return [] }
        let left = end.unfinished ?? []
        let names = left.prefix(6).joined(separator: ", ") + (left.count > 6 ? ", ..." : "")
        let count = left.isEmpty ? "" : "; \(left.count) did not run to their end: \(names)"
        return Terminal.wrapped("\(cut)\(count)", indent: 0, hanging: 2)
    }
}

/// Runs of a scenario with the same problem.
private struct ProblemGroup {
    var id: String
    var daemon: String
    var problem: Problem
    var runs: [Int]

    var lines: [String] {
        let numbers = runs.map { "\($0)" }
        let last = numbers.last ?? ""
        let words =
            switch numbers.count {
            case 0: ""
            case 1: ", run \(last)"
            default: ", runs \(numbers.dropLast().joined(separator: ", ")) and \(last)"
            }
        let head = "\(Terminal.column(problem.verdict.mark, 5))\(id) \(daemon)\(words): "
        return Terminal.wrapped(
            head + Terminal.printable("\(problem.what): \(problem.observed), not \(problem.expected)"), indent: 0,
            hanging: 5)
            + ["     first: \(problem.directory)"] + Terminal.command(problem.again, after: "     again: ")
    }
}

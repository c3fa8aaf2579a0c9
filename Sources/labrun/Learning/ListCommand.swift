import ArgumentParser
import LabCourse
import Labs
import NetnsKit

/// `labrun list`.
struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the steps, and how far you are.")

    @Flag(name: .long, help: "Write one JSON document.")
    var json = false

    @Option(
        name: .long,
        help: ArgumentHelp("Where your files are that the text calls /etc/keepalived.", valueName: "directory"))
    var etc = Workspace.standardDirectory

    func run() throws {
        let written = (try? Workspace(directory: etc).files()) ?? []
        let progress = Progress.own
        let rows = Course.steps.map { StepRow($0, written, progress) }
        if json {
            Terminal.say(try JSONLines.line(rows))
            return
        }
        Terminal.say(" STEP   TITLE                                     YOURS         LAST    ABOUT")
        for row in rows { Terminal.say(row.line) }
        Terminal.say("")
        Terminal.say(Terminal.wrapped("Next: \(NextStep.line(progress, written))", indent: 0).joined(separator: "\n"))
    }
}

/// A step in the list.
struct StepRow: Encodable {
    var id: String
    var title: String
    var goal: String
    var scenarios: [String]
    var seconds: Int
    /// `ok`, `2 problems`, `not written`, or `-` where there is nothing to write.
    var yours: String
    /// What the last run came to; nil before the first.
    var last: Verdict?

    init(_ step: LabStep, _ written: [SourceFile], _ progress: Progress) {
        id = step.id
        title = step.title
        goal = step.goal
        scenarios = step.variants[.reference]?.scenarios.map(\.id) ?? []
        seconds = step.seconds
        yours = Self.state(of: step, written)
        last = progress.steps[step.id]?.verdict
    }

    private static func state(of step: LabStep, _ written: [SourceFile]) -> String {
        guard !step.files.isEmpty else { return "-" }
        let missing = step.missing(from: written).count
        if missing == step.files.count { return "not written" }
        if missing > 0 { return "\(step.files.count - missing) of \(step.files.count)" }
        let count = Catalogue.diagnose(step.submission(written)).count { $0.severity != .note }
        return count == 0 ? "ok" : "\(count) problem\(count == 1 ? "" : "s")"
    }

    var line: String {
        let about = "\(seconds) s"
        return " " + Terminal.column(id, 7) + Terminal.column(title, 42) + Terminal.column(yours, 14)
            + Terminal.column(last?.listed ?? "-", 7) + String(repeating: " ", count: max(6 - about.count, 0)) + about
    }
}

extension Verdict {
    /// In a table.
    fileprivate var listed: String {
        switch self {
        case .skip: "skip"
        case .pass: "pass"
        case .inconclusive: "??"
        case .fail: "fail"
        }
    }
}

/// Turns words of the command line into steps and scenarios.
enum Selection {
    static func step(_ id: String) throws -> LabStep {
        guard let step = Course.step(id) else {
            let ends = [Course.steps.first, Course.steps.last].compactMap { $0?.id }.joined(separator: " to ")
            throw ValidationError("there is no step '\(id)': there are \(ends)")
        }
        return step
    }

    /// `all`, `step4`, or one scenario as `step4/check`; what two words select runs once.
    ///
    /// - Parameter files: the learner's, for `yours`.
    static func jobs(
        _ words: [String], _ variant: LabVariant, pace: Pace = .real, files: [SourceFile] = []
    ) throws -> [Runner.Job] {
        let selected = try words.flatMap { word -> [Runner.Job] in
            let steps = word == "all" ? Course.steps : [try step(String(word.prefix { $0 != "/" }))]
            let wanted = word.firstIndex(of: "/").map { String(word[word.index(after: $0)...]) }
            let jobs = steps.flatMap { step in
                step.scenarios(variant, pace: pace, files: files).map { scenario in
                    let seconds = Course.seconds(of: "\(step.id)/\(scenario.id)", variant, pace)
                    return Runner.Job(step: step.id, scenario: scenario, seconds: seconds)
                }
            }
            guard let wanted else { return jobs }
            let chosen = jobs.filter { $0.scenario.id == wanted }
            guard !chosen.isEmpty else {
                let known = jobs.map(\.scenario.id).joined(separator: ", ")
                throw ValidationError("\(steps[0].id) has no scenario '\(wanted)': there are \(known)")
            }
            return chosen
        }
        var seen: Set<String> = []
        return selected.filter { seen.insert($0.id).inserted }
    }
}

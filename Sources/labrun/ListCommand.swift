import ArgumentParser
import LabCourse
import Labs
import NetnsKit

/// `labrun list`.
struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the steps.")

    @Flag(name: .long, help: "Write one JSON document.")
    var json = false

    func run() throws {
        if json {
            Terminal.say(try JSONLines.line(Course.steps.map(StepRecord.init)))
            return
        }
        Terminal.say(" STEP   TITLE                                         SCENARIOS  ABOUT")
        for step in Course.steps {
            let scenarios = step.variants[.reference]?.scenarios.count ?? 0
            Terminal.say(
                " " + Terminal.column(step.id, 7) + Terminal.column(step.title, 46)
                    + Terminal.column("\(scenarios)", 11) + "\(step.seconds) s")
        }
        Terminal.say("\nNext: labrun describe \(Course.steps[0].id)")
    }

    private struct StepRecord: Encodable {
        var id: String
        var title: String
        var goal: String
        var scenarios: [String]
        var seconds: Int

        init(_ step: LabStep) {
            id = step.id
            title = step.title
            goal = step.goal
            scenarios = step.variants[.reference]?.scenarios.map(\.id) ?? []
            seconds = step.seconds
        }
    }
}

/// `labrun describe STEP`.
struct Describe: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show what a step teaches and what it will check.")

    @Argument(help: "A step, such as step4.")
    var step: String

    func run() throws {
        let step = try Selection.step(self.step)
        Terminal.say("\(step.id)  \(step.title)\n\n\(step.goal)\n\n\(step.picture)\n")
        for variant in LabVariant.allCases.reversed() {
            guard let contents = step.variants[variant] else { continue }
            Terminal.say("Scenarios (\(variant.rawValue)):")
            for scenario in contents.scenarios {
                Terminal.say("  " + Terminal.column(scenario.id, 15) + scenario.title)
            }
            let files = contents.files.filter { $0.path.hasSuffix(".conf") }.map { "\($0.node) \($0.path)" }
            Terminal.say("Files: \(files.joined(separator: ", "))\n")
        }
        Terminal.say(step.lesson)
        Terminal.say("Run it: labrun \(step.id)        as published: labrun \(step.id) --variant as-written")
    }
}

/// Turns words of the command line into steps and scenarios.
enum Selection {
    static func step(_ id: String) throws -> LabStep {
        guard let step = Course.step(id) else {
            throw ValidationError(
                "there is no step '\(id)': the steps are \(Course.steps.map(\.id).joined(separator: ", "))")
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
                step.scenarios(variant, pace: pace, files: files).map { Runner.Job(step: step.id, scenario: $0) }
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

import ArgumentParser
import LabCourse
import LinuxSystem
import NetnsKit
import Timeline

/// `labrun describe STEP`.
struct Describe: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what a step teaches, what to write, and what will be checked.",
        discussion: "One screen; the lesson itself, with every word that you need, is 'labrun describe STEP --lesson'.")

    @Argument(help: "A step, such as step4.")
    var step: String

    @Flag(name: .long, help: "The lesson instead.")
    var lesson = false

    func run() throws {
        let description = StepDescription(try Selection.step(step))
        Terminal.say((lesson ? description.lesson : description.overview).joined(separator: "\n"))
    }
}

/// A step as a learner reads it.
struct StepDescription {
    private let step: LabStep

    init(_ step: LabStep) {
        self.step = step
    }

    /// The prose, and where the published text errs.
    var lesson: [String] {
        var lines = LessonText(step.lesson).lines
        while lines.last?.isEmpty == true { lines.removeLast() }
        let errata = step.errata.flatMap { erratum in
            Self.item("\(erratum.id)", "the text: \(erratum.text)") + Self.item("", "the wire: \(erratum.wire)")
        }
        return lines + (errata.isEmpty ? [] : ["", "The text and the wire:"] + errata)
    }

    /// Everything else, on one screen.
    var overview: [String] {
        var lines = ["\(step.id)  \(step.title)", ""] + Terminal.wrapped(step.goal, indent: 0)
        lines += ["", step.picture, ""]
        lines += section("Write", writing)
        lines += section("Checks", checks)
        lines += section("Times: a resignation takes (256 - priority)/256 s, a silence 3 intervals more", numbers)
        lines += needs + errata
        lines.append("Lesson:  labrun describe \(step.id) --lesson")
        if step.files.isEmpty {
            lines.append("Run it:  labrun \(step.id)")
        } else {
            lines.append("Yours:   labrun check \(step.id)     a beginning: labrun reset \(step.id)")
            lines.append("Solved:  labrun \(step.id)")
        }
        if step.variants[.asWritten] != nil {
            lines[lines.count - 1] += "     as published: labrun \(step.id) --variant as-written"
        }
        return lines
    }

    private func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : [title] + lines + [""]
    }

    private var writing: [String] {
        let width = (step.files.map(\.path.count).max() ?? 0) + 2
        return step.files.flatMap { file -> [String] in
            let line = "  " + Terminal.column(file.path, width) + CheckOutput.kind(file)
            // A path is never broken: it is there to be copied.
            return line.count <= Terminal.width ? [line] : ["  \(file.path)", "    \(CheckOutput.kind(file))"]
        }
    }

    private var checks: [String] {
        (step.variants[.reference]?.scenarios ?? []).map { scenario in
            Terminal.fitted("  " + Terminal.column(scenario.id, 15) + scenario.title)
        }
    }

    /// What the protocol makes of the values of the reference files; routers with the same values share a line.
    private var numbers: [String] {
        guard let scenario = step.scenarios(.reference).first else { return [] }
        var rows: [(values: String, routers: [String])] = []
        for node in scenario.topology.nodes {
            guard let path = scenario.configurations[node.name],
                let file = scenario.files.first(where: { $0.node == node.name && $0.path == path })
            else { continue }
            for router in ConfigurationReading(file.source).figures {
                let values = Self.values(of: router)
                if rows.last?.values != values { rows.append((values, [])) }
                rows[rows.count - 1].routers.append("\(node.name) \(router.name)")
            }
        }
        let lines = rows.flatMap { Terminal.wrapped($0.routers.joined(separator: ", "), after: "  \($0.values)") }
        return lines.isEmpty ? [] : ["  priority  interval  silence     resignation"] + lines
    }

    private static func values(of router: RouterFigures) -> String {
        Terminal.column("\(router.priority)", 10) + Terminal.column(router.times.interval.text, 10)
            + Terminal.column(router.silence.text, 12) + Terminal.column(router.resignation.text, 13)
    }

    private var needs: [String] {
        let scenarios = LabVariant.allCases.flatMap { step.variants[$0]?.scenarios ?? [] }
        var needs: [ProgramNeed] = []
        for need in scenarios.flatMap(\.needs) where !needs.contains(need) { needs.append(need) }
        guard !needs.isEmpty else { return [] }
        let missing = needs.filter { !RunningProgram.isExecutable($0.path) }.map(\.package)
        let remedy = missing.isEmpty ? "all installed" : "apt-get install -y \(missing.joined(separator: " "))"
        return Terminal.wrapped(needs.map(\.name).joined(separator: ", ") + "; " + remedy, after: "Needs:   ")
    }

    private var errata: [String] {
        let names = step.errata.map { erratum in erratum.id + (erratum.code.map { " (\($0.rawValue))" } ?? "") }
        guard !names.isEmpty else { return [] }
        return Terminal.wrapped(names.joined(separator: ", ") + ": the lesson tells them", after: "Errata:  ")
    }

    /// A name and what there is to say of it, beside it.
    private static func item(_ name: String, _ text: String) -> [String] {
        Terminal.wrapped(text, after: "  " + Terminal.column(name, 15))
    }
}

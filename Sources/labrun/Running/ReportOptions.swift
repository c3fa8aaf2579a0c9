import ArgumentParser
import LabCourse
import LabReport
import LinuxSystem
import NetnsKit

/// What a run leaves, and where.
struct ReportOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("artifacts")],
        help: ArgumentHelp("Where reports, events, captures and logs go.", valueName: "directory"))
    var artifacts = "labrun-out"

    @Option(
        name: .long, help: ArgumentHelp("Write the run as JUnit XML to this file, too.", valueName: "file"))
    var junit: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Write the run in the Common Test Report Format to this file, too.", valueName: "file"))
    var ctrf: String?

    @Option(
        name: .long, help: ArgumentHelp("Write the page for people to this file, too.", valueName: "file"))
    var html: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Write for the log of a CI job: github, gitlab, plain or none. Without it the environment decides.",
            valueName: "system"))
    var ci: CISystem?

    func validate() throws {
        guard !artifacts.isEmpty else { throw ValidationError("-o needs a directory") }
        for (option, file) in [("--junit", junit), ("--ctrf", ctrf), ("--html", html)] {
            guard let file else { continue }
            guard !file.isEmpty, !FileSystem.isDirectory(file) else {
                throw ValidationError("\(option) needs the name of a file, not '\(file)'")
            }
        }
    }

    /// The system whose job this is part of.
    var system: CISystem { (ci ?? CISystem.detected).resolved }

    /// A job's log, when there is one that folds.
    ///
    /// - Parameter descriptor: where text goes.
    func output(to descriptor: Int32 = 1) -> CIOutput? {
        system == .github || system == .gitlab ? CIOutput(system: system, descriptor: descriptor) : nil
    }

    /// Lets a body write to a job's log what others have said, without any of it being taken for a command.
    func quoting<Result>(_ body: () throws -> Result) rethrows -> Result {
        try CIOutput(system: system, descriptor: 1).quoting(body)
    }

    /// Makes the run's directory.
    ///
    /// - Parameter options: the words that repeat a scenario as it was, after its name.
    func makeArtifacts(options: [String]) throws -> Artifacts {
        // It would be a pity to find out at the end that there is no place.
        for file in [junit, ctrf].compactMap(\.self) {
            do {
                try Artifacts.makePlace(for: file)
            } catch {
                throw ValidationError("there is no place for '\(file)' (\(error)): choose another file")
            }
        }
        do {
            return try Artifacts(below: artifacts, program: RunningProgram.path, options: options)
        } catch {
            throw ValidationError("'\(artifacts)' cannot take the artifacts (\(error)): choose another with -o")
        }
    }

    /// Writes what a run leaves as a whole, when it has ended, and tells a CI system of it.
    func write(_ document: RunDocument, to artifacts: Artifacts) {
        let attachments = { (scenario: ScenarioDocument) in
            Self.attachments("\(artifacts.directory)/\(scenario.directory)")
        }
        attempt("the run's document") { try artifacts.write(document) }
        attempt("the JUnit report") {
            let xml = try JUnitReport(document, attachments: attachments).xml()
            try write(xml, as: "junit.xml", and: junit, to: artifacts)
        }
        attempt("the CTRF report") {
            let json = try CTRFReport(document, attachments: attachments).json() + "\n"
            try write(json, as: "ctrf.json", and: ctrf, to: artifacts)
        }
        let summary = MarkdownSummary(document).text
        attempt("the summary") { try artifacts.write(summary, as: "summary.md") }
        attempt("the page") {
            try document.writePage("\(artifacts.directory)/\(HTMLReport.fileName)", of: artifacts.directory)
            if let html { try document.writePage(html, of: artifacts.directory) }
        }
        if let html { artifacts.handOver(html) }
        if system == .github { tellGitHub(document, summary) }
        artifacts.handOver()
    }

    private func write(_ text: String, as name: String, and file: String?, to artifacts: Artifacts) throws {
        try artifacts.write(text, as: name)
        guard let file else { return }
        try FileSystem.replace(file, with: Array(text.utf8), mode: 0o644)
        artifacts.handOver(file)
    }

    /// What says most about a scenario, as a job finds it from its own directory.
    private static func attachments(_ directory: String) -> [String] {
        let endings = [".pcapng", ".svg", ".log"]
        return FileSystem.names(in: directory).sorted().filter { name in endings.contains { name.hasSuffix($0) } }
            .map { "\(directory)/\($0)" }
    }

    private func tellGitHub(_ document: RunDocument, _ summary: String) {
        let annotations = GitHubAnnotations(document, workspace: ThisProcess.environment("GITHUB_WORKSPACE"))
        // Those on the standard error count as well, and a document on the standard output stays whole.
        for line in annotations.lines { Terminal.say(line, to: 2) }
        if annotations.dropped > 0 {
            Terminal.say("\(annotations.dropped) more did not pass: they are in the summary and in junit.xml", to: 2)
        }
        guard let page = ThisProcess.environment("GITHUB_STEP_SUMMARY"), !page.isEmpty else { return }
        attempt("GITHUB_STEP_SUMMARY") { try FileSystem.append(page, Array((summary + "\n").utf8)) }
    }

    private func attempt(_ what: String, _ body: () throws -> Void) {
        do {
            try body()
        } catch {
            Terminal.complain("\(what) could not be written: \(error)")
        }
    }
}

import ArgumentParser
import LabCourse
import Labs
import LinuxSystem
import NetnsKit

/// Somebody's files for a step: what is there, what is missing, and what is wrong with them.
struct Examination: Sendable {
    let step: LabStep
    /// Under the names that the lab's text has for them.
    private(set) var files: [SourceFile]
    /// Where each file of the step is read from, by the text's name.
    private var places: [String: String]
    let workspace: Workspace
    /// Which path of the host stands for which file of the step.
    private var given: [String: String] = [:]

    init(_ step: LabStep, _ workspace: Workspace, _ files: [SourceFile]) {
        self.step = step
        self.workspace = workspace
        self.files = files
        places = Dictionary(
            step.files.map { ($0.path, workspace.place(of: $0.path)) }, uniquingKeysWith: { first, _ in first })
    }

    /// Takes a file for the one of the step that it stands for.
    mutating func take(_ file: SourceFile, from path: String, on node: String?) throws {
        guard let wanted = step.place(of: file.name, file.text, on: node) else {
            let names = step.files.map { "\($0.solved.name) (\($0.nodes.joined(separator: ", ")))" }
            throw ValidationError(
                "which file of \(step.id) is '\(path)'? Name the node with --file NODE=\(path); "
                    + "the step has \(names.joined(separator: ", "))")
        }
        files.removeAll { $0.path == wanted.path }
        files.append(
            SourceFile(wanted.path, file.contents, mode: file.mode, owner: file.owner, group: file.group))
        places[wanted.path] = path
        given[wanted.path] = path
    }

    /// The same, read once more.
    func again() throws -> Examination {
        var next = Examination(step, workspace, try workspace.files())
        for (wanted, path) in given {
            guard let status = FileSystem.way(to: path)?.last, status.isRegular else {
                next.files.removeAll { $0.path == wanted }
                continue
            }
            let octets = try FileSystem.read(path, atMost: Workspace.largestFile)
            let file = SourceFile(wanted, octets, mode: status.mode & 0o7777)
            next.files.removeAll { $0.path == wanted }
            next.files.append(file)
            next.places[wanted] = path
            next.given[wanted] = path
        }
        return next
    }

    /// The directories of the host that hold the files.
    var directories: [String] {
        let others = given.values.map { path in
            path.contains("/") ? String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) : "."
        }
        return Array(Set([workspace.directory] + others.map { $0.isEmpty ? "/" : $0 })).sorted()
    }

    var missing: [LearnerFile] { step.missing(from: files) }

    /// Where the host has a file of the step.
    func place(of path: String) -> String { places[path] ?? workspace.place(of: path) }

    /// What the files show by themselves.
    var found: [Diagnosis] { Diagnosis.merged(Catalogue.diagnose(step.submission(files)), []) }

    /// What the daemon's own test says, where keepalived is installed.
    func configurationTests() async throws -> [ConfigurationTest] {
        let path = ProgramNeed.keepalived.path
        guard RunningProgram.isExecutable(path) else { return [] }
        return try await step.configurationTests(of: files, by: DaemonProgram(name: "keepalived", path: path))
    }

    /// Runs the step's scenarios with the files.
    ///
    /// - Parameter finished: hears of each scenario as soon as it has ended.
    func run(
        by runner: Runner, finished: (ScenarioReport) -> Void = { _ in }
    ) async throws -> CheckOutcome {
        let jobs = step.scenarios(.yours, files: files).map { Runner.Job(step: step.id, scenario: $0) }
        let submission = step.submission(files)
        let reports = try await runner.run(jobs, finished: finished)
        let seen = reports.flatMap { report in
            Catalogue.diagnose(Observation(submission, report)).map { $0.seen(in: report.id) }
        }
        return CheckOutcome(diagnoses: Diagnosis.merged(Catalogue.diagnose(submission), seen), reports: reports)
    }
}

/// What a check of somebody's files came to.
struct CheckOutcome: Sendable {
    /// Each mistake once, with what the files and the wire show of it; the worst first.
    var diagnoses: [Diagnosis]
    var reports: [ScenarioReport]

    var checks: [CheckResult] { reports.flatMap(\.checks) }

    /// Something that a learner wants and that does not happen is a failure, also where no scenario asks for it.
    var verdict: Verdict {
        let run = reports.map(\.verdict).max() ?? .skip
        return diagnoses.contains { $0.severity == .error } ? .fail : run
    }

    /// What keeps the files from being right, as names that stay the same from run to run.
    var problems: Set<String> {
        let failures = reports.flatMap { report in
            report.checks.filter { $0.verdict > .pass }.map { "\(report.id) \($0.title)" }
        }
        return Set(failures + diagnoses.filter { $0.severity != .note }.map(\.code.rawValue))
    }
}

import ArgumentParser
import LabCourse
import LabReport
import LinuxSystem
import NetnsKit

/// `labrun merge DIR…`.
struct Merge: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make one run of the shards that several machines ran, with reports and an exit code of the whole.",
        discussion: """
            Each directory is that of a shard, or one above it: what download-artifact or a shared volume leaves. \
            Shards must be of the same version, the same words and the same seed; one that is missing makes the \
            whole inconclusive.

              labrun run all --shard 1/3 -o out        on each machine, with 2/3, 3/3
              labrun merge shards/ -o merged
            """)

    /// How far below a directory runs are looked for: what an upload's name and -o add.
    private static let depth = 3

    @Argument(help: "Directories of shards, or directories above them.")
    var directories: [String]

    @Flag(name: .long, help: "What was skipped counts as a failure.")
    var strict = false

    @OptionGroup var reports: ReportOptions
    @OptionGroup var display: DisplayOptions

    func run() throws {
        let merging = try readable { try Merging(try parts()) }
        let artifacts = try reports.makeArtifacts(options: [])
        for part in merging.parts { try copy(part, to: artifacts) }
        let exit = ExitStatus.exit(merging.verdicts, isStrict: strict, isIncomplete: !merging.isComplete)
        let id = artifacts.directory.split(separator: "/").last.map(String.init) ?? ""
        var document = merging.document(id: id, exit: exit, artifacts: artifacts.directory)
        document.end?.verdict = exit == 0 ? .pass : exit == 1 ? .fail : exit == 2 ? .inconclusive : .skip
        reports.write(document, to: artifacts)
        tell(document)
        if exit != 0 { throw ExitCode(exit) }
    }

    private func readable<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as MergeError {
            throw ValidationError("\(error)")
        }
    }

    /// Every shard below the directories, each once.
    private func parts() throws -> [Merging.Part] {
        var found: [String] = []
        for directory in directories {
            guard FileSystem.isDirectory(directory) else {
                throw ValidationError("'\(directory)' is no directory: name those of the shards, or one above them")
            }
            let below = Self.runs(below: directory, Self.depth)
            guard !below.isEmpty else {
                throw ValidationError("there is no run in '\(directory)': no \(RunDocument.fileName) in it or below it")
            }
            for path in below where !found.contains(path) { found.append(path) }
        }
        return try found.map { path in
            do {
                return Merging.Part(directory: path, document: try RunStore.document(in: path))
            } catch {
                throw ValidationError("'\(path)/\(RunDocument.fileName)' cannot be read: \(error)")
            }
        }
    }

    /// The directories that have a document; links such as `latest` would only show one of them twice.
    private static func runs(below directory: String, _ depth: Int) -> [String] {
        if FileSystem.exists("\(directory)/\(RunDocument.fileName)") { return [directory] }
        guard depth > 0 else { return [] }
        return FileSystem.names(in: directory).sorted().filter {
            FileSystem.linkStatus("\(directory)/\($0)")?.isDirectory == true
        }.flatMap { runs(below: "\(directory)/\($0)", depth - 1) }
    }

    private func copy(_ part: Merging.Part, to artifacts: Artifacts) throws {
        for scenario in part.document.scenarios {
            let name = scenario.directory
            // A document is somebody's file: what it names must not lead elsewhere.
            guard !name.isEmpty, !name.contains("/"), !name.hasPrefix("."),
                !FileSystem.exists("\(artifacts.directory)/\(name)")
            else { throw ValidationError("\(part.directory): '\(name)' is no directory of a scenario of its own") }
            do {
                try FileSystem.copyTree("\(part.directory)/\(name)", to: "\(artifacts.directory)/\(name)")
            } catch {
                Terminal.complain("the files of \(scenario.label) could not be copied: \(error)")
            }
        }
    }

    private func tell(_ document: RunDocument) {
        guard let end = document.end else { return }
        let text: Int32 = display.json ? 2 : 1
        let isMatrix = Set(document.scenarios.map(\.record.daemon)).count > 1
        let lines = CampaignText(document, display.detail ?? .some(.quiet), isMatrix: isMatrix).lines
        if !lines.isEmpty { Terminal.say(lines.joined(separator: "\n"), to: text) }
        let counts =
            "\(end.passed) passed, \(end.failed) failed, \(end.inconclusive) inconclusive, \(end.skipped) skipped"
        Terminal.say("\(end.verdict.mark)  \(document.scenarios.count) scenarios, checks: \(counts)", to: text)
        for line in CampaignText.unfinished(document) { Terminal.say(line, to: text) }
        Terminal.say("Artifacts: \(end.artifacts ?? "")  Seed: \(document.run.seed)", to: text)
        if display.json, let line = try? JSONLines.line(end) { Terminal.say(line) }
    }
}

import LinuxSystem
import NetnsKit
import Timeline
import Wire

/// What a run leaves for people and programs: a numbered directory with one folder for each scenario.
public struct Artifacts: Sendable {
    /// The directory of this run, such as `labrun-out/0007`.
    public let directory: String
    private let program: String
    private var options: [String]

    /// Makes the next numbered directory below a root, and lets `latest` point to it.
    ///
    /// - Parameters:
    ///   - program: what a reader can call to repeat the run; an absolute path.
    ///   - options: with which words, after the scenario's.
    public init(below root: String, program: String, options: [String]) throws(SystemError) {
        try FileSystem.makeDirectories(root)
        var number = FileSystem.names(in: root).compactMap { Int($0) }.max() ?? 0
        var name: String
        // Another run may be looking for a number at the same moment.
        repeat {
            number += 1
            name = String(repeating: "0", count: max(0, 4 - "\(number)".count)) + "\(number)"
        } while try !FileSystem.makeNewDirectory("\(root)/\(name)")
        directory = "\(root)/\(name)"
        self.program = program
        self.options = options
        // Two runs may both be the latest: either is.
        try? FileSystem.link("\(root)/latest", to: name)
    }

    /// Puts a copy of somebody's files into the directory, and has runs repeated with it.
    public func keeping(_ files: [SourceFile]) throws(SystemError) -> Artifacts {
        // A run is repeated from anywhere.
        let place = directory.hasPrefix("/") ? "" : (FileSystem.target(ofLink: "/proc/self/cwd") ?? "") + "/"
        let etc = "\(place)\(directory)/etc"
        try FileSystem.makeDirectories(etc)
        for file in files {
            try FileSystem.replace("\(etc)/\(file.name)", with: file.contents, mode: file.mode)
            try FileSystem.setMode("\(etc)/\(file.name)", file.mode)
        }
        var kept = self
        kept.options += ["--etc", etc]
        return kept
    }

    /// Writes everything that a scenario saw.
    ///
    /// - Returns: what the run's document has of it.
    @discardableResult
    public func write(_ report: ScenarioReport) throws -> ScenarioDocument {
        let name = Self.name(of: report)
        let directory = "\(self.directory)/\(name)"
        try FileSystem.makeDirectories(directory + "/files")
        let seen = Report(
            report.timeline, origin: report.origin, offsetToRealTime: report.offsetToRealTime, title: report.title,
            drawing: report.drawing(rows: 400), picturing: report.picturing)
        try write(events(report, seen), to: "\(directory)/events.ndjson")
        try write(seen.diagram + "\n", to: "\(directory)/\(Report.FileName.diagram)")
        try write(seen.picture, to: "\(directory)/\(Report.FileName.picture)")
        try FileSystem.replace("\(directory)/\(LabArtifact.capture)", with: seen.capture, mode: 0o644)
        for node in report.nodes { try write(log(of: node, report), to: "\(directory)/\(node).log") }
        for file in report.files {
            let name = file.path.split(separator: "/").last ?? "file"
            try write(file.contents, to: "\(directory)/files/\(file.node)-\(name)")
        }
        let words = (["run", report.id] + options + choices(of: report)).map(Self.quoted).joined(separator: " ")
        try FileSystem.replace(
            "\(directory)/reproduce.sh", with: Array("#!/bin/sh\nexec \(Self.quoted(program)) \(words)\n".utf8),
            mode: 0o755)
        var document = ScenarioDocument(report, directory: name, command: "labrun \(words)")
        document.files =
            FileSystem.names(in: directory).filter { $0 != "files" }.sorted()
            + FileSystem.names(in: directory + "/files").sorted().map { "files/\($0)" }
        return document
    }

    /// The words for what was drawn by chance.
    private func choices(of report: ScenarioReport) -> [String] {
        (report.seed.map { ["--seed", "\($0)"] } ?? []) + (report.phase.map { ["--phase", "\($0)"] } ?? [])
    }

    /// The directory of a scenario below that of the run: another one for each pair of daemons and each repetition.
    private static func name(of report: ScenarioReport) -> String {
        let isRepeated = report.repetition.map { "-\($0)" } ?? ""
        return "\(report.step)-\(report.scenario)\(isRepeated)"
    }

    /// Writes the document of the whole run.
    public func write(_ document: RunDocument) throws {
        try write(try JSONLines.line(document) + "\n", to: "\(directory)/\(RunDocument.fileName)")
    }

    private func events(_ report: ScenarioReport, _ seen: Report) throws -> String {
        var lines = [try JSONLines.line(ScenarioRecord(report))] + (try seen.eventLines())
        for check in report.checks {
            lines.append(try JSONLines.line(CheckRecord(check, report.id, origin: report.origin)))
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private func log(of node: String, _ report: ScenarioReport) -> String {
        report.timeline.of(node: node).events.compactMap { event -> String? in
            guard case .output(let process, _, let line) = event.kind else { return nil }
            return "\((event.time - report.origin).decimalSeconds()) \(process): \(line)\n"
        }.joined()
    }

    /// A word as a shell reads it back.
    private static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { octet in
            switch octet {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: "-_./:".utf8.contains(octet)
            }
        }
        if isPlain, !word.isEmpty { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }

    private func write(_ text: String, to path: String) throws(SystemError) {
        try FileSystem.replace(path, with: Array(text.utf8), mode: 0o644)
    }
}

/// Names of files in a scenario's directory.
public enum LabArtifact {
    public static let capture = "lan.pcapng"
}

extension ScenarioReport {
    /// How the scenario is drawn: its own nodes, its own zero, and what daemons say of their checks.
    public func drawing(rows: Int) -> Diagram.Options {
        var options = Diagram.Options(maximumRows: rows, nodes: nodes, origin: origin) { $0.scriptVerdict != nil }
        options.abridge = { ScriptVerdict(line: $0)?.description ?? $0 }
        return options
    }
}

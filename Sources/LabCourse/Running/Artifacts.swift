import Glibc
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
    private let latest: String
    private let handover: Handover

    /// Makes the next numbered directory below a root, and lets `latest` point to it.
    ///
    /// - Parameters:
    ///   - program: what a reader can call to repeat the run; an absolute path.
    ///   - options: with which words, after the scenario's.
    public init(below root: String, program: String, options: [String]) throws(SystemError) {
        handover = Handover(below: root)
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
        latest = "\(root)/latest"
        handover.share(directory)
    }

    /// Lets everybody read what the run has made, and gives it to whoever called.
    ///
    /// Until then nobody else can put anything in the place of what is written.
    public func handOver() {
        handover.giveRoot()
        handover.give(link: latest)
        handover.give(directory)
    }

    /// Makes the directory of a file that is to be written elsewhere, as the run's own are made.
    public static func makePlace(for file: String) throws(SystemError) {
        guard let slash = file.lastIndex(of: "/"), slash > file.startIndex else { return }
        let directory = String(file[..<slash])
        try Handover(below: directory).makeRoot()
        guard FileSystem.isDirectory(directory) else { throw SystemError("use \(directory)", code: ENOTDIR) }
    }

    /// The same for a file that the run has made elsewhere.
    public func handOver(_ file: String) {
        handover.give(file)
    }

    /// The directory of a run that has ended, whose reports are made again.
    public init(existing directory: String, program: String) {
        self.directory = directory
        self.program = program
        options = []
        let root = directory.lastIndex(of: "/").map { String(directory[..<$0]) } ?? "."
        latest = "\(root)/latest"
        handover = Handover(below: root)
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
        handover.share(directory)
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
        try write(Self.text(try RecordLines.lines(of: report)), to: "\(directory)/\(LabArtifact.events)")
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
        handover.share(directory)
        var document = ScenarioDocument(report, directory: name, command: "labrun \(words)")
        document.files =
            FileSystem.names(in: directory).filter { $0 != "files" }.sorted()
            + FileSystem.names(in: directory + "/files").sorted().map { "files/\($0)" }
        return document
    }

    /// Writes what there is of a scenario that no lab was made for.
    ///
    /// - Returns: the same with its directory.
    public func write(_ scenario: ScenarioDocument) throws -> ScenarioDocument {
        var scenario = scenario
        scenario.directory = scenario.record.id.split(separator: "/").joined(separator: "-")
        let directory = "\(self.directory)/\(scenario.directory)"
        try FileSystem.makeDirectories(directory)
        try write(
            Self.text(try RecordLines.lines(of: scenario)), to: "\(directory)/\(LabArtifact.events)")
        return scenario
    }

    /// The words for what this scenario had of its own: its daemons among several, and what was drawn by chance.
    private func choices(of report: ScenarioReport) -> [String] {
        (report.pairName == nil ? [] : ["--daemon", report.daemons])
            + (report.seed.map { ["--seed", "\($0)"] } ?? []) + (report.phase.map { ["--phase", "\($0)"] } ?? [])
    }

    /// The directory of a scenario below that of the run: another one for each pair of daemons and each repetition.
    private static func name(of report: ScenarioReport) -> String {
        let pair = report.pairName.map { "-\($0)" } ?? ""
        let repetition = report.repetition.map { "-\($0)" } ?? ""
        return "\(report.step)-\(report.scenario)\(pair)\(repetition)"
    }

    /// Writes the document of the whole run, and its lines.
    public func write(_ document: RunDocument) throws {
        try write(try JSONLines.line(document) + "\n", to: "\(directory)/\(RunDocument.fileName)")
        let path = "\(directory)/\(LabArtifact.events)"
        try write(Self.text(try RecordLines.beginning(document.run)), to: path)
        for scenario in document.scenarios {
            let own = try? FileSystem.read("\(directory)/\(scenario.directory)/\(LabArtifact.events)", atMost: 1 << 30)
            try FileSystem.append(path, try own ?? Array(Self.text(try RecordLines.lines(of: scenario)).utf8))
        }
        try FileSystem.append(path, Array(Self.text(try RecordLines.end(document)).utf8))
    }

    /// Writes a file of the run as a whole.
    public func write(_ text: String, as name: String) throws(SystemError) {
        try write(text, to: "\(directory)/\(name)")
    }

    private static func text(_ lines: [String]) -> String {
        lines.map { $0 + "\n" }.joined()
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
    /// In the directory of a run and in that of each scenario.
    public static let events = "events.ndjson"
}

extension ScenarioReport {
    /// How the scenario is drawn: its own nodes, its own zero, and what daemons say of their checks.
    public func drawing(rows: Int) -> Diagram.Options {
        var options = Diagram.Options(maximumRows: rows, nodes: nodes, origin: origin) { $0.scriptVerdict != nil }
        options.abridge = { ScriptVerdict(line: $0)?.description ?? $0 }
        return options
    }
}

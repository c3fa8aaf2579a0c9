import KeepalivedConfiguration
import LabCourse
import LinuxSystem
import NetnsKit
import Timeline
import Wire

/// What a configuration test said about a file.
struct TestAnswer: Sendable {
    var status: ExitStatus
    /// What was complained about, without what a daemon says of itself.
    var messages: [String]
    /// The numbers of the lines that were complained about.
    var lines: Set<Int>

    /// As keepalived writes it: `(Line 17) Unknown keyword 'foo'`, or with the file's name before the number.
    init(keepalivedLines written: [String], status: ExitStatus = .exited(code: 0)) {
        self.status = status
        messages = written
        lines = Set(written.compactMap { Self.number(in: $0, behind: "Line ") })
    }

    /// As vrrpd writes it: `FILE:17:5: error: …`, then the line and a caret.
    init(vrrpdLines written: [String], about path: String, status: ExitStatus = .exited(code: 0)) {
        self.status = status
        messages = written.filter { $0.hasPrefix(path) }
        lines = Set(messages.compactMap { Self.number(in: $0, behind: path + ":") })
    }

    private static func number(in line: String, behind mark: String) -> Int? {
        let parts = line.split(separator: mark, maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count < 2 ? nil : Int(parts[1].prefix { $0.isNumber })
    }

    /// The exit code, or the signal.
    var code: String {
        switch status {
        case .exited(let code): "\(code)"
        case .signaled(let number): "sig \(number)"
        }
    }

    /// The first complaint without the places that it begins with.
    var summary: String {
        guard let first = messages.first else { return "nothing" }
        var text = Substring(first)
        for mark in ["error: ", "warning: "] {
            if first.hasPrefix("/"), let range = text.firstRange(of: mark) { text = text[range.upperBound...] }
        }
        while text.hasPrefix("("), let end = text.firstIndex(of: ")") {
            text = text[text.index(after: end)...].drop { $0 == " " || $0 == ":" }
        }
        return String(text)
    }
}

/// A file on a node: what both tests say about it, what the catalogue says, and what a daemon makes of it.
struct Examination: Sendable {
    /// nil where keepalived is not installed.
    var keepalived: TestAnswer?
    var vrrpd: TestAnswer?
    var diagnoses: [Diagnosis]

    var codes: [MistakeCode] { Set(diagnoses.map(\.code)).sorted { $0.rawValue < $1.rawValue } }

    /// Has both tests look at a file that a node has.
    init(of path: String, among files: [SourceFile], on node: Node) async throws {
        let keepalived = ProgramNeed.keepalived.path
        if RunningProgram.isExecutable(keepalived) {
            // Its parent is outside of the node, so it does not take itself for an orphan.
            let result = try await node.run(keepalived, ["-t", "-f", path], within: .seconds(10))
            self.keepalived = result.map { TestAnswer(keepalivedLines: $0.lines, status: $0.status) }
        }
        if let program = try? DaemonPair(parsing: "ours").first.path {
            let result = try await node.run(program, ["-t", "-f", path], within: .seconds(10))
            vrrpd = result.map { TestAnswer(vrrpdLines: $0.lines, about: path, status: $0.status) }
        }
        let router = files.first { $0.path == path }.map {
            Submission.Router(
                node: node.name, interfaces: node.interfaces, reading: ConfigurationReading($0, including: files))
        }
        let submission = Submission(
            step: "step7", routers: router.map { [$0] } ?? [], files: files, machine: .present)
        diagnoses = Catalogue.diagnose(submission)
    }

    /// The lines that we complain about, by whatever means.
    var ownLines: Set<Int> { (vrrpd?.lines ?? []).union(diagnoses.flatMap(\.places).compactMap(\.line)) }

    /// One line for people; 78 columns at most.
    func row(_ title: String, fate: String) -> String {
        let answers = [keepalived?.code, vrrpd?.code].compactMap(\.self)
        let isOne = Set(answers).count == 1
        let code = codes.first.map { $0.rawValue + (codes.count > 1 ? "+" : "") } ?? "-"
        return Self.row([
            title, isOne ? answers[0] : answers.joined(separator: "/"), keepalived?.summary ?? vrrpd?.summary ?? "",
            code, fate,
        ])
    }

    static let heading = row(["FILE", "-t", "IT SAYS", "LABRUN", "WHAT HAPPENS"])

    private static func row(_ cells: [String]) -> String {
        let widths = [26, 5, 23, 7, 17]
        return zip(cells, widths).map { text, width in
            let cut = text.count < width || width == 17 ? text : String(text.prefix(width - 3)) + ".."
            return cut + String(repeating: " ", count: max(width - cut.count, 0))
        }.joined()
    }
}

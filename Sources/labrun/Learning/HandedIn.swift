import ArgumentParser
import Glibc
import LabCourse
import Labs
import LinuxSystem
import NetnsKit

/// The words that say which of somebody's files are meant, and for which step.
struct HandedIn: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "A step, such as step4, and files that stand for those of the step by their names.",
            valueName: "step-or-file"))
    var words: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("Take this file for a node's. May be repeated.", valueName: "node=path"))
    var file: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("Where your files are that the text calls /etc/keepalived.", valueName: "directory"))
    var etc = Workspace.standardDirectory

    @Option(
        name: .long,
        help: ArgumentHelp(
            "ours, keepalived, A:B for node1:node2, or the path of a program. Without it: keepalived where it is "
                + "installed, else ours.", valueName: "program"))
    var daemon: String?

    /// Keepalived is what a learner configures; where it is missing, the course's own daemon reads the same files.
    var daemonWords: String {
        daemon ?? (RunningProgram.isExecutable(ProgramNeed.keepalived.path) ? "keepalived" : "ours")
    }

    /// Reads the files.
    func examination() throws -> Examination {
        let (id, paths) = try sorted()
        let workspace = Workspace(directory: etc)
        return try readable {
            let written = try workspace.files()
            let named = try paths.map { try Self.read($0) }
            let step = try id.map(Selection.writable) ?? Self.step(for: named, written)
            var examination = Examination(step, workspace, written)
            for (file, path) in zip(named, paths) { try examination.take(file, from: path, on: nil) }
            for assignment in file { try Self.take(assignment, into: &examination) }
            return examination
        }
    }

    /// The step that is named, if one is, and the files.
    private func sorted() throws -> (step: String?, paths: [String]) {
        guard let first = words.first else { return (nil, []) }
        let isStep =
            Course.step(first) != nil || (!FileSystem.exists(first) && !first.contains("/") && first.hasPrefix("step"))
        return isStep ? (first, Array(words.dropFirst())) : (nil, words)
    }

    /// The step that files fit: the first that has not passed.
    private static func step(for named: [SourceFile], _ written: [SourceFile]) throws -> LabStep {
        let fitting = Course.steps.filter { step in
            !step.files.isEmpty && named.allSatisfy { step.place(of: $0.name, $0.text) != nil }
        }
        guard let last = fitting.last else {
            let names = named.map(\.name).joined(separator: ", ")
            throw ValidationError(
                "no step has a place for \(names): name the step, and the node with --file node1=PATH")
        }
        let progress = Progress.own
        let open = fitting.filter { !progress.hasPassed($0) }
        return open.first { named.isEmpty ? $0.missing(from: written).isEmpty : true } ?? open.first ?? last
    }

    private static func take(_ assignment: String, into examination: inout Examination) throws {
        guard let equals = assignment.firstIndex(of: "=") else {
            throw ValidationError("--file \(assignment): write it as NODE=PATH, such as node1=./keepalived.conf")
        }
        let node = String(assignment[..<equals])
        let path = String(assignment[assignment.index(after: equals)...])
        let nodes = Set(examination.step.files.flatMap(\.nodes))
        guard nodes.contains(node) else {
            let known = nodes.sorted().joined(separator: ", ")
            throw ValidationError("\(examination.step.id) has no file for '\(node)': there are \(known)")
        }
        try examination.take(try read(path), from: path, on: node)
    }

    private static func read(_ path: String) throws -> SourceFile {
        let status = FileSystem.way(to: path)?.last
        guard let status else { throw ValidationError("there is no file '\(path)'") }
        guard status.isRegular else { throw ValidationError("'\(path)' is not a file") }
        // Where another file stands for one in /etc/keepalived, whoever wrote it stands for root.
        return SourceFile(
            path, try FileSystem.read(path, atMost: Workspace.largestFile), mode: status.mode & 0o7777)
    }
}

import ArgumentParser
import LabCourse
import LinuxSystem

/// `labrun diff STEP`.
struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show how your files become the solution.",
        discussion: "Comments, blank lines and the width of spaces do not count. '-' is yours, '+' is the solution.")

    @Argument(help: "A step, such as step4.")
    var step: String

    @Option(
        name: .long,
        help: ArgumentHelp("Where your files are that the text calls /etc/keepalived.", valueName: "directory"))
    var etc = Workspace.standardDirectory

    func run() throws {
        let step = try Selection.writable(self.step)
        let files = try readable { try Workspace(directory: etc).files() }
        Terminal.say(DifferenceText(step, files).lines.joined(separator: "\n"))
    }
}

/// The way from somebody's files to the solution of a step.
struct DifferenceText {
    let lines: [String]

    init(_ step: LabStep, _ files: [SourceFile]) {
        lines = step.files.flatMap { wanted in
            Self.lines(for: wanted, files.first { $0.path == wanted.path })
        }
    }

    private static func lines(for wanted: LearnerFile, _ written: SourceFile?) -> [String] {
        let difference = wanted.difference(from: written)
        let old = written == nil ? "/dev/null" : wanted.path
        var lines = difference.unified(from: old, to: "\(wanted.path) (solution)")
        if wanted.role == .script, let written, written.mode & 0o100 == 0 {
            lines.append(
                "mode \(String(written.mode, radix: 8)): chmod \(String(wanted.mode, radix: 8)) \(wanted.path)")
        }
        return lines.isEmpty ? ["\(wanted.path) says the same as the solution"] : lines
    }
}

extension Workspace {
    /// What a command needs to find the same files again: nothing in the usual place.
    var option: String { directory == Self.standardDirectory ? "" : " --etc \(directory)" }
}

extension Selection {
    /// A step that has files to write.
    static func writable(_ id: String) throws -> LabStep {
        let step = try step(id)
        guard !step.files.isEmpty else {
            throw ValidationError("\(id) has nothing to write: labrun \(id) shows what it teaches")
        }
        return step
    }
}

import ArgumentParser
import Glibc
import LabCourse
import Labs
import LinuxSystem

/// `labrun hint STEP`.
struct Hint: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say a little more each time; the last hint is the way to the solution.")

    @Argument(help: "A step, such as step4; without it the next that has not passed.")
    var step: String?

    @Option(name: .long, help: ArgumentHelp("This hint instead of the next.", valueName: "number"))
    var level: Int?

    @Option(
        name: .long,
        help: ArgumentHelp("Where your files are that the text calls /etc/keepalived.", valueName: "directory"))
    var etc = Workspace.standardDirectory

    func run() throws {
        let progress = Progress.own
        let writable = Course.steps.filter { !$0.files.isEmpty }
        let chosen = try step.map(Selection.step) ?? progress.next(of: writable) ?? writable.last
        guard let chosen, !chosen.files.isEmpty else {
            throw ValidationError("\(step ?? "this course") has nothing to write: labrun \(step ?? "all") shows it")
        }
        let ladder = HintLadder(chosen)
        if let level, !(1...ladder.count).contains(level) {
            throw ValidationError("--level \(level): \(chosen.id) has the hints 1 to \(ladder.count)")
        }
        let next = level ?? min((progress.steps[chosen.id]?.hint ?? 0) + 1, ladder.count)
        let workspace = Workspace(directory: etc)
        let files = try readable { try workspace.files() }
        Terminal.say(ladder.text(of: next, files, workspace).joined(separator: "\n"))
        Progress.update { $0.note(hint: next, for: chosen.id) }
    }
}

/// The hints of a step, each saying more than the one before.
struct HintLadder {
    private let step: LabStep

    init(_ step: LabStep) {
        self.step = step
    }

    /// The step's own hints, or what its files show when it has none; then the difference to the solution.
    var count: Int { max(step.hints.count, 2) + 1 }

    /// A hint, from 1.
    func text(of level: Int, _ files: [SourceFile], _ workspace: Workspace = Workspace()) -> [String] {
        let heading = "Hint \(level) of \(count) for \(step.id)"
        if level == count {
            return ["\(heading): from your files to the solution", ""] + DifferenceText(step, files).lines
        }
        let body = step.hints.isEmpty ? own(level, files) : Terminal.wrapped(step.hints[level - 1], indent: 2)
        let next =
            level + 1 == count
            ? "The next one is the difference to the solution."
            : "More: labrun hint \(step.id)\(workspace.option)"
        return [heading, ""] + body + ["", next]
    }

    /// For a step that brings no hints: first where to look, then what to do there.
    private func own(_ level: Int, _ files: [SourceFile]) -> [String] {
        let found = Diagnosis.merged(Catalogue.diagnose(step.submission(files)), [])
        if let missing = step.missing(from: files).first {
            return Terminal.wrapped(
                "\(missing.path) is not there yet: labrun describe \(step.id) says what it must do.", indent: 2)
        }
        guard !found.isEmpty else {
            return Terminal.wrapped(
                "The files show nothing wrong by themselves: labrun check \(step.id) runs them. \(step.goal)", indent: 2
            )
        }
        guard level == 1 else {
            return found.flatMap { Terminal.wrapped("\($0.code.rawValue): \($0.remedy)", indent: 2) }
        }
        return found.flatMap { diagnosis in
            let place =
                diagnosis.places.first.map { "\($0.file)\($0.line.map { ", line \($0)" } ?? "")" } ?? "your files"
            return Terminal.wrapped("Look at \(place): labrun explain \(diagnosis.code.rawValue)", indent: 2)
        }
    }
}

/// Reads somebody's files, or says in one sentence why that is not possible.
func readable<Result>(_ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch let error as SystemError where error.code == EFBIG {
        throw ValidationError("\(error): the files of a step have at most \(Workspace.largestFile) octets")
    } catch let error as SystemError {
        Terminal.complain("your files cannot be read (\(error)): run as root, or name another place with --etc")
        throw ExitCode(ExitStatus.notReady.rawValue)
    }
}

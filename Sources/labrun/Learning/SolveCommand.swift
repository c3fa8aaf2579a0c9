import ArgumentParser
import LabCourse
import LinuxSystem

/// `labrun solve STEP`.
struct Solve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the solution of a step, and keep what was there as NAME.bak-N")

    @OptionGroup var place: WritingPlace

    func run() throws {
        let step = try Selection.writable(place.step)
        try place.write(step.files.map(\.solved))
        Terminal.say("Next: labrun check \(step.id)\(place.workspace.option)")
    }
}

/// `labrun reset STEP`.
struct Reset: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the beginning of a step, which does not pass yet, and keep what was there as NAME.bak-N")

    @OptionGroup var place: WritingPlace

    func run() throws {
        let step = try Selection.writable(place.step)
        try place.write(step.files.map(\.begun))
        Progress.update { $0.steps[step.id] = nil }
        Terminal.say("Next: labrun check \(step.id)\(place.workspace.option)")
    }
}

/// Where a step's files are written.
struct WritingPlace: ParsableArguments {
    @Argument(help: "A step, such as step4.")
    var step: String

    @Option(
        name: .long,
        help: ArgumentHelp("Where to write what the text calls /etc/keepalived.", valueName: "directory"))
    var etc = Workspace.standardDirectory

    var workspace: Workspace { Workspace(directory: etc) }

    /// Writes the files one after the other and says what was done; an error ends it with everything kept.
    func write(_ files: [SourceFile]) throws {
        for file in files {
            do {
                let written = try workspace.write(file)
                let old = written.backup.map { "\n  what was there is \($0)" } ?? ""
                Terminal.say(
                    written.isNew ? "wrote \(written.place)\(old)" : "\(written.place) is that already")
            } catch {
                Terminal.complain(
                    "\(workspace.place(of: file.path)) could not be written and is as before (\(error)): "
                        + "run as root, or name another place with --etc")
                throw ExitCode(ExitStatus.notReady.rawValue)
            }
        }
    }
}

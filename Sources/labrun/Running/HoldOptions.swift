import ArgumentParser
import Glibc
import LabCourse

/// Whether a lab stays when its scenario has ended.
struct HoldOptions: ParsableArguments {
    @Flag(name: .long, help: "Stop when a scenario has failed, with its lab as it is, and offer shells in its nodes.")
    var pauseOnFail = false

    @Flag(
        name: .long,
        help: "Let a single scenario's lab stay: labrun look, sh, capture ... work on it until labrun down or Ctrl-C.")
    var keep = false

    @Option(name: .long, help: ArgumentHelp("With --keep: what to call the lab that stays.", valueName: "name"))
    var name = SessionDirectory.standardName

    func validate() throws {
        guard !pauseOnFail || isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 else {
            throw ValidationError("--pause-on-fail asks what to do, and here is no terminal to ask at")
        }
        guard !keep || !pauseOnFail else { throw ValidationError("--keep and --pause-on-fail contradict each other") }
        guard SessionDirectory.isName(name) else {
            throw ValidationError("--name \(name): up to 24 small letters, digits and dashes are wanted")
        }
    }

    /// Refuses what cannot be kept.
    func check(_ jobs: [Runner.Job]) throws {
        guard !keep || jobs.count == 1 else {
            throw ValidationError("--keep is for one scenario, and these are \(jobs.count): name it, as in step2/crash")
        }
    }

    /// Runs one at a time when somebody is asked after each.
    func width(_ wanted: Int) -> Int { pauseOnFail ? 1 : wanted }

    /// What is done with a lab whose scenario has ended; nothing when nil.
    ///
    /// - Parameter descriptor: where text goes.
    func hold(to descriptor: Int32) -> (@Sendable (Runner.Job, ScenarioRun) async -> Void)? {
        if pauseOnFail { return { await PausedLab($0, $1).ask() } }
        if keep { return { [name] in await KeptLab(name, $0, $1, descriptor).stay() } }
        return nil
    }
}

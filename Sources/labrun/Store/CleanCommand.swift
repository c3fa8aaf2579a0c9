import ArgumentParser
import LabCourse
import LinuxSystem

/// `labrun clean`.
struct Clean: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Remove old runs, and nothing else.",
        discussion: """
            A run is a directory with a number for a name and a run.json in it; no link is followed. Labs leave \
            nothing on a machine that would have to be cleaned.
            """)

    @OptionGroup var place: StorePlace

    @Option(name: .long, help: ArgumentHelp("How many of the last runs stay.", valueName: "count"))
    var keep = RunStore.keptRuns

    @Flag(name: .long, help: "Say what would be removed, and remove nothing.")
    var dryRun = false

    func validate() throws {
        guard keep >= 0 else { throw ValidationError("--keep \(keep): it must be 0 or more") }
    }

    func run() throws {
        let surplus = place.store.surplus(keeping: keep)
        var failures = 0
        for run in surplus {
            do {
                if !dryRun { try FileSystem.removeTree(run.directory) }
                Terminal.say("\(dryRun ? "would remove" : "removed") \(run.directory)")
            } catch {
                failures += 1
                Terminal.complain("\(run.directory) could not be removed: \(error)")
            }
        }
        if surplus.isEmpty { Terminal.say("nothing to remove in \(place.artifacts): at most \(keep) runs are there") }
        if failures > 0 { throw ExitCode(ExitStatus.notReady.rawValue) }
    }
}

import ArgumentParser
import LabCourse
import LinuxSystem
import NetnsKit

/// What a run leaves, and where.
struct ReportOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("artifacts")],
        help: ArgumentHelp("Where reports, events, captures and logs go.", valueName: "directory"))
    var artifacts = "labrun-out"

    func validate() throws {
        guard !artifacts.isEmpty else { throw ValidationError("-o needs a directory") }
    }

    /// Makes the run's directory.
    ///
    /// - Parameter options: the words that repeat a scenario as it was, after its name.
    func makeArtifacts(options: [String]) throws -> Artifacts {
        do {
            return try Artifacts(below: artifacts, program: RunningProgram.path, options: options)
        } catch {
            throw ValidationError("'\(artifacts)' cannot take the artifacts (\(error)): choose another with -o")
        }
    }

    /// Writes what a run leaves as a whole, when it has ended.
    func write(_ document: RunDocument, to artifacts: Artifacts) {
        do {
            try artifacts.write(document)
        } catch {
            Terminal.complain("the run's document could not be written: \(error)")
        }
    }
}

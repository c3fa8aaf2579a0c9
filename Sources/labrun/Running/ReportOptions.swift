import ArgumentParser
import LabCourse
import LabReport
import LinuxSystem
import NetnsKit

/// What a run leaves, and where.
struct ReportOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("artifacts")],
        help: ArgumentHelp("Where reports, events, captures and logs go.", valueName: "directory"))
    var artifacts = "labrun-out"

    @Option(
        name: .long,
        help: ArgumentHelp("Write the page for people here as well as into the run's directory.", valueName: "file"))
    var html: String?

    func validate() throws {
        guard !artifacts.isEmpty else { throw ValidationError("-o needs a directory") }
        guard html != "" else { throw ValidationError("--html needs a file") }
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
        do {
            try document.writePage("\(artifacts.directory)/\(HTMLReport.fileName)", of: artifacts.directory)
            if let html { try document.writePage(html, of: artifacts.directory) }
        } catch {
            Terminal.complain("the page could not be written: \(error)")
        }
    }
}

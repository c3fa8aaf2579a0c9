import ArgumentParser
import LabCourse
import LinuxSystem

/// `labrun report [RUN]`.
struct RebuildReport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Make the reports of a run again, from its run.json and the files beside it.")

    @Argument(
        help: ArgumentHelp(
            "The number of a run, or its directory; the last one when missing.", valueName: "run"))
    var which: String?

    @OptionGroup var reports: ReportOptions

    func run() throws {
        let directory: String
        do {
            directory = try RunStore(below: reports.artifacts).directory(of: which)
        } catch {
            throw ValidationError("\(error)")
        }
        let document: RunDocument
        do {
            document = try RunStore.document(in: directory)
        } catch {
            throw ValidationError("'\(directory)/\(RunDocument.fileName)' cannot be read: \(error)")
        }
        reports.write(document, to: Artifacts(existing: directory, program: RunningProgram.path))
        Terminal.say("Reports: \(directory)")
    }
}

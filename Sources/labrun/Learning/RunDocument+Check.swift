import LabCourse
import Timeline
import Wire

extension RunDocument {
    /// The document of a check that has ended: with the files, and what is wrong with them.
    func ended(
        _ outcome: CheckOutcome, _ examination: Examination, _ time: Duration, _ artifacts: Artifacts
    ) -> RunDocument {
        var document = self
        document.diagnoses = outcome.diagnoses
        let nodes = Dictionary(examination.step.files.map { ($0.path, $0.nodes) }) { first, _ in first }
        let order = Dictionary(examination.step.files.enumerated().map { ($1.path, $0) }) { first, _ in first }
        let files = examination.files.sorted {
            (order[$0.path] ?? .max, $0.path) < (order[$1.path] ?? .max, $1.path)
        }
        document.files = files.map { file in
            FileRecord(path: file.path, nodes: nodes[file.path] ?? [], text: file.text)
        }
        let exit = ExitStatus(outcome.verdict).rawValue
        var end = EndRecord(
            outcome.checks.map(\.verdict), seconds: time.inSeconds, exit: exit, artifacts: artifacts.directory)
        // A mistake that no scenario shows is a failure all the same.
        end.verdict = outcome.verdict
        document.end = end
        return document
    }
}

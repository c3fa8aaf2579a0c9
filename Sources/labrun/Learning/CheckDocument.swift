import LabCourse
import Timeline
import Wire

/// A check as one JSON document.
struct CheckDocument: Encodable {
    /// A file of the step and where it was read.
    struct File: Encodable {
        var path: String
        var place: String
        var nodes: [String]
        var isWritten: Bool
    }

    /// What the daemon's own test said.
    struct Test: Encodable {
        var node: String
        var lines: [String]
        var exit: Int32?
    }

    var v = 1
    var kind = "check-files"
    var step: String
    var files: [File]
    var diagnoses: [Diagnosis]
    var verdict: Verdict
    var daemons: String?
    var tests: [Test] = []
    var checks: [CheckRecord] = []
    var seconds: Double?
    var artifacts: String?

    init(_ examination: Examination, _ diagnoses: [Diagnosis], verdict: Verdict) {
        step = examination.step.id
        let missing = Set(examination.missing.map(\.path))
        files = examination.step.files.map { file in
            File(
                path: file.path, place: examination.place(of: file.path), nodes: file.nodes,
                isWritten: !missing.contains(file.path))
        }
        self.diagnoses = diagnoses
        self.verdict = verdict
    }

    mutating func add(
        _ outcome: CheckOutcome, _ tests: [ConfigurationTest], _ daemons: DaemonPair, _ time: Duration,
        _ directory: String
    ) {
        self.daemons = "\(daemons)"
        self.tests = tests.map { Test(node: $0.node, lines: $0.lines, exit: $0.exit) }
        checks = outcome.reports.flatMap { report in
            report.checks.map { CheckRecord($0, report.id, origin: report.origin) }
        }
        seconds = time.inSeconds
        artifacts = directory
    }
}

import ArgumentParser
import LabCourse
import NetnsKit

/// `labrun doctor`: every need of a lab, probed by doing it.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check that this machine can run labs, and how fast it makes them.")

    @Flag(name: .long, help: "Write one JSON document.")
    var json = false

    func run() async throws {
        // Inside the sandbox nobody sees what runs around it.
        if !Sandbox.isInside { Probe.rememberStrays() }
        do {
            try enterSandbox()
        } catch let error as LabError where error.concernsMachine {
            try tell(Probe.refusal(error) + Probe.strays())
        }
        try tell(
            try await interruptible {
                await Probe.features() + Probe.lab() + Probe.daemons() + Probe.tools() + Probe.strays()
            })
    }

    private func tell(_ findings: [Finding]) throws {
        let failures = findings.count { $0.verdict == .fail }
        let warnings = findings.count { $0.verdict == .inconclusive }
        if json {
            Terminal.say(try JSONLines.line(findings))
        } else {
            Terminal.say("labrun \(Labrun.version) on \(Probe.system())\n")
            for finding in findings { Terminal.say(finding.line) }
            Terminal.say("\n\(failures) failed, \(warnings) warnings.")
        }
        if failures > 0 { throw ExitCode(ExitStatus.notReady.rawValue) }
    }
}

/// What the doctor found out about one need.
struct Finding: Encodable {
    var subject: String
    /// Inconclusive stands for a warning: labs run, but not all that the text speaks of.
    var verdict: Verdict
    var observed: String
    /// What to do about it.
    var remedy: String?
    /// The mistake that it is, when the catalogue has it.
    var code: MistakeCode?

    init(
        _ subject: String, _ verdict: Verdict, _ observed: String, remedy: String? = nil, code: MistakeCode? = nil
    ) {
        self.subject = subject
        self.verdict = verdict
        self.observed = observed
        self.remedy = remedy
        self.code = code
    }

    /// A mistake of the machine, under a name of the doctor's.
    init(_ subject: String, _ verdict: Verdict, _ diagnosis: Diagnosis) {
        self.init(subject, verdict, diagnosis.sentence, remedy: diagnosis.remedy, code: diagnosis.code)
    }

    var line: String {
        let mark = verdict == .pass ? "ok" : verdict == .fail ? "FAIL" : "warn"
        let first = Terminal.wrapped(observed, after: "  " + Terminal.column(mark, 6) + Terminal.column(subject, 24))
        // Of several lines all but the first are commands.
        let fix = remedy.map { ["        fix: " + $0.split(separator: "\n").joined(separator: "\n          ")] } ?? []
        let why = code.map { ["        why: labrun explain \($0.rawValue)"] } ?? []
        return (first + fix + why).joined(separator: "\n")
    }
}

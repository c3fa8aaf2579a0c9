import LabCourse
import Labs

/// What the self-test found about one mistake, or about one step.
struct SelftestResult: Sendable {
    var id: String
    var title: String
    var isMistake: Bool
    /// How many of the specimens were told from their files, or whether the beginning fails.
    var files: String
    /// How many were told when run, or whether the solution passes.
    var run = "-"
    var verdict: Verdict
    var complaints: [String]
    var specimenCount: Int

    static let heading = line(["CODE", "MISTAKE OR STEP", "FILES", "RUN", "RESULT"])

    /// Looks at a mistake's specimens, and at nothing else.
    init(examining mistake: Mistake) {
        let findings = mistake.specimens.map { SpecimenFinding($0, of: mistake) }
        let inFiles = findings.filter(\.isFoundInFiles)
        id = mistake.code.rawValue
        title = mistake.name
        isMistake = true
        specimenCount = mistake.specimens.count
        files = inFiles.isEmpty ? "-" : "\(inFiles.count { $0.complaint == nil }) of \(inFiles.count)"
        complaints = findings.compactMap(\.complaint)
        verdict = findings.isEmpty ? .skip : complaints.isEmpty ? .pass : .fail
    }

    /// Looks at the beginning and the solution of a step.
    init(examining step: LabStep) {
        let beginning = Self.codes(of: step.files.map(\.begun), step) { $0.severity == .error }
        let solution = Self.codes(of: step.files.map(\.solved), step) { _ in true }
        id = step.id
        title = step.title
        isMistake = false
        specimenCount = 0
        files = beginning.isEmpty ? "unclear" : "fails"
        complaints = solution.isEmpty ? [] : ["the solution has \(solution.joined(separator: ", "))"]
        verdict = solution.isEmpty ? .pass : .fail
    }

    private static func codes(
        of files: [SourceFile], _ step: LabStep, where counts: (Diagnosis) -> Bool
    ) -> [String] {
        Set(Catalogue.diagnose(step.submission(files)).filter(counts).map(\.code.rawValue)).sorted()
    }

    /// Adds what running it showed.
    mutating func note(_ outcomes: [SelftestOutcome]) {
        guard !outcomes.isEmpty else { return }
        specimenCount += outcomes.count { $0.isOfMachine }
        complaints += outcomes.compactMap(\.complaint)
        verdict = ([verdict] + outcomes.map(\.verdict)).max() ?? verdict
        let good = outcomes.count { $0.verdict <= .pass }
        run = isMistake ? "\(good) of \(outcomes.count)" : good == outcomes.count ? "passes" : "FAILS"
    }

    /// The result as a scenario, with a check for each complaint, or one that all is well.
    func document(daemon: String, started: Double) -> ScenarioDocument {
        let id = "selftest/\(self.id)"
        let claim = isMistake ? "it gets its own name and no other" : "its beginning fails, and its solution passes"
        let told = complaints.isEmpty ? ["files: \(files), run: \(run)"] : complaints
        let checks = told.map { told in
            CheckRecord(id: id, title: claim, verdict: verdict, expected: "", observed: told)
        }
        let record = ScenarioRecord(
            id: id, title: title, daemon: daemon, variant: .yours, verdict: verdict, started: started, length: 0)
        return ScenarioDocument(
            record: record, checks: checks, directory: "", command: "labrun selftest --only \(self.id)")
    }

    /// A line of the table, and what is wrong below it.
    var lines: String {
        let mark = verdict == .pass ? "ok" : verdict.mark
        let first = Self.line([id, title, files, run, mark])
        return ([first] + complaints.flatMap { Terminal.wrapped($0, indent: 8) }).joined(separator: "\n")
    }

    private static func line(_ cells: [String]) -> String {
        let widths = [7, 44, 10, 10]
        let columns = zip(cells, widths).map { Terminal.column(Terminal.fitted($0, to: $1 - 1), $1) }
        return " " + columns.joined() + (cells.last ?? "")
    }
}

/// What files alone say about a specimen, beside what they should.
private struct SpecimenFinding {
    var isFoundInFiles: Bool
    var complaint: String?

    init(_ specimen: Specimen, of mistake: Mistake) {
        isFoundInFiles = specimen.isFoundInFiles
        guard let step = Course.step(specimen.step) else {
            complaint = "\(specimen.id): there is no \(specimen.step)"
            return
        }
        let found = Set(Catalogue.diagnose(step.submission(step.files(of: specimen))).map(\.code))
        let expected: Set<MistakeCode> = isFoundInFiles ? [mistake.code] : []
        complaint = SelftestOutcome.complaint(specimen.id, "files", found, expected)
    }
}

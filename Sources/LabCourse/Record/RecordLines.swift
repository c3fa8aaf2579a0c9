import NetnsKit
import Timeline
import Wire

/// A run as machines follow it, one JSON object on each line, without line ends: first the run, then for each scenario
/// what it came to, what happened and its checks, then mistakes in files, and last the end.
public enum RecordLines {
    /// The first line.
    public static func beginning(_ run: RunRecord) throws -> [String] {
        [try JSONLines.line(run)]
    }

    /// A scenario with everything that happened in its lab.
    public static func lines(of report: ScenarioReport) throws -> [String] {
        let events = try report.timeline.map { try JSONLines.line(EventRecord($0, origin: report.origin)) }
        return try lines(of: ScenarioDocument(report, directory: "", command: ""), events)
    }

    /// A scenario.
    ///
    /// - Parameter events: the lines of what happened.
    public static func lines(of scenario: ScenarioDocument, _ events: [String] = []) throws -> [String] {
        let stalls = scenario.stalls.map { StallLine($0, affects: [scenario.record.id]) }
        return [try JSONLines.line(scenario.record)] + events + (try stalls.map { try JSONLines.line($0) })
            + (try scenario.checks.map { try JSONLines.line($0) })
    }

    /// The last lines; without an end when the run was cut off.
    public static func end(_ document: RunDocument) throws -> [String] {
        try document.diagnoses.map { try JSONLines.line(DiagnosisLine($0)) }
            + (try document.end.map { [try JSONLines.line($0)] } ?? [])
    }
}

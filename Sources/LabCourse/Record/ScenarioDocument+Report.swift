import Timeline
import Wire

extension ScenarioDocument {
    /// What a run's document keeps of a scenario.
    ///
    /// - Parameters:
    ///   - directory: where its files are, below the run's directory.
    ///   - command: what repeats it.
    public init(_ report: ScenarioReport, directory: String, command: String) {
        let stalls = report.timeline.compactMap { event -> StallRecord? in
            guard case .stall(let length) = event.kind else { return nil }
            return StallRecord(t: (event.time - report.origin).inSeconds, length: length.inSeconds)
        }
        self.init(
            record: ScenarioRecord(report),
            checks: report.checks.map { CheckRecord($0, report.id, origin: report.origin) },
            stalls: stalls, moments: MomentRecord.moments(of: report.timeline, origin: report.origin),
            routers: report.routers.map(RouterRecord.init), table: report.table, directory: directory,
            command: command,
            earlier: report.earlier.isEmpty
                ? nil : report.earlier.map { CheckRecord($0, report.id, origin: report.origin) })
    }
}

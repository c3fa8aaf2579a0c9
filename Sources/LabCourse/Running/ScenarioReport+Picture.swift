import Timeline
import Wire

extension ScenarioReport {
    /// Programs of a lab that write a line for each call of a notify script, or for each webhook that came.
    public static let tellers: Set<String> = ["state-log", "webhook"]

    /// How the scenario's picture is drawn: with what daemons say of themselves, and with what theory expects.
    public var picturing: Swimlanes.Options {
        Swimlanes.Options(width: 1000, expectations: expectations) { Self.sign(of: $0) }
    }

    /// What the routers were and who had the addresses, in a few lines of ASCII; none when no router did anything.
    public func strip(width: Int) -> [String] {
        StateStrip(timeline, nodes: nodes, origin: origin, width: width) { Self.sign(of: $0) }.lines
    }

    /// What a program's line says of a router, its checks, or its scripts.
    static func sign(of event: TimelineEvent) -> Swimlanes.Sign? {
        guard case .output(let process, _, let line) = event.kind else { return nil }
        if tellers.contains(process) { return told(line) }
        if let verdict = ScriptVerdict(line: line) {
            return .result("\(verdict)", isGood: verdict.isGood)
        }
        return state(line)
    }

    /// Reads a line such as `(VI_1) Entering MASTER STATE`.
    private static func state(_ line: String) -> Swimlanes.Sign? {
        guard let entering = line.firstRange(of: ") Entering "), line.contains(" STATE") else { return nil }
        let before = line[..<entering.lowerBound]
        guard let opening = before.lastIndex(of: "(") else { return nil }
        let word = line[entering.upperBound...].prefix { $0 != " " }
        return .state(String(word), router: String(before[opening...].dropFirst()))
    }

    /// A call as its script wrote it down, or as it came over the network; other requests are none.
    private static func told(_ line: String) -> Swimlanes.Sign? {
        if line.hasPrefix("webhook "), !line.contains(" POST ") { return nil }
        return .told("told: \(line.prefix(120))")
    }
}

import KeepalivedConfiguration
import NetnsKit
import Timeline
import VRRPCore
import Wire

/// Tells a scenario's story, with the reason for what will follow below each fault.
public struct Storyteller: Sendable {
    private var narration: Narration
    private let run: ScenarioRun

    /// When the first line that waits can be told; nil when none waits.
    public var due: Instant? { narration.due }

    public init(_ run: ScenarioRun) {
        self.run = run
        let topology = run.lab.topology
        let places = topology.nodes.flatMap { node in
            node.interfaces.flatMap { $0.prefixes.map { ($0.address, node.name) } }
        }
        let routers = run.routers.flatMap { run.reading(of: $0)?.routers ?? [] }
        let addresses = routers.flatMap { $0.addresses + $0.excludedAddresses }.map(\.prefix.address)
        narration = Narration(
            Narration.Cast(
                origin: run.lab.start, places: Dictionary(places, uniquingKeysWith: { first, _ in first }),
                daemons: Self.daemons(run), addresses: Set(addresses)))
    }

    /// Takes note of an event.
    public mutating func note(_ event: TimelineEvent) {
        narration.note(event)
        guard case .fault(let text) = event.kind, let fault = run.lab.faultHistory.last(where: { "\($0)" == text })
        else { return }
        let reason = FaultReason(
            routers: readings.mapValues(\.routers), checks: readings.mapValues(\.result.configuration.router.scripts),
            daemons: Self.daemons(run), masters: narration.masters(at: event.time))
        if let why = reason.text(of: fault) { narration.add("why", why, at: event.time) }
    }

    /// What can be told: everything that is older than an instant, in the order of time; everything when nil.
    public mutating func lines(before limit: Instant? = nil) -> [Narration.Line] {
        narration.lines(before: limit)
    }

    private var readings: [String: ConfigurationReading] {
        Dictionary(uniqueKeysWithValues: run.routers.compactMap { node in run.reading(of: node).map { (node, $0) } })
    }

    private static func daemons(_ run: ScenarioRun) -> [String: String] {
        Dictionary(uniqueKeysWithValues: run.routers.map { ($0, run.program(of: $0).process) })
    }
}

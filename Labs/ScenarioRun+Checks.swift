import KeepalivedConfiguration
import LabCourse
import NetnsKit
import Timeline
import VRRPCore
import Wire

/// A check of a node that stands for its service, with everything that bounds are made from.
struct ServiceCheck: Hashable, Sendable {
    var name: String
    var interval: Duration
    var fall: Int
    var rise: Int
    /// 0 is a fault of the node.
    var weight: Int

    /// From the service's end to the moment when the daemon counts it as failed: the first run may follow at once or
    /// a whole interval later, and a run takes a moment.
    var failure: ClosedRange<Duration> { interval * (fall - 1)...interval * fall + .milliseconds(250) }
    /// From the service's return to the moment when it counts as well again, at the latest.
    var recovery: Duration { interval * rise + .milliseconds(250) }
}

extension ScenarioRun {
    /// The service that the lab's checks look for.
    static let service = "haproxy"

    /// Starts the service on the nodes that run a daemon.
    func startServices() throws {
        for node in routers { try lab[node].start(LabFile.service, as: Self.service) }
    }

    /// Ends a node's service.
    func killService(on node: String) throws -> Instant {
        try lab.inject(.kill(ProcessName(Self.service, on: node), .tree)).began
    }

    /// The check of a node that looks for the service: the one whose command names it, else the first.
    func serviceCheck(of node: String) throws -> ServiceCheck {
        let router = try router(of: node)
        let configuration = reading(of: node)?.result.configuration
        let tracked = router.trackedScripts
        let commands = Dictionary((configuration?.scripts ?? []).map { ($0.name, $0) }) { first, _ in first }
        let chosen = tracked.first {
            commands[$0.name]?.command.arguments.contains { $0.contains(Self.service) } ?? false
        }
        let item = chosen ?? tracked.first
        let counts = item.flatMap { item in configuration?.router.scripts.first { $0.name == item.name } }
        guard let item, let counts, let script = commands[item.name] else {
            try demand(
                "\(node) checks its service", false, expected: "a vrrp_script, and its name in track_script",
                observed: "no check is tracked")
            return ServiceCheck(name: "", interval: .zero, fall: 1, rise: 1, weight: 0)
        }
        return ServiceCheck(
            name: item.name, interval: script.interval, fall: max(counts.fall, 1), rise: max(counts.rise, 1),
            weight: item.weight)
    }
}

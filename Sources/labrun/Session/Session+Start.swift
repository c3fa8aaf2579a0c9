import LabCourse
import LinuxSystem
import NetnsKit
import Timeline
import VRRPCore
import Wire

extension Session {
    /// Waits until every daemon says in which state it is, and until every address has an owner.
    ///
    /// - Returns: what does not run as it should, in sentences.
    func awaitStart() async -> [String] {
        let daemons = run.routers.map(daemon)
        let start = lab.start
        _ = try? await lab.expect("every daemon says its state", within: Self.patience, since: start) { timeline, _ in
            daemons.reduce(timeline.first) { last, daemon in last == nil ? nil : daemon.settled(in: timeline) }
        }
        var complaints = daemons.compactMap { $0.complaint(lab.timeline) }
        complaints += await awaitOwners(of: addresses(where: { node in !complaints.contains { $0.hasPrefix(node) } }))
        return complaints
    }

    /// Waits until a node's daemon, which was started again, says in which state it is.
    ///
    /// - Returns: why it does not.
    func awaitState(of node: String, since start: Instant) -> String? {
        let daemon = daemon(of: node)
        _ = awaiting { [lab] in
            try? await lab.expect("the daemon of \(node) says its state", within: Self.patience, since: start) {
                timeline, start in
                daemon.settled(in: timeline[start...])
            }
        }
        return daemon.complaint(lab.timeline[start...])
    }

    private func daemon(of node: String) -> StartingDaemon {
        StartingDaemon(
            node: node, process: run.program(of: node).process,
            instances: Set(routers(of: node).map(\.name)))
    }

    /// How long a daemon may take to say anything: some wait for the first results of their checks.
    private static let patience: Duration = .seconds(10)

    /// The virtual addresses of those nodes' instances, each once.
    func addresses(where isWanted: (String) -> Bool = { _ in true }) -> [IPAddress] {
        var seen: Set<IPAddress> = []
        return run.routers.filter(isWanted).flatMap { routers(of: $0) }
            .flatMap { $0.addresses + $0.excludedAddresses }.map(\.prefix.address)
            .filter { seen.insert($0).inserted }
    }

    private func awaitOwners(of addresses: [IPAddress]) async -> [String] {
        guard !addresses.isEmpty else { return [] }
        let all = run.routers.flatMap { routers(of: $0) }
        let silence = all.map { ConfigurationReading.times(of: $0).masterDown(1) + $0.advertisementInterval }.max()
        let limit = (silence ?? .seconds(4)) + .seconds(1)
        let begin = lab.start
        let isOwned = { @Sendable (address: IPAddress, timeline: Timeline) in
            timeline.ownership(of: address).contains { $0.until == nil }
        }
        let owned = try? await lab.expect(
            "every address has an owner", within: lab.elapsed(since: begin) + limit, since: begin
        ) {
            timeline, _ in
            addresses.allSatisfy { isOwned($0, timeline) } ? timeline.last : nil
        }
        guard owned == nil else { return [] }
        let timeline = lab.timeline
        return addresses.filter { !isOwned($0, timeline) }.map {
            "nobody has \($0) after \(lab.elapsed(since: begin).text): labrun look shows the routers' states"
        }
    }
}

/// A daemon that was started and has not settled yet.
private struct StartingDaemon: Sendable {
    var node: String
    var process: String
    /// The names of its virtual routers.
    var instances: Set<String>

    /// The event with which every instance had a state, or the daemon had ended; a daemon without instances has
    /// settled when it writes anything.
    func settled(in timeline: Timeline) -> TimelineEvent? {
        var missing = instances
        for event in timeline where event.node == node {
            switch event.kind {
            case .exited(process, _): return event
            case .output(process, _, let line):
                if let state = StateLine(line) { missing.remove(state.name) }
                if missing.isEmpty { return event }
            default: continue
            }
        }
        return nil
    }

    func complaint(_ timeline: Timeline) -> String? {
        guard let program = ProgramHistory(timeline).program(process, on: node) else {
            return "\(node): \(process) was not started"
        }
        let words = LastWords.telling(program.lastLines).map { "\n" + $0 }.joined()
        if let end = program.end { return "\(node): \(process) has ended (\(end))\(words)" }
        if instances.isEmpty { return "\(node): its configuration has no instance that can run" }
        return settled(in: timeline) == nil ? "\(node): \(process) has not said in which state it is\(words)" : nil
    }
}

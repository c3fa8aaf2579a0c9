import KeepalivedConfiguration
import LabCourse
import NetnsKit
import Timeline
import VRRPCore
import Wire

// What every scenario of the capstone begins with, and what its bounds are made of.
extension ScenarioRun {
    // MARK: What the files say

    /// The virtual router of a balancer that has an address, whatever its file calls it.
    func router(for address: IPAddress, on node: String) throws -> VirtualRouterConfiguration {
        let found = reading(of: node)?.routers.first { $0.allAddresses.contains { $0.prefix.address == address } }
        return try found ?? router(of: node, named: "with the address \(address)")
    }

    /// The protocol's times of the virtual router that has an address.
    func times(for address: IPAddress, on node: String) throws -> ProtocolTimes {
        ConfigurationReading.times(of: try router(for: address, on: node))
    }

    /// How long a balancer waits for a silent master before it takes an address itself.
    func patience(for address: IPAddress, on node: String) throws -> Duration {
        let router = try router(for: address, on: node)
        return ConfigurationReading.times(of: router).masterDown(Int(router.priority.rawValue))
    }

    /// How long a balancer waits after another one has resigned.
    func skew(for address: IPAddress, on node: String) throws -> Duration {
        let router = try router(for: address, on: node)
        return ConfigurationReading.times(of: router).skew(Int(router.priority.rawValue))
    }

    /// How long the web addresses' checks may take to find a fault on lb1.
    ///
    /// - Parameter isSilent: when the service gives no answer at all, each run takes as long as it may.
    /// - Returns: nil when no check can find it; a failed check says so.
    func detection(isSilent: Bool = false) throws -> Duration? {
        let router = try router(for: CapstoneNetwork.web, on: "lb1")
        let faults = router.trackedScripts.filter { $0.weight == 0 }.map(\.name)
        let span = checkSpan(of: faults, isSilent: isSilent)
        guard span > .zero else {
            let title = "lb1's web instance goes into FAULT when a check fails"
            record(
                CheckResult(
                    title, .fail, expected: "a track_script with weight 0",
                    observed: router.trackedScripts.map { "\($0.name) weight \($0.weight)" }.joined(separator: ", ")))
            return nil
        }
        return span
    }

    /// The time after which the slowest of some checks of lb1 has failed.
    func checkSpan(of names: [String], isSilent: Bool) -> Duration {
        guard let configuration = reading(of: "lb1")?.result.configuration else { return .zero }
        return zip(configuration.scripts, configuration.router.scripts).filter { names.contains($0.0.name) }
            .map { ($0.interval + (isSilent ? $0.timeout ?? $0.interval : .zero)) * $1.fall }.max() ?? .zero
    }

    // MARK: The beginning

    /// Starts everything: the services, then lb1, then lb2, until each address is where it belongs and the client is
    /// served.
    func startCapstone() async throws {
        for node in CapstoneNetwork.balancers { _ = try patience(for: CapstoneNetwork.web, on: node) }
        let database = try patience(for: CapstoneNetwork.database, on: "lb2")
        try await startCapstoneServices()
        // One after the other: who is first does not depend on which daemon starts faster.
        let first = try start("lb1")
        let own = try patience(for: CapstoneNetwork.web, on: "lb1")
        try await require("lb1 has the web address", within: own + startSlack, since: first) {
            $0.claims(CapstoneNetwork.web, by: "lb1")
        }
        let second = try start("lb2")
        let home = try await require("lb2 has the database's address", within: database + startSlack, since: second) {
            $0.claims(CapstoneNetwork.database, by: "lb2")
        }
        // A master that yields may have a last word; after it, it gives the address up.
        if lab.timeline.first(after: first, where: { $0.isAddition(of: CapstoneNetwork.database, to: "lb1") }) != nil {
            try await require("lb1 gives it up", within: database + startSlack, since: second) {
                $0.isRemoval(of: CapstoneNetwork.database, from: "lb1")
            }
        }
        _ = try lab["client"].probe(
            CapstoneNetwork.web, port: CapstoneNetwork.webPort, get: "/", every: probeInterval)
        try await requireAnswer(by: "lb1", since: home.time, within: .seconds(3))
    }

    /// Starts HAProxy on both balancers and the webhook receiver, and waits until all three answer.
    func startCapstoneServices() async throws {
        for node in CapstoneNetwork.balancers { try lab[node].start(CapstoneFile.service) }
        let begin = try lab["ops"].start(CapstoneFile.receiver).startTime
        var services = CapstoneNetwork.balancers.map {
            (client: "client", address: CapstoneNetwork.address(of: $0, in: 1), port: CapstoneNetwork.webPort)
        }
        services.append((client: "ops", address: CapstoneNetwork.receiver, port: 8080))
        for (client, address, port) in services {
            let probe = try lab[client].probe(address, port: port, get: "/", every: .milliseconds(50))
            try await require("\(address):\(port) serves", within: .seconds(8), since: begin) { event in
                guard case .request(let request) = event.kind else { return false }
                return request.service == "\(address):\(port)" && request.isAnswered
            }
            probe.stop()
        }
    }

    /// Waits until the client, asking for the web address, is served by a balancer.
    @discardableResult
    func requireAnswer(by node: String, since start: Instant, within limit: Duration) async throws -> TimelineEvent {
        try await require("\(node) serves the client", within: limit, since: start) {
            $0.isAnswer(by: node, since: start)
        }
    }
}

/// What starting a daemon and the first runs of its checks may take beside the protocol's time.
private let startSlack: Duration = .seconds(4)
/// From one request of the client to the next.
private let probeInterval: Duration = .milliseconds(25)

extension TimelineEvent {
    /// An advertisement for an address, whichever way it goes.
    func advertises(_ address: IPAddress) -> Bool {
        advertisement?.0.addresses.contains(address) ?? false
    }

    /// An advertisement by which the balancer says that it has the address.
    func claims(_ address: IPAddress, by node: String) -> Bool {
        isAdvertisement(from: node, for: address) && (advertisement?.0.priority ?? 0) > 0
    }

    /// An advertisement by which the balancer gives the address up.
    func resigns(_ address: IPAddress, by node: String) -> Bool {
        isAdvertisement(from: node, for: address) && advertisement?.0.priority == 0
    }

    /// A page of the web address that the client asked for since an instant and got from a balancer.
    func isAnswer(by node: String, since start: Instant) -> Bool {
        guard case .request(let request) = kind else { return false }
        return request.service == CapstoneNetwork.webService && request.responder == node && request.asked >= start
    }
}

import VRRPCore
import Wire

/// A router on a bench: one clock that only the test moves, and a peer that says what the test wants.
struct Bench: RouterClock, Hashable {
    var router: Router
    var now = Instant.zero

    init(_ configuration: VirtualRouterConfiguration, scripts: [ScriptConfiguration] = []) {
        router = Router(RouterConfiguration(virtualRouters: [configuration], scripts: scripts))
    }

    /// Begins with the interface up and the daemon started, at time zero.
    init(started configuration: VirtualRouterConfiguration, scripts: [ScriptConfiguration] = []) {
        self.init(configuration, scripts: scripts)
        send(.interface("eth0", .ready))
        send(.start)
    }

    /// Begins as master, by silence; the clock stands where the silence ended.
    init(active configuration: VirtualRouterConfiguration, scripts: [ScriptConfiguration] = []) {
        self.init(started: configuration, scripts: scripts)
        reachDeadline()
    }

    var virtualRouter: VirtualRouter { router.virtualRouters[0] }
    var state: VirtualRouter.State { virtualRouter.state }
    /// From now, in nanoseconds.
    var nanosecondsLeft: Int64? { router.nextDeadline.map { ($0 - now).nanoseconds } }

    @discardableResult
    mutating func hear(
        _ priority: UInt8, from source: IPAddress = .higher, every interval: Duration? = nil,
        after delay: Duration = .zero
    ) -> [RouterAction] {
        var packet = VRRPPacket.valid(for: virtualRouter.configuration)
        packet.priority = priority
        packet.interval = interval ?? packet.interval
        return send(.datagram(.carrying(packet, from: source)), after: delay)
    }
}

extension VirtualRouterConfiguration {
    /// VRID 51 on eth0 with one address, as in every tutorial.
    static func tutorial(
        _ version: VRRPVersion = .v2, priority: UInt8 = 100,
        _ change: (inout VirtualRouterConfiguration) -> Void = { _ in }
    ) -> VirtualRouterConfiguration {
        var configuration = VirtualRouterConfiguration(
            name: "VI_1", version: version, interface: "eth0", virtualRouterID: 51,
            priority: Priority(priority) ?? .standard)
        configuration.addresses = [.first]
        change(&configuration)
        return configuration
    }
}

extension VirtualAddress {
    static let first = VirtualAddress(IPPrefix(host: .v4(IPv4Address(10, 9, 0, 100))), interface: "eth0")
    static let second = VirtualAddress(IPPrefix(host: .v4(IPv4Address(10, 9, 0, 101))), interface: "eth0")
}

extension IPAddress {
    static let ours = IPAddress.v4(IPv4Address(10, 9, 0, 10))
    static let lower = IPAddress.v4(IPv4Address(10, 9, 0, 9))
    static let higher = IPAddress.v4(IPv4Address(10, 9, 0, 11))
    static let group = IPAddress.v4(.vrrpGroup)
}

extension InterfaceState {
    static let ready = InterfaceState(isUp: true, primaryIPv4: IPv4Address(10, 9, 0, 10))
    static let down = InterfaceState(isUp: false, primaryIPv4: IPv4Address(10, 9, 0, 10))
}

extension VRRPPacket {
    static func valid(for configuration: VirtualRouterConfiguration) -> VRRPPacket {
        VRRPPacket(
            version: configuration.version.rawValue, type: 1, virtualRouterID: configuration.virtualRouterID,
            priority: 100, interval: configuration.advertisementInterval,
            addresses: configuration.addresses.map(\.prefix.address), authentication: .none)
    }
}

extension Datagram {
    static func carrying(
        _ packet: VRRPPacket, from source: IPAddress = .higher, to destination: IPAddress = .group
    ) -> Datagram {
        Datagram(
            interface: "eth0", source: source, destination: destination, hopLimit: 255,
            payload: packet.serialized(source: source, destination: destination))
    }
}

extension Transition {
    /// A group's name stands before its states, as they have no priority.
    fileprivate var step: String {
        subject == .group ? "\(router) \(state.rawValue)" : "\(state.rawValue) \(priority)"
    }
}

extension [RouterAction] {
    /// What is done, a word per action; log lines are left out.
    var steps: [String] {
        compactMap { action in
            switch action {
            case .transmit(let transmission): "advertise \(transmission.payloads[0][2])"
            case .install(let addresses, _): "install \(addresses.count)"
            case .remove(let addresses, _): "remove \(addresses.count)"
            case .announce(let addresses, let count, _): "announce \(addresses.count)x\(count)"
            case .announceSource(let address, let interface): "announce \(address) on \(interface)"
            case .installRoutes(let routes, let rules, _): "route \(routes.count)+\(rules.count)"
            case .removeRoutes(let routes, let rules, _): "unroute \(routes.count)+\(rules.count)"
            case .shield(let addresses, _): "shield \(addresses.count)"
            case .unshield(let addresses, _): "unshield \(addresses.count)"
            case .transition(let transition): transition.step
            case .log: nil
            }
        }
    }

    var logs: [String] {
        compactMap { action in
            guard case .log(let entry) = action else { return nil }
            return entry.text
        }
    }

    var transmissions: [Transmission] {
        compactMap { action in
            guard case .transmit(let transmission) = action else { return nil }
            return transmission
        }
    }
}

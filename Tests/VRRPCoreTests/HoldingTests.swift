import Testing
import VRRPCore
import Wire

/// What a host has in place after it did what it was told: a line for each thing and the virtual router that holds it.
private struct Host {
    var held: Set<String> = []
    /// What was told of each router last.
    var told: [String: NotifiedState] = [:]

    static func lines(_ addresses: [VirtualAddress], _ router: String) -> [String] {
        addresses.map { "\(router): \($0.prefix)" }
    }

    static func lines(shielding addresses: [VirtualAddress], _ router: String) -> [String] {
        addresses.map { "\(router): shield \($0.prefix)" }
    }

    static func lines(_ routes: [VirtualRoute], _ router: String) -> [String] {
        routes.map { "\(router): route \($0.destination)" }
    }

    mutating func perform(_ actions: [RouterAction]) {
        for action in actions {
            switch action {
            case .install(let list, let router): held.formUnion(Self.lines(list, router))
            case .remove(let list, let router): held.subtract(Self.lines(list, router))
            case .shield(let list, let router): held.formUnion(Self.lines(shielding: list, router))
            case .unshield(let list, let router): held.subtract(Self.lines(shielding: list, router))
            case .installRoutes(let list, _, let router): held.formUnion(Self.lines(list, router))
            case .removeRoutes(let list, _, let router): held.subtract(Self.lines(list, router))
            case .transition(let transition) where transition.subject == .instance:
                if [.master, .backup, .fault, .stop, .deleted].contains(transition.state) {
                    told[transition.router] = transition.state
                }
            case .transmit, .announce, .announceSource, .transition, .log: break
            }
        }
    }
}

/// Configurations and events that a seed chooses, among them many reloads.
private struct Chooser {
    var generator: SplitMix

    mutating func number(_ count: Int) -> Int { Int(generator.next() % UInt64(count)) }
    mutating func chance(_ one: Int) -> Bool { number(one) == 0 }

    mutating func router(_ name: String, _ virtualRouterID: UInt8) -> VirtualRouterConfiguration {
        let addresses = (0..<3 as Range<UInt8>).map { last in
            VirtualAddress(IPPrefix(host: .v4(IPv4Address(10, 9, virtualRouterID, last))), interface: "eth0")
        }.filter { _ in !chance(3) }
        let route = VirtualRoute(to: IPPrefix(host: .v4(IPv4Address(192, 0, virtualRouterID, UInt8(number(2))))))
        return .tutorial(chance(2) ? .v2 : .v3, priority: chance(3) ? 255 : 100) {
            ($0.name, $0.virtualRouterID, $0.addresses) = (name, virtualRouterID, addresses)
            $0.startsAsMaster = chance(2)
            $0.accepts = chance(2)
            $0.routes = chance(2) ? [route] : []
            $0.preemptDelay = chance(2) ? .seconds(1000) : .zero
            $0.addressLease = chance(3) ? .seconds(30) : nil
            $0.unicastPeers = chance(4) ? [.higher] : []
            $0.trackedInterfaces = chance(4) ? [TrackedItem("eth1")] : []
            $0.notifiesDeletion = chance(2)
            if chance(6) { $0.virtualInterface = VirtualInterface("vrrp.\(virtualRouterID)") }
        }
    }

    /// Names and virtual router IDs meet anew each time; groups may name anybody, twice, or nobody.
    mutating func configuration() -> RouterConfiguration {
        var names = ["A", "B", "C", "D"]
        names.shuffle(using: &generator)
        var configuration = RouterConfiguration(
            virtualRouters: (0..<number(4)).map { router(names[$0], UInt8(51 + $0)) })
        for group in 0..<number(3) {
            let members = (0..<number(4)).map { _ in names[number(4)] }
            configuration.syncGroups.append(SyncGroupConfiguration(name: "G\(group % 2)", members: members))
        }
        configuration.startupDelay = chance(4) ? .seconds(2) : .zero
        return configuration
    }

    mutating func event(for router: Router) -> RouterEvent {
        switch number(12) {
        case 0: return .interface("eth0", chance(3) ? .down : .ready)
        case 1: return .interface("eth1", chance(2) ? .down : .ready)
        case 2: return .addressLost(.v4(IPv4Address(10, 9, 51, 0)), interface: "eth0")
        case 3...5:
            guard let told = router.virtualRouters.randomElement(using: &generator)?.configuration else {
                return .deadline
            }
            var packet = VRRPPacket.valid(for: told)
            packet.priority = [0, 50, 100, 255][number(4)]
            packet.interval = told.version == .v2 ? packet.interval : .milliseconds(10 * (1 + number(4095)))
            return .datagram(.carrying(packet, to: told.unicastPeers.isEmpty ? .group : .ours))
        default: return .deadline
        }
    }
}

@Suite("What is in place")
struct HoldingTests {
    /// Whoever is master holds what it was told, whoever is not holds nothing; and that is the last that was heard.
    private func check(_ router: Router, _ host: Host, _ seed: UInt64) {
        var expected: Set<String> = []
        for router in router.virtualRouters where router.state.description == "MASTER" {
            let told = router.configuration
            expected.formUnion(Host.lines(told.allAddresses, told.name) + Host.lines(told.routes, told.name))
            if !told.accepts, !told.priority.isOwner {
                expected.formUnion(Host.lines(shielding: told.allAddresses, told.name))
            }
        }
        #expect(host.held == expected, "seed \(seed)")
        for router in router.virtualRouters where router.state.description != "INIT" {
            guard let told = host.told[router.configuration.name] else { continue }
            #expect(told.rawValue == router.state.description, "\(router.configuration.name), seed \(seed)")
        }
    }

    /// Reloads; of a router that goes on under another name nothing is told.
    private func reload(
        _ router: inout Router, _ host: inout Host, _ configuration: RouterConfiguration, at now: Instant
    ) {
        let former = Dictionary(router.virtualRouters.map { ($0.configuration.virtualRouterID, $0.configuration.name) })
        {
            first, _ in first
        }
        host.perform(router.reconfigure(configuration, at: now))
        for told in configuration.virtualRouters where former[told.virtualRouterID] != told.name {
            host.told[told.name] = nil
        }
    }

    @Test("Through any events and reloads a master has its addresses, routes and shields in place, and nobody else")
    func holdings() {
        for seed in 0..<300 as Range<UInt64> {
            var chooser = Chooser(generator: SplitMix(state: seed))
            var router = Router(chooser.configuration())
            var (host, now) = (Host(), Instant.zero)
            host.perform(router.handle(.interface("eth0", .ready), at: now))
            if !chooser.chance(8) { host.perform(router.handle(.start, at: now)) }
            for _ in 0..<60 {
                if chooser.chance(8) {
                    reload(&router, &host, chooser.configuration(), at: now)
                } else {
                    let event = chooser.event(for: router)
                    if case .deadline = event { now = max(now, router.nextDeadline ?? now) }
                    host.perform(router.handle(event, at: now))
                }
                check(router, host, seed)
                now = now + .milliseconds(chooser.number(700))
            }
            host.perform(router.handle(.stop, at: now))
            #expect(host.held == [], "seed \(seed)")
        }
    }
}

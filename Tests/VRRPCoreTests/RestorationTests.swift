import Testing
import VRRPCore
import Wire

@Suite("What somebody takes away")
struct RestorationTests {
    private static let gateway = IPAddress.v4(IPv4Address(10, 9, 0, 1))
    private static let route = VirtualRoute(
        to: IPPrefix(host: .v4(IPv4Address(192, 0, 2, 1))), nextHops: [VirtualRoute.NextHop(gateway: gateway)])
    private static let rule = VirtualRule(.ipv4, .lookUp(table: 100), priority: 1_000)

    private func loseFirst(_ bench: inout Bench, after delay: Duration = .zero) -> [RouterAction] {
        bench.send(.addressLost(VirtualAddress.first.prefix.address, interface: "eth0"), after: delay)
    }

    @Test("A lost address alone is put back and announced, and the reign goes on")
    func lostAddress() {
        var bench = Bench(active: .tutorial { $0.addresses = [.first, .second] })
        let deadline = bench.router.nextDeadline
        let actions = bench.send(.addressLost(.v4(IPv4Address(10, 9, 0, 101)), interface: "eth0"))
        #expect(
            actions == [
                .log(LogEntry(.notice, "(VI_1) Netlink reflector reports IP 10.9.0.101 removed from eth0")),
                .install([.second], router: "VI_1"),
                .announce([.second], count: 5, router: "VI_1"),
            ])
        #expect(bench.state.description == "MASTER")
        #expect(bench.router.nextDeadline == deadline)
    }

    @Test("An address that is not tracked stays away")
    func untracked() {
        var address = VirtualAddress.first
        address.isTracked = false
        var bench = Bench(active: .tutorial { $0.addresses = [address] })
        #expect(loseFirst(&bench).isEmpty)
    }

    @Test("A route or rule is put back by a master, and only by the one that it belongs to")
    func routes() {
        var configuration = VirtualRouterConfiguration.tutorial()
        configuration.routes = [Self.route]
        configuration.rules = [Self.rule]
        var bench = Bench(active: configuration)
        let route = bench.send(.routeLost(Self.route, router: "VI_1"))
        #expect(route.contains(.installRoutes([Self.route], [], router: "VI_1")))
        #expect(route.logs == ["(VI_1) Netlink reflector reports route 192.0.2.1/32 removed"])
        let rule = bench.send(.ruleLost(Self.rule, router: "VI_1"))
        #expect(rule.contains(.installRoutes([], [Self.rule], router: "VI_1")))
        #expect(rule.logs == ["(VI_1) Netlink reflector reports rule 1000 removed"])
        #expect(bench.send(.routeLost(Self.route, router: "VI_2")).isEmpty)
        bench.hear(200)
        #expect(bench.send(.routeLost(Self.route, router: "VI_1")).isEmpty)
    }

    @Test("A route or rule that is not tracked, or not configured, stays away")
    func untrackedRoutes() {
        var (route, rule) = (Self.route, Self.rule)
        (route.isTracked, rule.isTracked) = (false, false)
        var configuration = VirtualRouterConfiguration.tutorial()
        configuration.routes = [route]
        configuration.rules = [rule]
        var bench = Bench(active: configuration)
        #expect(bench.send(.routeLost(route, router: "VI_1")).isEmpty)
        #expect(bench.send(.ruleLost(rule, router: "VI_1")).isEmpty)
        #expect(bench.send(.routeLost(Self.route, router: "VI_1")).isEmpty)
    }

    @Test("Of many addresses all may be lost together: each is put back at once")
    func flush() {
        let addresses = (0..<30 as Range<UInt8>).map { last in
            VirtualAddress(IPPrefix(host: .v4(IPv4Address(10, 9, 1, last))), interface: "eth0")
        }
        var bench = Bench(active: .tutorial { $0.addresses = addresses })
        for address in addresses {
            let actions = bench.send(.addressLost(address.prefix.address, interface: "eth0"))
            #expect(actions.contains(.install([address], router: "VI_1")))
        }
        #expect(bench.send(.addressLost(addresses[0].prefix.address, interface: "eth0")).steps == [])
    }

    @Test("Ten losses within a second are answered at once; from then on the address comes back once a second")
    func fight() {
        var bench = Bench(active: .tutorial { $0.announcement.delay = .zero })
        for _ in 0..<10 {
            #expect(loseFirst(&bench, after: .milliseconds(20)).steps == ["install 1", "announce 1x5"])
        }
        let last = loseFirst(&bench, after: .milliseconds(20))
        let line =
            "(VI_1) Netlink reflector reports IP 10.9.0.100 removed from eth0 again and again: "
            + "what is missing is put back once a second"
        #expect(last == [.log(LogEntry(.notice, line))])
        for _ in 0..<20 { #expect(loseFirst(&bench, after: .milliseconds(20)).isEmpty) }
        var restored: [Instant] = []
        for _ in 0..<300 {
            bench.now = bench.now + .milliseconds(10)
            if bench.send(.deadline).steps.contains("install 1") {
                restored.append(bench.now)
                #expect(loseFirst(&bench).isEmpty)
            }
        }
        #expect(restored.count == 3)
        #expect(zip(restored, restored.dropFirst()).allSatisfy { $1 - $0 == .seconds(1) })
    }

    @Test("After a second of peace a loss is answered at once again")
    func peace() {
        var bench = Bench(active: .tutorial { $0.announcement.delay = .zero })
        for _ in 0..<11 { _ = loseFirst(&bench) }
        #expect(bench.send(.deadline, after: .seconds(1)).steps == ["advertise 100", "install 1", "announce 1x5"])
        #expect(bench.send(.deadline, after: .seconds(1)).steps == ["advertise 100"])
        #expect(loseFirst(&bench).steps == ["install 1", "announce 1x5"])
    }

    @Test("What is no longer configured is not put back after a fight")
    func reconfigured() {
        var bench = Bench(active: .tutorial { $0.addresses = [.first, .second] })
        for _ in 0..<11 { _ = loseFirst(&bench) }
        let configuration = VirtualRouterConfiguration.tutorial { $0.addresses = [.second] }
        _ = bench.router.reconfigure(RouterConfiguration(virtualRouters: [configuration]), at: bench.now)
        #expect(bench.send(.deadline, after: .seconds(1)).steps == ["advertise 100"])
    }
}

import Testing
import VRRPCore
import Wire

@Suite("A daemon's routers together")
struct RouterTests {
    private func router(_ configurations: VirtualRouterConfiguration...) -> Router {
        var router = Router(RouterConfiguration(virtualRouters: configurations))
        _ = router.handle(.interface("eth0", .ready), at: .zero)
        _ = router.handle(.start, at: .zero)
        return router
    }

    private func named(_ name: String, _ virtualRouterID: UInt8, priority: UInt8) -> VirtualRouterConfiguration {
        .tutorial(priority: priority) { ($0.name, $0.virtualRouterID) = (name, virtualRouterID) }
    }

    @Test("The next deadline is the earliest, and wakes only whom it concerns")
    func earliest() throws {
        var router = router(named("A", 1, priority: 100), named("B", 2, priority: 200))
        let deadline = try #require(router.nextDeadline)
        #expect(deadline.nanoseconds == 3_218_750_000)
        _ = router.handle(.deadline, at: deadline)
        #expect(router.state(of: "A")?.description == "BACKUP")
        #expect(router.state(of: "B")?.description == "MASTER")
        #expect(router.state(of: "C") == nil)
        #expect(router.nextDeadline?.nanoseconds == 3_609_375_000)
    }

    @Test("A packet reaches the router of its interface, family and ID, and no other")
    func dispatch() {
        let configuration = named("A", 1, priority: 100)
        var router = router(configuration, named("B", 2, priority: 100))
        let datagram = Datagram.carrying(.valid(for: configuration))
        _ = router.handle(.datagram(datagram), at: .zero + .seconds(1))
        #expect(router.virtualRouters.map(\.statistics.advertisementsReceived) == [1, 0])
        #expect(router.strayDatagrams == 0)
    }

    @Test("A packet for nobody is counted, without a word")
    func strays() {
        let configuration = named("A", 1, priority: 100)
        var router = router(configuration)
        let proper = Datagram.carrying(.valid(for: configuration))
        var elsewhere = proper
        elsewhere.interface = "eth1"
        var other = proper
        other.payload[1] = 52
        var family = proper
        family.source = .v6(.allNodes)
        var empty = proper
        empty.payload = [0x21]
        for datagram in [elsewhere, other, family, empty] {
            #expect(router.handle(.datagram(datagram), at: .zero).isEmpty)
        }
        #expect(router.strayDatagrams == 4)
        #expect(router.virtualRouters[0].statistics == Statistics())
    }

    @Test("After the stop there is no deadline and no reaction")
    func stopped() {
        var router = router(named("A", 1, priority: 100), named("B", 2, priority: 200))
        #expect(router.handle(.stop, at: .zero).steps == ["STOP 100", "STOP 200"])
        let before = router
        #expect(router.nextDeadline == nil)
        #expect(router.handle(.start, at: .zero).isEmpty)
        #expect(router.handle(.interface("eth0", .down), at: .zero).isEmpty)
        #expect(router.handle(.deadline, at: .zero + .seconds(60)).isEmpty)
        #expect(router == before)
    }

    @Test("A second start changes nothing")
    func secondStart() {
        var router = router(named("A", 1, priority: 100))
        let before = router
        #expect(router.handle(.start, at: .zero + .seconds(1)).isEmpty)
        #expect(router == before)
    }

    @Test("Only links that matter to somebody are reported, and only when they change")
    func linkReports() {
        var router = router(named("A", 1, priority: 100))
        #expect(router.handle(.interface("eth7", .ready), at: .zero).isEmpty)
        #expect(router.handle(.interface("eth7", .down), at: .zero).isEmpty)
        #expect(router.handle(.interface("eth0", .ready), at: .zero).isEmpty)
        #expect(router.handle(.interface("eth0", .down), at: .zero).logs.first == "Netlink reports eth0 down")
    }
}

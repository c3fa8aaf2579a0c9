import Testing
import VRRPCore
import Wire

@testable import VRRPDaemon

@Suite("Reloading routers")
struct RouterSetTests {
    private func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

    private func router(_ name: String, _ virtualRouterID: UInt8, priority: UInt8 = 100) -> VirtualRouterConfiguration {
        var router = VirtualRouterConfiguration(
            name: name, interface: "eth0", virtualRouterID: virtualRouterID, priority: Priority(priority)!)
        router.addresses = [VirtualAddress(IPPrefix("10.0.0.\(virtualRouterID)/24")!, interface: "eth0")]
        return router
    }

    private let facts = RouterSet.Facts(
        interfaces: ["eth0": InterfaceState(isUp: true, primaryIPv4: IPv4Address("10.0.0.1"))], scriptResults: [:])

    /// Two routers, masters since 3.609 s.
    private func masters() -> RouterSet {
        var set = RouterSet()
        _ = set.configure(RouterConfiguration(virtualRouters: [router("A", 51), router("B", 52)]), facts, at: at(0))
        _ = set.handle(.deadline, at: at(3610))
        return set
    }

    private func states(_ set: RouterSet) -> [String] { set.virtualRouters.map { "\($0.state)" } }

    private func notices(_ actions: [RouterAction]) -> [String] {
        actions.compactMap { action in
            guard case .transition(let transition) = action else { return nil }
            return "\(transition.router) \(transition.state.rawValue)"
        }
    }

    @Test("A configuration that says the same changes nothing")
    func same() {
        var set = masters()
        let before = set.virtualRouters
        let same = RouterConfiguration(virtualRouters: [router("A", 51), router("B", 52)])
        #expect(set.configure(same, facts, at: at(4000)) == [])
        #expect(set.virtualRouters == before)
    }

    @Test("A changed router starts anew without a word about stopping; its neighbor stays master")
    func changed() {
        var set = masters()
        let changed = RouterConfiguration(virtualRouters: [router("A", 51, priority: 200), router("B", 52)])
        let actions = set.configure(changed, facts, at: at(4000))
        #expect(states(set) == ["BACKUP", "MASTER"])
        #expect(notices(actions) == ["A BACKUP"])
        let resignations = actions.filter {
            if case .transmit(let sent) = $0 { sent.payloads[0][2] == 0 } else { false }
        }
        #expect(resignations.count == 1)
    }

    @Test("A router that is gone resigns, gives up its addresses and says so")
    func gone() {
        var set = masters()
        let actions = set.configure(RouterConfiguration(virtualRouters: [router("B", 52)]), facts, at: at(4000))
        #expect(states(set) == ["MASTER"])
        #expect(notices(actions) == ["A STOP"])
        #expect(actions.contains(.remove(router("A", 51).addresses, router: "A")))
    }

    @Test("A new router begins as backup and knows the interfaces already")
    func new() {
        var set = masters()
        let routers = [router("A", 51), router("B", 52), router("C", 53)]
        let actions = set.configure(RouterConfiguration(virtualRouters: routers), facts, at: at(4000))
        #expect(states(set) == ["MASTER", "MASTER", "BACKUP"])
        #expect(notices(actions) == ["C BACKUP"])
    }

    @Test("A script's last result outlives the reload: the new router need not wait for another run")
    func scriptResults() {
        var tracking = router("A", 51)
        tracking.trackedScripts = [TrackedItem("chk")]
        let configuration = RouterConfiguration(
            virtualRouters: [tracking], scripts: [ScriptConfiguration(name: "chk")])
        var set = RouterSet()
        _ = set.configure(configuration, facts, at: at(0))
        #expect(states(set) == ["INIT"])
        var (good, failed) = (facts, facts)
        good.scriptResults = ["chk": true]
        failed.scriptResults = ["chk": false]
        set = RouterSet()
        _ = set.configure(configuration, good, at: at(0))
        #expect(states(set) == ["BACKUP"])
        set = RouterSet()
        _ = set.configure(configuration, failed, at: at(0))
        #expect(states(set) == ["FAULT"])
    }

    @Test("What all routers say at once is said once")
    func repeatedLog() {
        var set = masters()
        let actions = set.handle(.interface("eth0", .absent), at: at(4000))
        let lines = actions.compactMap { action -> String? in
            if case .log(let entry) = action { entry.text } else { nil }
        }
        #expect(lines.filter { $0 == "Netlink reports eth0 down" }.count == 1)
        #expect(lines.contains("(A) Entering FAULT STATE"))
        #expect(lines.contains("(B) Entering FAULT STATE"))
    }

    @Test("A packet reaches the router whose number it carries, and no other")
    func datagram() {
        var set = masters()
        let resignation: [UInt8] = [0x21, 52, 0, 1, 0, 1, 0, 0, 10, 0, 0, 52, 0, 0, 0, 0, 0, 0, 0, 0]
        let datagram = Datagram(
            interface: "eth0", source: .v4(IPv4Address("10.0.0.2")!), destination: .v4(.vrrpGroup), hopLimit: 255,
            payload: resignation)
        _ = set.handle(.datagram(datagram), at: at(4000))
        // The checksum is wrong: whoever looked at the packet has counted it.
        #expect(set.virtualRouters.map { $0.statistics.discards[.checksum] ?? 0 } == [0, 1])
    }
}

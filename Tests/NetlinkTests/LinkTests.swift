import LinuxSystem
import Netlink
import NetnsTesting
import Testing
import Wire

@Suite(.requiresNamespaces) struct LinkTests {
    @Test("A veth pair comes into two namespaces at once, with its names, addresses and sizes")
    func veth() throws {
        let here = try NamespaceBroker.shared.createNetwork()
        let there = try NamespaceBroker.shared.createNetwork()
        var local = try RouteSocket(in: here)
        try local.createVeth(
            VethEnd("left", macAddress: MACAddress(rawValue: 0x0200_0000_0001), mtu: 1400, isUp: true),
            VethEnd("right", namespace: there.number, macAddress: MACAddress(rawValue: 0x0200_0000_0002), mtu: 1300))
        let left = try local.link(named: "left")
        #expect(left.kind == "veth")
        #expect(left.macAddress == MACAddress(rawValue: 0x0200_0000_0001))
        #expect(left.mtu == 1400)
        #expect(left.isUp)
        #expect(left.master == nil)
        var remote = try RouteSocket(in: there)
        let right = try remote.link(named: "right")
        #expect(right.macAddress == MACAddress(rawValue: 0x0200_0000_0002))
        #expect(right.mtu == 1300)
        #expect(!right.isUp)
        #expect(try local.links().map(\.name) == ["lo", "left"])
        #expect(try remote.links().map(\.name) == ["lo", "right"])
    }

    @Test("Both ends are gone when one is deleted")
    func deletion() throws {
        let here = try NamespaceBroker.shared.createNetwork()
        let there = try NamespaceBroker.shared.createNetwork()
        var local = try RouteSocket(in: here)
        var remote = try RouteSocket(in: there)
        try local.createVeth(VethEnd("left"), VethEnd("right", namespace: there.number))
        try remote.deleteLink(remote.link(named: "right").index)
        #expect(try local.links().map(\.name) == ["lo"])
        #expect(try remote.links().map(\.name) == ["lo"])
    }

    @Test("A name that is taken is an error that says so, and nothing is made")
    func duplicates() throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        var routes = try RouteSocket(in: namespace)
        try routes.createVeth(VethEnd("a"), VethEnd("b"))
        let error = #expect(throws: NetlinkError.self) { try routes.createVeth(VethEnd("c"), VethEnd("b")) }
        #expect(error?.isAlreadyThere == true)
        #expect(error?.request == "make the link c - b")
        let bridgeError = #expect(throws: NetlinkError.self) { try routes.createBridge("a") }
        #expect(bridgeError?.isAlreadyThere == true)
        #expect(Set(try routes.links().map(\.name)) == ["lo", "a", "b"])
    }

    @Test("A bridge is up, and a port belongs to the bridge that it was given last")
    func ports() throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        var routes = try RouteSocket(in: namespace)
        try routes.createBridge("one")
        try routes.createBridge("two")
        let one = try routes.link(named: "one")
        let two = try routes.link(named: "two")
        #expect(one.kind == "bridge")
        #expect(one.isUp)
        try routes.createVeth(VethEnd("a", master: one.index), VethEnd("b"))
        let port = try routes.link(named: "a")
        #expect(port.master == one.index)
        try routes.setMaster(of: port.index, to: two.index)
        #expect(try routes.link(named: "a").master == two.index)
        try routes.setMaster(of: port.index, to: nil)
        #expect(try routes.link(named: "a").master == nil)
    }

    @Test("A macvlan has an address of its own and is removed alone")
    func macvlan() throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        var routes = try RouteSocket(in: namespace)
        try routes.createVeth(VethEnd("a"), VethEnd("b"))
        let lower = try routes.link(named: "a").index
        try routes.createMacvlan("vrrp.51", on: lower, macAddress: MACAddress(rawValue: 0x0000_5e00_0133))
        let made = try routes.link(named: "vrrp.51")
        #expect(made.kind == "macvlan")
        #expect(made.macAddress == MACAddress(rawValue: 0x0000_5e00_0133))
        #expect(!made.isUp)
        try routes.setLink(lower, isUp: true)
        try routes.setLink(made.index, isUp: true)
        #expect(try routes.link(named: "vrrp.51").isUp)
        try routes.deleteLink(made.index)
        #expect(Set(try routes.links().map(\.name)) == ["lo", "a", "b"])
    }

    @Test("A cable runs when both ends are up, and stops when one goes down")
    func carrier() async throws {
        let states = try await onOwnThread {
            let namespace = try NamespaceBroker.shared.createNetwork()
            var routes = try RouteSocket(in: namespace)
            try routes.createVeth(VethEnd("a", isUp: true), VethEnd("b"))
            let b = try routes.link(named: "b").index
            let monitor = try RouteMonitor(.links, in: namespace)
            try routes.setLink(b, isUp: true)
            try waitUntilOperational("a", in: namespace)
            let connected = try routes.link(named: "a")
            try routes.setLink(b, isUp: false)
            let told = try notifications(of: monitor) { notification in
                guard case .link(let link) = notification else { return false }
                return link.name == "a" && link.operationalState == 3
            }
            guard case .link(let cut)? = told.last else { return [connected] }
            return [connected, cut]
        }
        #expect(states.map(\.isUp) == [true, true])
        #expect(states.map(\.isRunning) == [true, false])
        // IF_OPER_UP, IF_OPER_LOWERLAYERDOWN
        #expect(states.map(\.operationalState) == [6, 3])
    }

    @Test("An interface that is not there is an error that says so")
    func missing() throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        var routes = try RouteSocket(in: namespace)
        let lookup = #expect(throws: NetlinkError.self) { _ = try routes.link(named: "eth0") }
        #expect(lookup?.isNotThere == true)
        #expect(lookup?.request == "look up the interface eth0")
        #expect(#expect(throws: NetlinkError.self) { try routes.setLink(99, isUp: true) }?.isNotThere == true)
        #expect(#expect(throws: NetlinkError.self) { try routes.deleteLink(99) }?.isNotThere == true)
    }

    @Test("A frame takes the way its port is plugged: not while the port is disabled, not to another bridge")
    func forwarding() async throws {
        let heard = try await onOwnThread {
            let hub = try Hub()
            let first = try hub.plug(1)
            let second = try hub.plug(2)
            let ear = try second.member(112)
            var routes = try RouteSocket(in: hub.namespace)
            try first.send(1)
            let passed = try nextOctet(ear)
            try routes.setBridgePort(first.port, .disabled)
            let isCarried = try routes.link(named: "port1").isRunning
            try first.send(2)
            try routes.setBridgePort(first.port, .forwarding)
            try first.send(3)
            let enabled = try nextOctet(ear)
            try routes.createBridge("elsewhere")
            try routes.setMaster(of: first.port, to: routes.link(named: "elsewhere").index)
            try first.send(4)
            try routes.setMaster(of: first.port, to: hub.bridge)
            try first.send(5)
            return [passed, isCarried ? 1 : 0, enabled, try nextOctet(ear)]
        }
        #expect(heard == [1, 1, 3, 5])
    }

    @Test("Only a bridge's port has a port state")
    func noPort() throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        var routes = try RouteSocket(in: namespace)
        try routes.createVeth(VethEnd("a"), VethEnd("b"))
        let index = try routes.link(named: "a").index
        #expect(throws: NetlinkError.self) { try routes.setBridgePort(index, .disabled) }
    }
}

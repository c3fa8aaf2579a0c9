import LinuxSystem
import Netlink
import NetnsTesting
import Testing

@Suite(.requiresNamespaces) struct PacketFilterTests {
    @Test(
        "A rule drops the packets of its protocol and no others, until it is removed",
        arguments: [DropRule.Direction.incoming, .outgoing])
    func oneProtocol(direction: DropRule.Direction) async throws {
        let heard = try await onOwnThread {
            let hub = try Hub()
            let first = try hub.plug(1)
            let second = try hub.plug(2)
            let ear = try second.member(112)
            let otherEar = try second.member(113)
            var filter =
                try direction == .incoming ? PacketFilter(in: second.namespace) : PacketFilter(in: first.namespace)
            try filter.install(DropRule(direction, ipProtocol: 112), named: "silence", on: "eth0")
            try first.send(1, protocol: 112)
            try first.send(2, protocol: 113)
            let passed = try nextOctet(otherEar)
            let dropped = try ear.receive()?.last
            try filter.remove(named: "silence")
            try first.send(3, protocol: 112)
            return [passed, dropped, try nextOctet(ear)]
        }
        #expect(heard == [2, nil, 3])
    }

    @Test("A rule without a protocol drops everything; two rules are taken away one by one")
    func everything() async throws {
        let heard = try await onOwnThread {
            let hub = try Hub()
            let first = try hub.plug(1)
            let second = try hub.plug(2)
            let ear = try second.member(112)
            var filter = try PacketFilter(in: second.namespace)
            try filter.install(DropRule(.incoming), named: "all", on: "eth0")
            try filter.install(DropRule(.incoming, ipProtocol: 113), named: "some", on: "eth0")
            try first.send(1)
            try filter.remove(named: "some")
            try first.send(2)
            try filter.remove(named: "all")
            try first.send(3)
            return [try nextOctet(ear), try ear.receive()?.last]
        }
        #expect(heard == [3, nil])
    }

    @Test("What is not there cannot be removed, and a refused rule leaves nothing behind")
    func refusals() throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        var filter = try PacketFilter(in: namespace)
        #expect(#expect(throws: NetlinkError.self) { try filter.remove(named: "none") }?.isNotThere == true)
        let refusal = #expect(throws: NetlinkError.self) {
            try filter.install(DropRule(.incoming, ipProtocol: 112), named: "silence", on: "an-interface-too-long")
        }
        #expect(refusal?.request == "filter an-interface-too-long")
        #expect(#expect(throws: NetlinkError.self) { try filter.remove(named: "silence") }?.isNotThere == true)
    }

    @Test("A name is taken until its rule is removed")
    func names() throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        var routes = try RouteSocket(in: namespace)
        try routes.createVeth(VethEnd("a"), VethEnd("b"))
        var filter = try PacketFilter(in: namespace)
        let rule = DropRule(.incoming, ipProtocol: 112)
        try filter.install(rule, named: "silence", on: "a")
        let error = #expect(throws: NetlinkError.self) { try filter.install(rule, named: "silence", on: "b") }
        #expect(error?.isAlreadyThere == true)
        try filter.remove(named: "silence")
        try filter.install(rule, named: "silence", on: "b")
    }
}

import LinuxSystem
import Netlink
import NetnsTesting
import Testing
import Wire

@Suite(.requiresNamespaces) struct LinkIdentityTests {
    @Test("An interface keeps its index under another name, also while it is up")
    func rename() throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        var routes = try RouteSocket(in: namespace)
        try routes.createVeth(VethEnd("left", isUp: true), VethEnd("right"))
        let index = try routes.link(named: "left").index
        try routes.renameLink(index, to: "lan0")
        #expect(try routes.link(named: "lan0").index == index)
        #expect(throws: NetlinkError.self) { try routes.link(named: "left") }
        #expect(throws: NetlinkError.self) { try routes.renameLink(index, to: "right") }
    }

    @Test("An interface gets another Ethernet address while it is up, but not that of a group")
    func address() throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        var routes = try RouteSocket(in: namespace)
        try routes.createVeth(VethEnd("left", isUp: true), VethEnd("right"))
        let index = try routes.link(named: "left").index
        let fresh = MACAddress(rawValue: 0x0200_0000_0077)
        try routes.setLinkAddress(index, to: fresh)
        #expect(try routes.link(named: "left").macAddress == fresh)
        #expect(throws: NetlinkError.self) { try routes.setLinkAddress(index, to: .broadcast) }
        #expect(try routes.link(named: "left").macAddress == fresh)
    }
}

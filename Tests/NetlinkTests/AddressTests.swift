import LinuxSystem
import Netlink
import NetnsTesting
import Testing
import Wire

@Suite(.requiresNamespaces) struct AddressTests {
    static let first = AddressRecord(prefix("198.18.0.11/24"), interfaceIndex: 1)
    static let second = AddressRecord(prefix("198.18.0.100/24"), interfaceIndex: 1, label: "lo:vip")
    static let third = AddressRecord(prefix("2001:db8::100/64"), interfaceIndex: 1)

    @Test("Addresses are listed as they were added: the label, and which one was there first")
    func listing() throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        var routes = try RouteSocket(in: namespace)
        #expect(try routes.addresses() == [])
        for record in [Self.first, Self.second, Self.third] { try routes.addAddress(record) }
        let addresses = try routes.addresses()
        #expect(addresses.map(\.prefix) == [Self.first.prefix, Self.second.prefix, Self.third.prefix])
        #expect(addresses.map(\.label) == ["lo", "lo:vip", nil])
        #expect(addresses.map(\.isSecondary) == [false, true, false])
        #expect(addresses.map(\.interfaceIndex) == [1, 1, 1])
        #expect(addresses.map(\.scope) == [0, 0, 0])
    }

    @Test("An address goes alone, and once")
    func removal() throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        var routes = try RouteSocket(in: namespace)
        for record in [Self.first, Self.second, Self.third] { try routes.addAddress(record) }
        try routes.removeAddress(Self.second)
        #expect(try routes.addresses().map(\.prefix) == [Self.first.prefix, Self.third.prefix])
        try routes.removeAddress(Self.third)
        #expect(try routes.addresses().map(\.prefix) == [Self.first.prefix])
        let error = #expect(throws: NetlinkError.self) { try routes.removeAddress(Self.second) }
        #expect(error?.isNotThere == true)
        #expect(error?.request == "remove address 198.18.0.100/24 from interface 1")
    }

    @Test("An address that is there already is told from every other error", arguments: [first, third])
    func duplicates(record: AddressRecord) throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        var routes = try RouteSocket(in: namespace)
        try routes.addAddress(record)
        let error = #expect(throws: NetlinkError.self) { try routes.addAddress(record) }
        #expect(error?.isAlreadyThere == true)
        #expect(error?.isNotThere == false)
        // Kernels before 6.4 say no more than the number.
        if let sentence = error?.message {
            #expect(sentence.contains("already assigned"))
            #expect("\(try #require(error))".hasSuffix(": File exists (\(sentence))"))
        }
    }

    @Test("An interface that is not there takes no address")
    func missingInterface() throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        var routes = try RouteSocket(in: namespace)
        var record = Self.first
        record.interfaceIndex = 99
        #expect(#expect(throws: NetlinkError.self) { try routes.addAddress(record) }?.isNotThere == true)
    }

    @Test("An IPv6 address works at once, without waiting for its duplicate")
    func noDuplicateDetection() throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        var routes = try RouteSocket(in: namespace)
        try routes.createVeth(VethEnd("a", isUp: true), VethEnd("b"))
        try routes.setLink(routes.link(named: "b").index, isUp: true)
        let index = try routes.link(named: "a").index
        try routes.addAddress(AddressRecord(prefix("2001:db8::1/64"), interfaceIndex: index))
        let added = try routes.addresses().first { $0.prefix == prefix("2001:db8::1/64") }
        #expect(added?.isTentative == false)
    }
}

/// An address and its length, known to be well written.
func prefix(_ text: String) -> IPPrefix {
    guard let prefix = IPPrefix(text) else { preconditionFailure("not a prefix: \(text)") }
    return prefix
}

import Glibc
import LinuxSystem
import Netlink
import NetnsTesting
import Testing
import Wire

@Suite(.requiresNamespaces) struct RawIPSocketTests {
    static let group = IPv4Address(224, 0, 0, 18)

    static func packet(
        _ payload: [UInt8], from end: borrowing Cable.End, to destination: IPv4Address, protocol number: UInt8 = 112
    ) -> [UInt8] {
        IPPacket(
            source: .v4(end.address), destination: .v4(destination), hopLimit: 255, protocolNumber: number,
            trafficClass: 0xc0, identification: 77, payload: payload
        ).serialized()
    }

    @Test("A packet to the group reaches a member at the other end as it was sent, and not its sender")
    func multicast() async throws {
        let (heard, own) = try await onOwnThread {
            let cable = try Cable()
            let left = try cable.left.rawSocket(112, group: Self.group)
            let right = try cable.right.rawSocket(112, group: Self.group)
            try left.send(Self.packet([1, 2, 3, 4], from: cable.left, to: Self.group), to: Self.group)
            let heard = try next(from: right.descriptor, { try right.receive() })
            return (heard, try left.receive())
        }
        let packet = try IPPacket(parsing: try #require(heard))
        #expect(packet.source == .v4(IPv4Address(198, 18, 0, 1)))
        #expect(packet.destination == .v4(IPv4Address(224, 0, 0, 18)))
        #expect(packet.hopLimit == 255)
        #expect(packet.trafficClass == 0xc0)
        #expect(packet.identification == 77)
        #expect(packet.payload == [1, 2, 3, 4])
        #expect(own == nil)
    }

    @Test("Another protocol's packets and, without membership, the group's are not heard")
    func selection() async throws {
        let heard = try await onOwnThread {
            let cable = try Cable()
            let left = try cable.left.rawSocket(112)
            let right = try cable.right.rawSocket(112)
            // Somebody else on the host is a member: that must not matter.
            let member = try cable.right.rawSocket(113, group: Self.group)
            try left.send(Self.packet([1], from: cable.left, to: Self.group), to: Self.group)
            let address = cable.right.address
            try left.send(Self.packet([2], from: cable.left, to: address, protocol: 113), to: address)
            try left.send(Self.packet([3], from: cable.left, to: address), to: address)
            let heard = try next(from: right.descriptor, { try right.receive() })
            let other = try next(from: member.descriptor, { try member.receive() })
            return [heard?.last, other?.last, try right.receive()?.last, try member.receive()?.last]
        }
        #expect(heard == [3, 2, nil, nil])
    }

    @Test("Packets that come in by another interface are not heard")
    func oneInterface() async throws {
        let heard = try await onOwnThread {
            let cable = try Cable()
            let address = cable.right.address
            var routes = try RouteSocket(in: cable.right.namespace)
            let loopback = try routes.link(named: "lo").index
            try routes.setLink(loopback, isUp: true)
            let right = try cable.right.rawSocket(112)
            let local = try NamespaceBroker.shared.enter(cable.right.namespace) { () throws(SystemError) in
                try RawIPSocket(protocolNumber: 112, interface: "lo", interfaceIndex: loopback, group: nil)
            }
            try local.send(Self.packet([1], from: cable.right, to: address), to: address)
            try cable.left.rawSocket(112).send(Self.packet([2], from: cable.left, to: address), to: address)
            let heard = try next(from: right.descriptor, { try right.receive() })
            let onLoopback = try next(from: local.descriptor, { try local.receive() })
            return [onLoopback?.last, heard?.last, try right.receive()?.last]
        }
        #expect(heard == [1, 2, nil])
    }

    @Test("Sending over an interface that is down is an error; receiving there is not")
    func down() async throws {
        let (received, sending) = try await onOwnThread {
            let cable = try Cable()
            let left = try cable.left.rawSocket(112, group: Self.group)
            let packet = Self.packet([1], from: cable.left, to: Self.group)
            var routes = try RouteSocket(in: cable.left.namespace)
            try routes.setLink(cable.left.interfaceIndex, isUp: false)
            return (try left.receive(), Result { try left.send(packet, to: Self.group) })
        }
        #expect(received == nil)
        #expect(throws: SystemError("sendto 224.0.0.18", code: ENETUNREACH)) { try sending.get() }
    }

    @Test("An interface that is not there is an error that names it")
    func missingInterface() throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        #expect(throws: SystemError("bind to eth7", code: ENODEV)) {
            _ = try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
                try RawIPSocket(protocolNumber: 112, interface: "eth7", interfaceIndex: 7, group: nil)
            }
        }
    }
}

import LinuxSystem
import Netlink
import NetnsTesting
import Testing
import VRRPCore
import Wire

@testable import VRRPDaemon

@Suite("Advertisements on sockets", .requiresNamespaces)
struct AdvertisementSocketsTests {
    private static func router(
        _ family: AddressFamily = .ipv4, id: UInt8 = 51, _ change: (inout VirtualRouterConfiguration) -> Void = { _ in }
    ) -> VirtualRouterConfiguration {
        var router = VirtualRouterConfiguration(
            name: "VI_\(id)", version: family == .ipv4 ? .v2 : .v3, family: family, interface: "eth0",
            virtualRouterID: id)
        change(&router)
        return router
    }

    /// Sockets for routers, in the calling thread's namespace.
    private static func sockets(_ routers: [VirtualRouterConfiguration]) throws -> (AdvertisementSockets, Int32) {
        var table = try InterfaceTable()
        try table.refresh()
        var sockets = AdvertisementSockets()
        try sockets.match(routers, table.interfaces, try EventLoop())
        return (sockets, try #require(table.interfaces["eth0"]).index)
    }

    private static func transmission(
        _ router: VirtualRouterConfiguration, from source: IPAddress, to destinations: [IPAddress]
    ) -> Transmission {
        Transmission(
            router: router.name, interface: "eth0", source: source, destinations: destinations,
            payloads: destinations.map { _ in [0x31, router.virtualRouterID, 100, 0, 0, 100, 0, 0] })
    }

    @Test(
        "An IPv6 advertisement leaves with hop limit 255, from the source that was chosen, and its own group hears it")
    func sendingIPv6() async throws {
        let source = IPAddress("fe80::1234")!
        let heard = try await inPrivateNetwork {
            let peer = try Peer()
            let ear = try peer.socket(.ipv6, groups: [.v6(.vrrpGroup)])
            let router = Self.router(.ipv6)
            var (sockets, _) = try Self.sockets([router])
            let complaint = sockets.send(Self.transmission(router, from: source, to: [.v6(.vrrpGroup)]))
            try #require(complaint == nil)
            return try packets(1, from: ear)
        }
        #expect(
            heard == [
                ReceivedPacket(
                    source: source, destination: .v6(.vrrpGroup), hopLimit: 255,
                    octets: [0x31, 51, 100, 0, 0, 100, 0, 0], headerLength: 0)
            ])
    }

    @Test("An IPv6 advertisement is heard with the hop limit and the addresses that it came with")
    func hearingIPv6() async throws {
        let group = IPAddress("ff02::114")!
        let heard = try await inPrivateNetwork {
            let peer = try Peer()
            let (opened, index) = try Self.sockets([Self.router(.ipv6) { $0.multicastGroup = group }])
            var sockets = opened
            let packet = IPPacket(
                source: IPAddress("fe80::9")!, destination: group, hopLimit: 7, protocolNumber: 112,
                payload: [0x31, 51, 1, 2])
            try peer.socket(.ipv6).send(packet.serialized(), to: group)
            return try datagrams(1, from: &sockets, index)
        }
        #expect(
            heard == [
                Datagram(
                    interface: "eth0", source: IPAddress("fe80::9")!, destination: group, hopLimit: 7,
                    payload: [0x31, 51, 1, 2])
            ])
    }

    @Test("Packets for virtual routers of others stay in the kernel, until a reload makes them ours")
    func filtering() async throws {
        let heard = try await inPrivateNetwork {
            let peer = try Peer()
            let (opened, index) = try Self.sockets([Self.router(id: 51), Self.router(id: 53)])
            var sockets = opened
            let send = { (id: UInt8) in
                let packet = IPPacket(
                    source: IPAddress("198.18.0.2")!, destination: .v4(.vrrpGroup), hopLimit: 255, protocolNumber: 112,
                    payload: [0x21, id, 100])
                try peer.socket(.ipv4).send(packet.serialized(), to: packet.destination)
            }
            for id: UInt8 in [50, 51, 52, 53, 54] { try send(id) }
            let first = try datagrams(2, from: &sockets, index)
            // This one waits in the socket while the filter changes.
            try send(53)
            var table = try InterfaceTable()
            try table.refresh()
            try sockets.match([Self.router(id: 52)], table.interfaces, try EventLoop())
            for id: UInt8 in [51, 52, 53] { try send(id) }
            let second = try datagrams(2, from: &sockets, index)
            return (first + second).map { $0.payload[1] } + [UInt8(sockets.lossCount)]
        }
        #expect(heard == [51, 53, 53, 52, 0])
    }

    @Test("Unicast advertisements go to every peer of either family with the hop limit that was asked for")
    func unicast() async throws {
        let heard = try await inPrivateNetwork {
            let peer = try Peer()
            var routes = try RouteSocket(in: peer.namespace)
            let address = IPPrefix("2001:db8::2/64")!
            try routes.addAddress(AddressRecord(address, interfaceIndex: peer.interfaceIndex))
            var ownRoutes = try RouteSocket()
            try ownRoutes.addAddress(
                AddressRecord(IPPrefix("2001:db8::1/64")!, interfaceIndex: ownRoutes.link(named: "eth0").index))
            let (ear, otherEar) = (Box(try peer.socket(.ipv4)), Box(try peer.socket(.ipv6)))
            let routers = [
                Self.router { $0.unicastPeers = [IPAddress("198.18.0.2")!] },
                Self.router(.ipv6) { $0.unicastPeers = [address.address] },
            ]
            var (sockets, _) = try Self.sockets(routers)
            var first = Self.transmission(routers[0], from: IPAddress("198.18.0.1")!, to: routers[0].unicastPeers)
            first.hopLimit = 3
            var second = Self.transmission(routers[1], from: IPAddress("2001:db8::1")!, to: routers[1].unicastPeers)
            second.hopLimit = nil
            try #require(sockets.send(first) == nil)
            try #require(sockets.send(second) == nil)
            return try packets(1, from: ear.value) + packets(1, from: otherEar.value)
        }
        #expect(heard.map(\.hopLimit) == [3, 64])
        #expect(heard.map(\.source) == [IPAddress("198.18.0.1")!, IPAddress("2001:db8::1")!])
    }

    @Test("A router with authentication headers hears another that has its key, and notices one that has not")
    func authentication() async throws {
        let key = Array("secret12".utf8)
        let heard = try await inPrivateNetwork {
            let peer = try Peer()
            let (opened, index) = try Self.sockets([Self.router { $0.authentication = .header(key: key) }])
            var sockets = opened
            let ear = try peer.socket(.ipv4, protocolNumber: 51, groups: [.v4(.vrrpGroup)])
            var transmission = Self.transmission(
                Self.router(), from: IPAddress("198.18.0.3")!, to: [.v4(.vrrpGroup)])
            transmission.authentication = SentAuthenticationHeader(key: key, sequenceNumber: 9)
            try #require(sockets.send(transmission) == nil)
            var octets = try #require(try packets(1, from: ear).first).octets
            try ear.send(octets, to: .v4(.vrrpGroup))
            // The last octet of the message.
            octets[octets.count - 1] ^= 1
            try ear.send(octets, to: .v4(.vrrpGroup))
            return try datagrams(2, from: &sockets, index)
        }
        #expect(heard.map(\.authentication?.isIntact) == [true, false])
        #expect(heard.map(\.authentication?.sequenceNumber) == [9, 9])
        #expect(heard.map(\.authentication?.securityParametersIndex) == [0xc612_0003, 0xc612_0003])
        #expect(heard.first?.payload == [0x31, 51, 100, 0, 0, 100, 0, 0])
    }

    @Test("An interface that comes back under another number is listened to anew")
    func replacement() async throws {
        let heard = try await inPrivateNetwork {
            var sockets: AdvertisementSockets
            do {
                let peer = try Peer()
                (sockets, _) = try Self.sockets([Self.router()])
                var routes = try RouteSocket(in: peer.namespace)
                try routes.deleteLink(peer.interfaceIndex)
            }
            let peer = try Peer()
            var table = try InterfaceTable()
            try table.refresh()
            try sockets.match([Self.router()], table.interfaces, try EventLoop())
            let packet = IPPacket(
                source: IPAddress("198.18.0.2")!, destination: .v4(.vrrpGroup), hopLimit: 255, protocolNumber: 112,
                payload: [0x21, 51, 100])
            try peer.socket(.ipv4).send(packet.serialized(), to: packet.destination)
            return try datagrams(1, from: &sockets, try #require(table.interfaces["eth0"]).index)
        }
        #expect(heard.map(\.payload) == [[0x21, 51, 100]])
    }
}

/// What comes in by an interface, as much as asked for; less when no more came for 5 seconds.
private func datagrams(
    _ count: Int, from sockets: inout AdvertisementSockets, _ interfaceIndex: Int32
) throws -> [Datagram] {
    let deadline = MonotonicClock.now + .seconds(5)
    var datagrams: [Datagram] = []
    while datagrams.count < count, MonotonicClock.now < deadline {
        datagrams += sockets.receive(interfaceIndex: interfaceIndex)
    }
    return datagrams
}

@Suite("Authentication headers")
struct AuthenticationHeaderTests {
    private func octets(_ hexadecimal: String) -> [UInt8] {
        let digits = Array(hexadecimal.filter { !$0.isWhitespace })
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    }

    private func open(_ hexadecimal: String, _ key: String) -> (header: ReceivedAuthenticationHeader, message: [UInt8])?
    {
        ReceivedPacket(ipv4: octets(hexadecimal)).flatMap { AuthenticationHeader.open($0) { _ in Array(key.utf8) } }
    }

    @Test("A packet is sealed as keepalived 2.2.7 sealed it, octet for octet")
    func sealing() {
        let packet = IPPacket(
            source: IPAddress("10.9.0.1")!, destination: .v4(.vrrpGroup), hopLimit: 255, protocolNumber: 112,
            trafficClass: 0xc0, identification: 1,
            payload: octets("2133960102013c5d 0a090064 0000000000000000"))
        let sealed = AuthenticationHeader.sealed(
            packet, with: SentAuthenticationHeader(key: Array("secret12".utf8), sequenceNumber: 1))
        #expect(
            sealed
                == octets(
                    "45c0004000010000ff33d0ad0a090001e0000012" + "70040000 0a090001 00000001"
                        + "1afdf33b5fce7182d4d64aae" + "2133960102013c5d 0a090064 0000000000000000"))
    }

    @Test("A value that covers the TTL is right, one that does not as well, and a damaged one is not")
    func opening() {
        let front = "45c0004000000000ff33bb47c612595ee0000012" + "70040000c612595e"
        let message = "2133c8010201cdb8 c61280fe 0000000000000000"
        let withoutTTL = open(front + "00000064" + "7443a05f4e94f3f3768e4f4e" + message, "k3y-2338")
        let withTTL = open(front + "000000c8" + "abe94deb89796e851cd22838" + message, "k3y-2338")
        let damaged = open(front + "0000012c" + "89c8eadeedf0e37b53d672fa" + message, "k3y-2338")
        let foreign = open(front + "000000c8" + "abe94deb89796e851cd22838" + message, "another!")
        #expect([withoutTTL, withTTL, damaged, foreign].map(\.?.header.isIntact) == [true, true, false, false])
        #expect(withTTL?.header.sequenceNumber == 200)
        #expect(withTTL?.header.securityParametersIndex == 0xc612_595e)
        #expect(withTTL?.message == octets(message))
    }

    @Test("Packets that end early, or carry another protocol, are no trap")
    func damage() {
        let whole = octets(
            "45c0004000000000ff33bb47c612595ee0000012" + "70040000c612595e000000c8abe94deb89796e851cd22838"
                + "2133c8010201cdb8c61280fe0000000000000000")
        for length in 0..<whole.count {
            var octets = Array(whole[..<length])
            if octets.count > 3 { (octets[2], octets[3]) = (0, UInt8(length)) }
            guard let packet = ReceivedPacket(ipv4: octets) else { continue }
            #expect(AuthenticationHeader.open(packet) { _ in [1] }?.header.isIntact != true)
        }
        var other = whole
        other[20] = 6
        #expect(ReceivedPacket(ipv4: other).flatMap { AuthenticationHeader.open($0) { _ in [1] } } == nil)
    }
}

import KeepalivedConfiguration
import LinuxSystem
import Netlink
import NetnsTesting
import Testing
import VRRPCore
import Wire

@testable import VRRPDaemon

@Suite("Announcements on the wire", .requiresNamespaces)
struct AnnouncerTests {
    private static let addresses = ["10.9.0.100/24", "10.9.0.101/24"].map {
        VirtualAddress(IPPrefix($0)!, interface: "eth0")
    }

    /// The addresses that ARP frames announced, in order, as far as they have come.
    private static func announced(_ capture: borrowing PacketSocket) throws -> [String] {
        var announced: [String] = []
        while let frame = try capture.receive() {
            guard case .arp(let packet) = try Frame(parsing: frame.octets).content, packet.isGratuitous else {
                continue
            }
            announced.append("\(packet.operation) \(packet.senderAddress)")
        }
        return announced
    }

    private static func origin() throws -> Announcer.Origin {
        var table = try InterfaceTable()
        try table.refresh()
        return Announcer.Origin(interfaces: table.interfaces)
    }

    @Test("Without spacing a burst leaves at once, round by round, and nothing is said that nobody reads")
    func burst() async throws {
        let (announced, log, detail) = try await inPrivateNetwork {
            let peer = try Peer()
            let capture = try peer.capture()
            var announcer = Announcer()
            let origin = try Self.origin()
            let log = announcer.announce(Self.addresses, count: 2, for: "A", from: origin, at: .zero)
            let announced = try Self.announced(capture)
            announcer.logsDetail = true
            let detail = announcer.announce([Self.addresses[0]], count: 1, for: "A", from: origin, at: .zero)
            return (announced, log, detail.map(\.text))
        }
        #expect(
            announced == [
                "request 10.9.0.100", "request 10.9.0.101", "request 10.9.0.100", "request 10.9.0.101",
            ])
        #expect(log == [])
        #expect(
            detail == [
                "(A) Sending/queueing gratuitous ARPs on eth0 for 10.9.0.100",
                "Sending gratuitous ARP on eth0 for 10.9.0.100",
            ])
    }

    @Test("Spaced frames leave one at a time, each when it is due")
    func spacing() async throws {
        let (announced, deadlines) = try await inPrivateNetwork {
            let peer = try Peer()
            let capture = try peer.capture()
            var announcer = Announcer()
            announcer.interfaceSpacing = ["eth0": AnnouncementSpacing(arp: .milliseconds(100))]
            var deadlines: [Int64?] = []
            var announced: [Int] = []
            _ = announcer.announce(Self.addresses, count: 2, for: "A", from: try Self.origin(), at: .zero)
            announced.append(try Self.announced(capture).count)
            for time in [99, 100, 200, 300] {
                deadlines.append(announcer.nextDeadline?.nanoseconds)
                announcer.meetDeadline(at: .zero + .milliseconds(time))
                announced.append(try Self.announced(capture).count)
            }
            return (announced, deadlines + [announcer.nextDeadline?.nanoseconds])
        }
        #expect(announced == [1, 0, 1, 1, 1])
        #expect(deadlines == [100_000_000, 100_000_000, 200_000_000, 300_000_000, nil])
    }

    @Test("Whoever has given an address up says nothing more about it; others go on")
    func withdrawal() async throws {
        let announced = try await inPrivateNetwork {
            let peer = try Peer()
            let capture = try peer.capture()
            var announcer = Announcer()
            announcer.spacing = AnnouncementSpacing(arp: .milliseconds(1))
            let origin = try Self.origin()
            _ = announcer.announce([Self.addresses[0]], count: 3, for: "A", from: origin, at: .zero)
            _ = announcer.announce([Self.addresses[1]], count: 1, for: "B", from: origin, at: .zero)
            // On another interface they are given up, too, and that is not this one.
            announcer.withdraw([VirtualAddress(Self.addresses[1].prefix, interface: "eth1")], of: "B")
            announcer.withdraw(Self.addresses, of: "A")
            announcer.meetDeadline(at: .zero + .seconds(1))
            return try Self.announced(capture)
        }
        #expect(announced == ["request 10.9.0.100", "request 10.9.0.101"])
    }

    @Test("After a burst from a virtual MAC address, replies that nobody answers have the last word")
    func settling() async throws {
        let (burst, later, source) = try await inPrivateNetwork {
            let peer = try Peer()
            var routes = try RouteSocket()
            let mac = MACAddress.virtualRouter(51, .ipv4)
            try routes.createMacvlan("vrrp.51", on: routes.link(named: "eth0").index, macAddress: mac)
            try routes.setLink(routes.link(named: "vrrp.51").index, isUp: true)
            let capture = try peer.capture()
            var origin = try Self.origin()
            origin.bases = ["vrrp.51": "eth0"]
            var announcer = Announcer()
            let address = VirtualAddress(IPPrefix("10.9.0.100/24")!, interface: "vrrp.51")
            _ = announcer.announce([address], count: 1, for: "A", from: origin, at: .zero)
            let first = try #require(try capture.receive { $0.etherType == EthernetFrame.EtherType.arp })
            announcer.meetDeadline(at: .zero + .milliseconds(20))
            return (first.payload[7], try Self.announced(capture), first.source == mac)
        }
        #expect(burst == 1)
        #expect(later == ["reply 10.9.0.100", "reply 10.9.0.100"])
        #expect(source)
    }
}

extension PacketSocket {
    /// The next frame of a kind among those that have come.
    fileprivate borrowing func receive(where isWanted: (EthernetFrame) -> Bool) throws -> EthernetFrame? {
        while let frame = try receive() {
            let parsed = try EthernetFrame(parsing: frame.octets)
            if isWanted(parsed) { return parsed }
        }
        return nil
    }
}

import KeepalivedConfiguration
import LinuxSystem
import Netlink
import NetnsTesting
import Testing
import VRRPCore
import Wire

@testable import VRRPDaemon

@Suite("Routes, rules and filters of virtual routers", .requiresNamespaces)
struct RouteInstallerTests {
    @Test("Routes and rules come, are put back when somebody takes them away, and go")
    func roundTrip() async throws {
        let (log, events, counts) = try await inPrivateNetwork {
            let peer = try Peer()
            var table = try InterfaceTable()
            try table.refresh()
            var installer = try RouteInstaller()
            var route = VirtualRoute(
                to: IPPrefix("203.0.113.0/24")!,
                nextHops: [VirtualRoute.NextHop(gateway: IPAddress("198.18.0.2"), interface: "eth0")])
            route.metrics = [VirtualRoute.Metric(rawValue: 2): 1400]
            route.priority = 77
            var multiple = VirtualRoute(
                to: IPPrefix("203.0.114.0/24")!,
                nextHops: [
                    VirtualRoute.NextHop(gateway: IPAddress("198.18.0.2"), interface: "eth0", weight: 3),
                    VirtualRoute.NextHop(gateway: IPAddress("198.18.0.3"), interface: "eth0", isOnLink: true),
                ])
            multiple.table = 1000
            var hole = VirtualRoute(to: IPPrefix("2001:db8:1::/48")!)
            hole.kind = .blackhole
            var rule = VirtualRule(.ipv4, .lookUp(table: 1000), priority: 500)
            rule.source = IPPrefix("10.0.0.0/8")
            rule.sourcePorts = 80...90
            rule.ipProtocol = 6
            let rules = [rule, VirtualRule(.ipv6, .prohibit, priority: 501)]
            let routes = [route, multiple, hole]
            var log = installer.install(routes, rules, for: "A", among: table.interfaces)
            // Everything is there: nothing can be put back.
            let idle = installer.putBack(among: table.interfaces).count
            var socket = try RouteSocket()
            var entry = RouteEntry(to: route.destination)
            entry.origin = 18
            entry.priority = 77
            log += socket.removeRoutes([entry]).compactMap(\.self).map { LogEntry(.notice, "\($0)") }
            var ruleEntry = RuleEntry(.ipv6, .prohibit, priority: 501)
            ruleEntry.origin = 18
            log += socket.removeRules([ruleEntry]).compactMap(\.self).map { LogEntry(.notice, "\($0)") }
            let events = try installer.hear(among: table.interfaces)
            let main = { try socket.routes().filter { $0.gateway != nil }.count }
            let before = try main()
            log += installer.remove(routes, rules, for: "A", among: table.interfaces)
            _ = consume peer
            return (log.map(\.text), events, [idle, before, try main(), installer.isIdle ? 0 : 1])
        }
        #expect(log == [])
        #expect(events.count == 2)
        #expect(counts == [0, 1, 0, 0])
        guard case .routeLost(let route, "A")? = events.first, case .ruleLost(let rule, "A")? = events.last else {
            Issue.record("\(events)")
            return
        }
        #expect(route.destination == IPPrefix("203.0.113.0/24"))
        #expect(rule.priority == 501)
    }

    @Test("An entry that another router has in place too stays, whether it is watched over there or not")
    func sharing() async throws {
        let counts = try await inPrivateNetwork {
            let peer = try Peer()
            var table = try InterfaceTable()
            try table.refresh()
            var installer = try RouteInstaller()
            let watched = VirtualRoute(
                to: IPPrefix("203.0.113.0/24")!,
                nextHops: [VirtualRoute.NextHop(gateway: IPAddress("198.18.0.2"), interface: "eth0")])
            var unwatched = watched
            unwatched.isTracked = false
            _ = installer.install([watched], [], for: "A", among: table.interfaces)
            _ = installer.install([unwatched], [], for: "B", among: table.interfaces)
            var socket = try RouteSocket()
            let count = { try socket.routes().filter { $0.gateway != nil }.count }
            _ = installer.remove([watched], [], for: "A", among: table.interfaces)
            let held = try count()
            _ = installer.remove([unwatched], [], for: "B", among: table.interfaces)
            _ = consume peer
            return [held, try count()]
        }
        #expect(counts == [1, 0])
    }

    @Test("Routes that went with their interface without a word are put back")
    func silentLoss() async throws {
        let (lost, log) = try await inPrivateNetwork {
            let peer = try Peer()
            var table = try InterfaceTable()
            try table.refresh()
            var installer = try RouteInstaller()
            let route = VirtualRoute(
                to: IPPrefix("203.0.113.0/24")!,
                nextHops: [VirtualRoute.NextHop(gateway: IPAddress("198.18.0.2"), interface: "eth0")])
            let log = installer.install([route], [], for: "A", among: table.interfaces)
            var socket = try RouteSocket()
            let index = try socket.link(named: "eth0").index
            try socket.setLink(index, isUp: false)
            try socket.setLink(index, isUp: true)
            _ = consume peer
            return (installer.putBack(among: table.interfaces).count, log)
        }
        #expect(lost == 1)
        #expect(log == [])
    }

    @Test("A shielded address hears nothing but neighbor discovery, until it is shielded no longer")
    func shields() async throws {
        let (heard, log) = try await inPrivateNetwork {
            let peer = try Peer()
            var shields = Shields()
            Shields.removeLeftovers()
            let addresses = ["198.18.0.1/24", "2001:db8::1/64"].map {
                VirtualAddress(IPPrefix($0)!, interface: "eth0")
            }
            var routes = try RouteSocket()
            let index = try routes.link(named: "eth0").index
            try routes.addAddress(AddressRecord(addresses[1].prefix, interfaceIndex: index))
            let ears = try [AddressFamily.ipv4, .ipv6].map {
                Box(
                    try RawIPSocket($0, protocolNumber: 253, interface: "eth0", interfaceIndex: index, groups: []))
            }
            let mouths = try [AddressFamily.ipv4, .ipv6].map { Box(try peer.socket($0, protocolNumber: 253)) }
            var far = try RouteSocket(in: peer.namespace)
            try far.addAddress(AddressRecord(IPPrefix("2001:db8::2/64")!, interfaceIndex: peer.interfaceIndex))
            let sources = ["198.18.0.2", "2001:db8::2"].compactMap { IPAddress($0) }
            func send(_ octet: UInt8) throws {
                for (number, address) in addresses.enumerated() {
                    let packet = IPPacket(
                        source: sources[number], destination: address.prefix.address, hopLimit: 64,
                        protocolNumber: 253, payload: [octet])
                    try mouths[number].value.send(packet.serialized(), to: packet.destination)
                }
            }
            let found = { (address: IPAddress) in addresses.contains { $0.prefix.address == address } }
            var log = shields.cover(addresses, for: "A")
            let monitor = try RouteMonitor(.neighbors, in: peer.namespace)
            try send(1)
            // The far side finds the addresses, and sends what waited for that.
            while try far.neighbors().filter({ $0.macAddress != nil && found($0.address) }).count < 2,
                try becomesReadable(monitor.descriptor)
            { _ = try monitor.receive() }
            log += shields.uncover(addresses, for: "A")
            try send(2)
            let heard = try ears.map { try packets(1, from: $0.value).first?.octets.last }
            shields.removeAll()
            return (heard, log)
        }
        #expect(heard == [2, 2])
        #expect(log == [])
    }
}

@Suite("Interfaces of virtual routers", .requiresNamespaces)
struct VirtualInterfacesTests {
    private static func router(_ kind: VirtualInterface.Kind = .macvlan(nil)) -> VirtualRouterConfiguration {
        var router = VirtualRouterConfiguration(name: "VI_1", interface: "eth0", virtualRouterID: 51)
        router.virtualInterface = VirtualInterface("vrrp.51", kind: kind)
        return router
    }

    @Test("A virtual interface comes up with the protocol's MAC address, and goes with the settings that it needed")
    func macvlan() async throws {
        let (log, link, settings, isGone) = try await inPrivateNetwork {
            let peer = try Peer()
            var table = try InterfaceTable()
            try table.refresh()
            var interfaces = try VirtualInterfaces()
            var isChanged = false
            let log = interfaces.match([Self.router()], table.interfaces, isChanged: &isChanged)
            try #require(isChanged)
            try table.refresh()
            let path = "/proc/sys/net/ipv4/conf/eth0/arp_ignore"
            let during = try FileSystem.read(path)
            let link = table.interfaces["vrrp.51"]
            let local = try FileSystem.read("/proc/sys/net/ipv4/conf/vrrp.51/accept_local")
            interfaces.removeAll(among: table.interfaces)
            let after = try FileSystem.read(path)
            try table.refresh()
            _ = consume peer
            return (log, link, [during, local, after], table.interfaces["vrrp.51"] == nil)
        }
        #expect(log == [])
        #expect(link?.macAddress == MACAddress("00:00:5e:00:01:33"))
        #expect(link?.isUp == true)
        #expect(link?.prefixes == [])
        #expect(settings == [Array("1\n".utf8), Array("0\n".utf8), Array("0\n".utf8)])
        #expect(isGone)
    }

    @Test("A virtual interface that a predecessor left is taken over with its number")
    func leftover() async throws {
        let (indices, log) = try await inPrivateNetwork {
            let peer = try Peer()
            var routes = try RouteSocket()
            try routes.createMacvlan(
                "vrrp.51", on: routes.link(named: "eth0").index, macAddress: .virtualRouter(51, .ipv4))
            let before = try routes.link(named: "vrrp.51").index
            var table = try InterfaceTable()
            try table.refresh()
            var interfaces = try VirtualInterfaces()
            var isChanged = false
            let log = interfaces.match([Self.router()], table.interfaces, isChanged: &isChanged)
            _ = consume peer
            return ([before, try routes.link(named: "vrrp.51").index], log)
        }
        #expect(indices.first == indices.last)
        #expect(log == [])
    }

    @Test("A virtual interface follows its base's name to another interface; a router without one leaves no setting")
    func displacement() async throws {
        let (bases, settings) = try await inPrivateNetwork {
            let peer = try Peer()
            var routes = try RouteSocket()
            var table = try InterfaceTable()
            try table.refresh()
            var interfaces = try VirtualInterfaces()
            var isChanged = false
            var router = Self.router()
            _ = interfaces.match([router], table.interfaces, isChanged: &isChanged)
            // Of the interfaces that are there, the name now leads to the virtual interface's neighbor.
            let mac = MACAddress.virtualRouter(99, .ipv4)
            try routes.createMacvlan("other", on: routes.link(named: "eth0").index, macAddress: mac)
            try table.refresh()
            let (first, second) = (table.interfaces["eth0"], table.interfaces["other"])
            var renamed = table.interfaces
            renamed["eth0"] = second
            renamed["other"] = first
            let before = try routes.link(named: "vrrp.51").index
            _ = interfaces.match([router], renamed, isChanged: &isChanged)
            let after = try routes.link(named: "vrrp.51").index
            try table.refresh()
            router.virtualInterface = nil
            _ = interfaces.match([router], table.interfaces, isChanged: &isChanged)
            let setting = try FileSystem.read("/proc/sys/net/ipv4/conf/eth0/arp_ignore")
            try table.refresh()
            _ = consume peer
            return (before != after, [setting == Array("0\n".utf8), table.interfaces["vrrp.51"] == nil])
        }
        #expect(bases)
        #expect(settings == [true, true])
    }

    @Test(
        "Two routers with the same virtual MAC address hear each other, in either family",
        arguments: AddressFamily.allCases)
    func hearing(family: AddressFamily) async throws {
        let heard = try await inPrivateNetwork {
            let peer = try Peer()
            // The rival's frame, whose source is our own MAC address.
            let rival = family == .ipv4 ? IPAddress("198.18.0.2")! : IPAddress("fe80::2")!
            var router = Self.router()
            router.family = family
            var table = try InterfaceTable()
            try table.refresh()
            var interfaces = try VirtualInterfaces()
            var isChanged = false
            _ = interfaces.match([router], table.interfaces, isChanged: &isChanged)
            try table.refresh()
            var sockets = AdvertisementSockets()
            try sockets.match([router], table.interfaces, try EventLoop())
            let packet = IPPacket(
                source: rival, destination: family.vrrpGroup, hopLimit: 255, protocolNumber: 112,
                payload: [0x31, 51, 100])
            let frame = EthernetFrame(
                destination: .multicast(family.vrrpGroup), source: .virtualRouter(51, family),
                etherType: family == .ipv4 ? EthernetFrame.EtherType.ipv4 : EthernetFrame.EtherType.ipv6,
                payload: packet.serialized())
            try peer.capture().send(frame.serialized())
            let index = try #require(table.interfaces["vrrp.51"]).index
            let deadline = MonotonicClock.now + .seconds(5)
            var heard: [Datagram] = []
            while heard.isEmpty, MonotonicClock.now < deadline { heard = sockets.receive(interfaceIndex: index) }
            return heard
        }
        #expect(heard.map(\.interface) == ["eth0"])
        #expect(heard.map(\.payload) == [[0x31, 51, 100]])
    }
}

import KeepalivedConfiguration
import LinuxSystem
import Netlink
import NetnsTesting
import Testing
import VRRPCore
import Wire

@testable import VRRPDaemon

@Suite("Virtual addresses in the kernel", .requiresNamespaces)
struct AddressInstallerTests {
    private static func router(
        _ name: String, _ change: (inout VirtualRouterConfiguration) -> Void = { _ in }
    ) -> VirtualRouterConfiguration {
        var router = VirtualRouterConfiguration(name: name, interface: "eth0", virtualRouterID: 51)
        change(&router)
        return router
    }

    private static func address(_ text: String) -> VirtualAddress {
        VirtualAddress(IPPrefix(text)!, interface: "eth0")
    }

    @Test("The same address with another length is another address")
    func lengths() async throws {
        let (both, one, log) = try await inPrivateNetwork {
            let peer = try Peer()
            var table = try InterfaceTable()
            try table.refresh()
            var installer = try AddressInstaller()
            let (host, network) = (Self.address("10.9.0.100/32"), Self.address("10.9.0.100/24"))
            installer.expect([
                Self.router("A") { $0.addresses = [host] }, Self.router("B") { $0.addresses = [network] },
            ])
            var log = installer.install([host], for: "A", among: table.interfaces, at: .zero)
            log += installer.install([network], for: "B", among: table.interfaces, at: .zero)
            let both = try Self.prefixes(of: "10.9.0.100")
            log += installer.remove([host], for: "A", among: table.interfaces)
            _ = consume peer
            return (both, try Self.prefixes(of: "10.9.0.100"), log)
        }
        #expect(Set(both) == [IPPrefix("10.9.0.100/32")!, IPPrefix("10.9.0.100/24")!])
        #expect(one == [IPPrefix("10.9.0.100/24")!])
        #expect(log == [])
    }

    @Test("An address goes where it says, whether its router has an interface of its own by now or not")
    func moving() async throws {
        let (places, held) = try await inPrivateNetwork {
            let peer = try Peer()
            var routes = try RouteSocket()
            let mac = MACAddress.virtualRouter(51, .ipv4)
            try routes.createMacvlan("vrrp.51", on: routes.link(named: "eth0").index, macAddress: mac)
            var table = try InterfaceTable()
            try table.refresh()
            var installer = try AddressInstaller()
            let former = Self.address("10.9.0.100/24")
            installer.expect([Self.router("A") { $0.addresses = [former] }])
            _ = installer.install([former], for: "A", among: table.interfaces, at: .zero)
            var new = former
            new.interface = "vrrp.51"
            installer.expect([
                Self.router("A") {
                    $0.addresses = [new]
                    $0.virtualInterface = VirtualInterface("vrrp.51")
                }
            ])
            _ = installer.install([new], for: "A", among: table.interfaces, at: .zero)
            _ = installer.remove([former], for: "A", among: table.interfaces)
            try table.refresh()
            _ = consume peer
            let names = table.interfaces.filter { $0.value.addresses.contains(new.prefix.address) }.keys.sorted()
            return (names, [former, new].map { installer.holds($0, for: "A") })
        }
        #expect(places == ["vrrp.51"])
        #expect(held == [false, true])
    }

    @Test("An address that two routers hold stays until both have given it up")
    func sharing() async throws {
        let counts = try await inPrivateNetwork {
            let peer = try Peer()
            var table = try InterfaceTable()
            try table.refresh()
            var installer = try AddressInstaller()
            let address = Self.address("10.9.0.100/24")
            installer.expect([Self.router("A"), Self.router("B")])
            _ = installer.install([address], for: "A", among: table.interfaces, at: .zero)
            _ = installer.install([address], for: "B", among: table.interfaces, at: .zero)
            _ = installer.remove([address], for: "A", among: table.interfaces)
            let first = try Self.prefixes(of: "10.9.0.100").count
            _ = installer.remove([address], for: "B", among: table.interfaces)
            _ = consume peer
            return [first, try Self.prefixes(of: "10.9.0.100").count]
        }
        #expect(counts == [1, 0])
    }

    @Test("What a predecessor left goes without having been installed; what came after the table was read stays")
    func leftovers() async throws {
        let (before, after, log) = try await inPrivateNetwork {
            let peer = try Peer()
            var routes = try RouteSocket()
            var table = try InterfaceTable()
            try table.refresh()
            let address = Self.address("10.9.0.100/24")
            let index = try routes.link(named: "eth0").index
            try routes.addAddress(AddressRecord(address.prefix, interfaceIndex: index))
            var installer = try AddressInstaller()
            installer.expect([Self.router("A") { $0.addresses = [address] }])
            var log = installer.remove([address], for: "A", among: table.interfaces)
            let before = try Self.prefixes(of: "10.9.0.100").count
            try table.refresh()
            log += installer.remove([address], for: "A", among: table.interfaces)
            _ = consume peer
            return (before, try Self.prefixes(of: "10.9.0.100").count, log)
        }
        #expect(before == 1)
        #expect(after == 0)
        #expect(log == [])
    }

    @Test("A leased address is renewed before its time, and goes by itself when nobody renews it")
    func lease() async throws {
        let (due, isGone, log) = try await inPrivateNetwork {
            let peer = try Peer()
            var table = try InterfaceTable()
            try table.refresh()
            var installer = try AddressInstaller()
            let address = Self.address("10.9.0.100/24")
            installer.expect([Self.router("A") { $0.addressLease = .seconds(1) }])
            var log = installer.install([address], for: "A", among: table.interfaces, at: .zero)
            var due = [installer.nextDeadline]
            _ = try table.hear { _ in true }
            log += installer.meetDeadline(at: Instant(nanoseconds: 166_666_665), among: table.interfaces)
            due.append(installer.nextDeadline)
            log += installer.meetDeadline(at: Instant(nanoseconds: 166_666_666), among: table.interfaces)
            due.append(installer.nextDeadline)
            try #require(try Self.prefixes(of: "10.9.0.100").count == 1)
            let loop = try EventLoop()
            try loop.watch(table.descriptor, as: 0)
            let deadline = MonotonicClock.now + .seconds(5)
            while try !Self.prefixes(of: "10.9.0.100").isEmpty, MonotonicClock.now < deadline {
                _ = try loop.wait(until: deadline)
                _ = try table.hear { _ in true }
            }
            _ = consume peer
            return (due, try Self.prefixes(of: "10.9.0.100").isEmpty, log)
        }
        #expect(due.map(\.?.nanoseconds) == [166_666_666, 166_666_666, 333_333_332])
        #expect(isGone)
        #expect(log == [])
    }

    @Test("An address that somebody takes away is missed by the router that holds it, one without tracking is not")
    func loss() async throws {
        let (missing, news) = try await inPrivateNetwork {
            let peer = try Peer()
            var table = try InterfaceTable()
            try table.refresh()
            var installer = try AddressInstaller()
            let tracked = Self.address("10.9.0.100/24")
            var untracked = Self.address("10.9.1.100/24")
            untracked.isTracked = false
            installer.expect([Self.router("A") { $0.addresses = [tracked, untracked] }])
            _ = installer.install([tracked, untracked], for: "A", among: table.interfaces, at: .zero)
            var routes = try RouteSocket()
            let index = try routes.link(named: "eth0").index
            for address in [tracked, untracked] {
                try routes.removeAddress(AddressRecord(address.prefix, interfaceIndex: index))
            }
            let news = try table.hear { [addresses = [tracked.place, untracked.place]] in addresses.contains($0) }
            _ = consume peer
            return (installer.missing(from: table.interfaces, at: news.removed).map(\.router), news.addresses)
        }
        #expect(missing == ["A"])
        #expect(news == [])
    }

    @Test("A thousand addresses come and go, and the table keeps up without being read anew")
    func many() async throws {
        let (installed, known, left, log) = try await inPrivateNetwork {
            let peer = try Peer()
            var table = try InterfaceTable()
            try table.refresh()
            var installer = try AddressInstaller()
            let addresses = (0..<1000).map { Self.address("10.10.\($0 / 250).\($0 % 250 + 1)/32") }
            installer.expect([Self.router("A") { $0.addresses = addresses }])
            var log = installer.install(addresses, for: "A", among: table.interfaces, at: .zero)
            let news = try table.hear { _ in true }
            let known = news.isComplete ? 0 : table.interfaces["eth0"]?.prefixes.count ?? 0
            var routes = try RouteSocket()
            let installed = try routes.addresses().filter { $0.prefix.length == 32 }.count
            log += installer.remove(addresses, for: "A", among: table.interfaces)
            _ = try table.hear { _ in true }
            _ = consume peer
            return (installed, known, table.interfaces["eth0"]?.addresses.count, log)
        }
        #expect(installed == 1000)
        #expect(known == 1002)
        #expect(left == 2)
        #expect(log == [])
    }

    @Test("What was said after an address reaches the kernel")
    func options() async throws {
        let records = try await inPrivateNetwork {
            let peer = try Peer()
            var table = try InterfaceTable()
            try table.refresh()
            var installer = try AddressInstaller()
            var labeled = Self.address("10.9.0.100/24")
            labeled.label = "eth0:vip"
            labeled.scope = .link
            labeled.broadcast = IPv4Address("10.9.0.255")
            labeled.options = [.noPrefixRoute]
            var pointed = Self.address("10.8.0.1/32")
            pointed.peer = IPPrefix("10.8.0.2/32")
            installer.expect([Self.router("A")])
            let log = installer.install([labeled, pointed], for: "A", among: table.interfaces, at: .zero)
            try #require(log.isEmpty)
            var routes = try RouteSocket()
            let hasRoute = try routes.routes().contains { $0.destination == IPPrefix("10.9.0.0/24") }
            try #require(!hasRoute)
            let records = try routes.addresses().filter { $0.prefix.address.description.hasPrefix("10.") }
            // The interface goes with its peer.
            _ = consume peer
            return records
        }
        #expect(records.map(\.label) == ["eth0:vip", "eth0"])
        #expect(records.map(\.scope) == [253, 0])
        #expect(records.map(\.peer) == [nil, IPPrefix("10.8.0.2/32")])
    }

    private static func prefixes(of address: String) throws -> [IPPrefix] {
        var routes = try RouteSocket()
        return try routes.addresses().map(\.prefix).filter { $0.address == IPAddress(address) }
    }
}

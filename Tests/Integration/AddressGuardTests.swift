import Glibc
import LinuxSystem
import Netlink
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

/// What administrators and other programs do to a master behind its back.
@Suite("A master's addresses and interface", .requiresNamespaces)
struct AddressGuardTests {
    private static let interval: Duration = .milliseconds(100)

    @Test("An address that somebody removes is back within ten milliseconds", arguments: Implementation.available)
    func removed(_ implementation: Implementation) async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            try await experiment.startPair(implementation.pair)
            let begin = lab.step("192.168.1.100 is removed on node1")
            try experiment.removeAddress("192.168.1.100/24", from: "node1")
            let back = try await lab.expect("it is back", within: .seconds(3), since: begin) {
                $0.isAddition(of: Segment.virtualAddress, to: "node1")
            }
            let gone = lab.timeline.last(before: back.time) { $0.isRemoval(of: Segment.virtualAddress, from: "node1") }
            let time = back.time - (gone?.time ?? begin)
            print("a removed address is back: \(implementation.rawValue) after \(time.decimalSeconds(digits: 4)) s")
            guard implementation == .ours else { return }
            experiment.claim("it is back", time, atMost: .milliseconds(10))
            try await lab.expect("and is announced again", within: .milliseconds(500), since: begin) {
                $0.isAnnouncement(of: Segment.virtualAddress, from: "node1")
            }
            await experiment.watch(for: .milliseconds(500))
            for node in ["node1", "node2"] {
                experiment.claimNever("\(node) changes its state", in: begin...MonotonicClock.now) {
                    $0.isTransition(on: node)
                }
            }
        }
    }

    @Test("Without the last address of its own a router hands over, and takes part again when it returns")
    func primary() async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            try await experiment.startPair(.ours)
            let begin = lab.step("192.168.1.11 is removed on node1")
            try experiment.removeAddress("192.168.1.11/24", from: "node1")
            try await lab.expect("node2 takes over", within: .seconds(2), since: begin) { $0.isClaim(by: "node2") }
            try await lab.expect("node1 lets go", within: .seconds(1), since: begin) {
                $0.isRemoval(of: Segment.virtualAddress, from: "node1")
            }
            let back = lab.step("192.168.1.11 is back on node1")
            try experiment.addAddress("192.168.1.11/24", to: "node1")
            try await lab.expect("node1 takes it back", within: .seconds(3), since: back) { $0.isClaim(by: "node1") }
        }
    }

    @Test("A master whose Ethernet address changes announces itself under the new one within fifty milliseconds")
    func macAddress() async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            try await experiment.startPair(.ours)
            // Past the announcements of the takeover itself.
            let fresh = try #require(MACAddress("02:00:00:00:00:77"))
            let begin = lab.step("node1 gets another Ethernet address")
            try lab["node1"].withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in
                try routes.setLinkAddress(try routes.link(named: "eth0").index, to: fresh)
            }
            let changed = MonotonicClock.now
            let announcement = try await lab.expect("it is announced", within: .seconds(2), since: begin) {
                $0.isAnnouncement(of: Segment.virtualAddress, from: "node1")
                    && $0.gratuitousARP?.senderMAC == fresh
            }
            experiment.claim("it is announced", announcement.time - changed, atMost: .milliseconds(50))
            await experiment.watch(for: .milliseconds(500))
            experiment.claimNever("node2 takes over", in: begin...MonotonicClock.now) { $0.isClaim(by: "node2") }
        }
    }

    @Test("A link that flaps a hundred times leaves one owner, a log of a few lines a second, and no memory lost")
    func flapping() async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            try await experiment.startPair(.ours)
            let daemon = try lab["node1"].process("daemon")
            let before = daemon.usage
            let begin = lab.step("node1's link flaps")
            for _ in 0..<100 {
                try lab.inject(.linkDown(LinkEnd("node1", "eth0")))
                try lab.heal(.linkDown(LinkEnd("node1", "eth0")))
            }
            let end = lab.step("it rests")
            try await lab.expect("node1 is the master again", within: .seconds(5), since: end) {
                $0.isClaim(by: "node1") && $0.time > end + .milliseconds(300)
            }
            await experiment.watch(for: .milliseconds(500))
            let owners = try ["node1", "node2"].filter { node in
                try lab[node].addresses().contains { $0.prefix.address == Segment.virtualAddress }
            }
            experiment.claim("one owner", owners == ["node1"], sawInstead: "\(owners)")
            let after = daemon.usage
            experiment.claim(
                "as many open files as before", after.descriptors == before.descriptors,
                sawInstead: "\(before.descriptors), then \(after.descriptors)")
            experiment.claim(
                "no memory is lost", after.residentMemory - before.residentMemory < 400_000,
                sawInstead: "\(after.residentMemory - before.residentMemory) octets")
            let lines = experiment.lines(of: "node1", since: begin).count { !$0.contains("gratuitous ARP") }
            let seconds = Int((MonotonicClock.now - begin).inSeconds) + 1
            experiment.claim("few lines", lines < 100 * 4 + 10 * seconds, sawInstead: "\(lines) in \(seconds) s")
        }
    }

    @Test("An interface that is deleted and made again, or renamed and named back, is used again")
    func interface() async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            try await experiment.startPair(.ours)
            let removal = Fault.removal(LinkEnd("node1", "eth0"))
            let begin = try lab.inject(removal).began
            try await lab.expect("node2 takes over", within: .seconds(2), since: begin) { $0.isClaim(by: "node2") }
            try await experiment.expectLine("FAULT", on: "node1", since: begin)
            let back = try lab.heal(removal).began
            try await lab.expect("node1 takes it back", within: .seconds(5), since: back) { $0.isClaim(by: "node1") }
            try await lab.expect("with the address", within: .seconds(1), since: back) {
                $0.isAddition(of: Segment.virtualAddress, to: "node1")
            }
            let renamed = lab.step("eth0 becomes lan0")
            try experiment.rename("eth0", to: "lan0", on: "node1")
            try await lab.expect("node2 takes over", within: .seconds(2), since: renamed) { $0.isClaim(by: "node2") }
            let named = lab.step("lan0 becomes eth0")
            try experiment.rename("lan0", to: "eth0", on: "node1")
            try await lab.expect("node1 takes it back", within: .seconds(5), since: named) { $0.isClaim(by: "node1") }
        }
    }

    @Test("What the kernel could not tell a daemon that stood still is found out within two hundred milliseconds")
    func overflow() async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            // Slow enough that nobody takes over meanwhile.
            let interval = "2"
            try await experiment.startPair(
                .ours, InstanceText(priority: 150, interval: interval), InstanceText(priority: 100, interval: interval))
            let daemon = try lab["node1"].process("daemon")
            try daemon.send(signal: SIGSTOP)
            try experiment.changeAddresses(20_000, on: "node1")
            try experiment.removeAddress("192.168.1.100/24", from: "node1")
            // The lab has as much to read: it is not to take the processors from the daemon when that goes on.
            await experiment.watch(for: .seconds(1))
            let begin = lab.step("node1 goes on")
            try daemon.send(signal: SIGCONT)
            let back = try await lab.expect("the address is back", within: .seconds(3), since: begin) {
                $0.isAddition(of: Segment.virtualAddress, to: "node1")
            }
            print("lost notifications are made up for in \((back.time - begin).text)")
            experiment.claim("it is back", back.time - begin, atMost: .milliseconds(200))
            await experiment.watch(for: .seconds(1))
            experiment.claimNever("node1 changes its state", in: begin...MonotonicClock.now) {
                $0.isTransition(on: "node1")
            }
        }
    }
}

extension Experiment {
    /// Removes an address as an administrator could, from eth0.
    func removeAddress(_ text: String, from node: String) throws {
        let prefix = try #require(IPPrefix(text))
        try lab[node].withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in
            let index = try routes.link(named: "eth0").index
            try routes.removeAddress(AddressRecord(prefix, interfaceIndex: index))
        }
    }

    /// Adds an address as an administrator could, to eth0.
    func addAddress(_ text: String, to node: String) throws {
        let prefix = try #require(IPPrefix(text))
        try lab[node].withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in
            let index = try routes.link(named: "eth0").index
            try routes.addAddress(AddressRecord(prefix, interfaceIndex: index))
        }
    }

    /// Renames an interface while it is up.
    func rename(_ name: String, to other: String, on node: String) throws {
        try lab[node].withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in
            try routes.renameLink(try routes.link(named: name).index, to: other)
        }
    }

    /// Adds and removes so many addresses on the loopback interface: each is told to everyone who listens.
    func changeAddresses(_ count: Int, on node: String) throws {
        try lab[node].withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in
            for number in 0..<count {
                let address = IPv4Address(127, 1, UInt8(number / 250), UInt8(number % 250 + 1))
                let record = AddressRecord(IPPrefix(host: .v4(address)), interfaceIndex: 1)
                try routes.addAddress(record)
                try routes.removeAddress(record)
            }
        }
    }
}

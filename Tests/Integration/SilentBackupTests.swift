import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

/// A virtual MAC address is the master's alone (RFC 9568 §7.3): switches send its traffic to whoever spoke with it
/// last, and a backup that speaks with it takes the traffic away until the master speaks again.
@Suite("A virtual Ethernet address of a backup", .requiresNamespaces)
struct SilentBackupTests {
    /// When a kernel or a daemon may feel like speaking.
    enum Occasion: String, Sendable, CaseIterable {
        /// A backup starts beside a master.
        case start
        /// A reload makes it a backup of a virtual router more.
        case reload
        /// Its interface goes down and comes up again.
        case linkDown
        /// A better one makes a master a backup.
        case preemption
        /// A router of the link advertises a prefix to make addresses from.
        case routerAdvertisement
        /// A master stops.
        case stop
        /// A master dies, and its kernel takes leave of its groups.
        case kill
    }

    /// Ours on every occasion; what keepalived does on some is printed.
    struct Trial: Sendable, CustomTestStringConvertible {
        var implementation: Implementation
        var occasion: Occasion
        var family: AddressFamily

        var testDescription: String { "\(implementation.rawValue), \(occasion.rawValue), \(family.rawValue)" }

        static let available = Implementation.available.flatMap { implementation in
            (implementation == .ours ? Occasion.allCases : [.start, .reload, .kill]).flatMap { occasion in
                AddressFamily.allCases.map {
                    Trial(implementation: implementation, occasion: occasion, family: $0)
                }
            }
        }
    }

    @Test("It is silent, and switches keep it where the master is", arguments: Trial.available)
    func silence(_ trial: Trial) async throws {
        let title = trial.testDescription
        let found = try await Experiment.run(Self.topology(for: trial.occasion), titled: title) { experiment in
            let scene = SilenceScene(experiment, trial)
            let (node, begin) = try await scene.play(trial.occasion)
            // The kernel repeats a report within a second.
            await experiment.watch(for: .milliseconds(1300))
            let window = begin...MonotonicClock.now
            let slips = scene.slips(of: node, in: window)
            if trial.implementation == .ours {
                experiment.claim("\(node) does not speak with \(scene.station)", slips.isEmpty, sawInstead: "\(slips)")
                scene.claimWitnesses(from: node, in: window)
            }
            return slips
        }
        guard let found else { return }
        print("a virtual MAC address of a backup, \(title): \(found.isEmpty ? "silent" : "\(found)")")
    }

    /// Routers listen to one group more when they forward, and heed no advertisements of others then.
    private static func topology(for occasion: Occasion) -> Topology {
        Topology(
            ["node1", "node2", "client"].map { name in
                var node = Segment.node(name)
                if name != "client", occasion != .routerAdvertisement {
                    node.settings["net.ipv6.conf.all.forwarding"] = "1"
                }
                return node
            })
    }
}

/// Two routers and what becomes of their virtual MAC address.
private struct SilenceScene: Sendable {
    let experiment: Experiment
    private let implementation: Implementation
    private let family: AddressFamily
    let station: MACAddress
    private let master: InstanceText
    private let backup: InstanceText

    private var lab: Lab { experiment.lab }
    private var address: IPAddress {
        family == .ipv4 ? Segment.virtualAddress : IPAddress("2001:db8::100") ?? Segment.virtualAddress
    }

    init(_ experiment: Experiment, _ trial: SilentBackupTests.Trial) {
        (self.experiment, implementation, family) = (experiment, trial.implementation, trial.family)
        station = .virtualRouter(51, trial.family)
        // A cable that is up again takes a second until it carries frames, and the master is not missed meanwhile.
        var text = InstanceText(priority: 150, interval: trial.occasion == .linkDown ? "1" : "0.1")
        text.addresses = family == .ipv4 ? ["192.168.1.100/24"] : ["2001:db8::100/64"]
        text.lines = ["use_vmac"]
        master = text
        text.priority = 100
        backup = text
    }

    /// Brings the occasion about. Returns who must not speak with the virtual MAC address, and from when on.
    func play(_ occasion: SilentBackupTests.Occasion) async throws -> (node: String, begin: Instant) {
        switch occasion {
        case .start:
            try await experiment.startPair(implementation.pair, master, backup)
            return ("node2", lab.start)
        case .reload: return ("node2", try await reload())
        case .linkDown: return ("node2", try await linkDown())
        case .preemption: return ("node2", try await preemption())
        case .routerAdvertisement: return ("node2", try await routerAdvertisement())
        case .stop:
            return ("node1", try await end(by: .terminate(experiment.daemon(of: "node1"))))
        case .kill:
            return ("node1", try await end(by: .kill(experiment.daemon(of: "node1"), .tree)))
        }
    }

    private func reload() async throws -> Instant {
        try experiment.start(implementation, on: "node1", master.text)
        try await lab.expect("node1 is the master", within: .seconds(8), since: lab.start) { $0.isClaim(by: "node1") }
        let other = InstanceText(name: "VI_2", virtualRouterID: 52, addresses: ["192.168.1.101/24"])
        try experiment.start(implementation, on: "node2", other.text)
        let ready = try await experiment.expectLine("Entering MASTER STATE", on: "node2")
        let begin = try experiment.reload("node2", other.text + backup.text)
        try await experiment.expectLine("(VI_1) Entering BACKUP STATE", on: "node2", since: ready.time)
        return begin
    }

    private func linkDown() async throws -> Instant {
        try await experiment.startPair(implementation.pair, master, backup)
        let fault = Fault.linkDown(LinkEnd("node2", "eth0"))
        let begin = try lab.inject(fault).began
        try await experiment.expectLine("Entering FAULT STATE", on: "node2", since: begin)
        let healed = try lab.heal(fault).began
        try await experiment.expectLine("Entering BACKUP STATE", on: "node2", since: healed)
        try await lab.expect("node2 hears node1", within: .seconds(3), since: healed) { $0.isHeard(at: "node2") }
        return lab.start
    }

    private func preemption() async throws -> Instant {
        try experiment.start(implementation, on: "node2", backup.text)
        let claim = try await lab.expect("node2 is the master", within: .seconds(8), since: lab.start) {
            $0.isClaim(by: "node2")
        }
        // It has announced its address for the last time.
        await experiment.watch(for: .milliseconds(400))
        try experiment.start(implementation, on: "node1", master.text)
        let removal = try await lab.expect("node2 yields", within: .seconds(8), since: claim.time) {
            $0.isRemoval(of: address, from: "node2")
        }
        try await lab.expect("node1 is the master", within: .seconds(3), since: removal.time) {
            $0.isClaim(by: "node1")
        }
        return removal.time
    }

    private func routerAdvertisement() async throws -> Instant {
        try await experiment.startPair(implementation.pair, master, backup)
        let prefix = IPAddress("2001:db8:7::")?.octets ?? []
        let begin = lab.step("client advertises 2001:db8:7::/64")
        try lab["client"].send(Self.advertisement(of: prefix), over: "eth0")
        // The kernel asks for up to two seconds whether somebody has the address.
        try await lab.expect("node2 makes an address of its own", within: .seconds(5), since: begin) { event in
            guard event.node == "node2", case .addressAdded(let made, "eth0") = event.kind else { return false }
            return made.address.octets.starts(with: prefix.prefix(8))
        }
        return lab.start
    }

    private func end(by fault: Fault) async throws -> Instant {
        try await experiment.startPair(implementation.pair, master, backup)
        let begin = try lab.inject(fault).began
        return try await lab.expect("node2 takes over", within: .seconds(3), since: begin) {
            $0.isClaim(by: "node2")
        }.time
    }

    /// A router that is no default router advertises a network whose addresses hosts make themselves.
    private static func advertisement(of prefix: [UInt8]) -> [UInt8] {
        let (source, group) = (IPAddress("fe80::50"), IPAddress("ff02::1"))
        guard let source, let group else { return [] }
        var message: [UInt8] = [134, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        message += [3, 4, 64, 0xc0, 0, 0, 14, 16, 0, 0, 14, 16, 0, 0, 0, 0] + prefix
        let checksum = InternetChecksum.of(message, source: source, destination: group, protocol: 58)
        (message[2], message[3]) = (UInt8(checksum >> 8), UInt8(checksum & 0xff))
        let packet = IPPacket(source: source, destination: group, hopLimit: 255, protocolNumber: 58, payload: message)
        return EthernetFrame(
            destination: .multicast(group), source: Segment.macAddress(of: "client"),
            etherType: EthernetFrame.EtherType.ipv6, payload: packet.serialized()
        ).serialized()
    }
}

extension SilenceScene {
    /// What a node sent with the virtual MAC address, and when a bridge believed that it is there.
    func slips(of node: String, in window: ClosedRange<Instant>) -> [String] {
        lab.timeline[window].compactMap { event in
            let time = (event.time - window.lowerBound).text
            if event.node == node, event.isSent, let frame = event.frame, frame.ethernet.source == station {
                return "\(time): \(frame.content)"
            }
            if case .forwarding(station, let change) = event.kind, change.now?.node == node {
                return "\(time): \(station) \(change)"
            }
            return nil
        }
    }

    /// States that what must not be seen could have been seen: the other one speaks with the virtual MAC address, and
    /// the node reports its group with an address of its own.
    func claimWitnesses(from node: String, in window: ClosedRange<Instant>) {
        let other = node == "node1" ? "node2" : "node1"
        let timeline = lab.timeline
        experiment.claim(
            "\(other) speaks with \(station)",
            timeline[window].contains { $0.isClaim(by: other) && $0.frame?.ethernet.source == station })
        experiment.claim(
            "\(station) is behind \(other)",
            timeline.last(before: window.upperBound) { event in
                if case .forwarding(station, _) = event.kind { true } else { false }
            }.map { event in
                if case .forwarding(_, let change) = event.kind { change.now?.node == other } else { false }
            } ?? false)
        experiment.claim(
            "\(node) reports its group with its own address",
            timeline.contains { event in
                guard event.node == node, event.isSent, let frame = event.frame,
                    frame.ethernet.source == Segment.macAddress(of: node), case .group(let message, _) = frame.content,
                    case .records(let records) = message.content
                else { return false }
                return records.contains { $0.group == family.vrrpGroup }
            })
    }
}

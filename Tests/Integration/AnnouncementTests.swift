import NetnsKit
import NetnsTesting
import Synchronization
import Testing
import Timeline
import Wire

/// What clients notice of two masters that become one again.
@Suite("Announcements", .requiresNamespaces)
struct AnnouncementTests {
    /// How two routers come to be masters at once.
    enum Split: String, Sendable, CaseIterable {
        /// The client stays with node2.
        case partition
        /// Only VRRP is filtered: the client reaches both.
        case mute

        var fault: Fault {
            switch self {
            case .partition: .partition(segment: "lan", [["node2", "client"], ["node1"]])
            case .mute: .mute(LinkEnd("node1", "eth0"), ipProtocol: VRRPPacket.protocolNumber)
            }
        }
    }

    @Test(
        "When two masters become one, in whatever phase, clients miss it no longer than there were two",
        arguments: Pair.available, Split.allCases)
    func heal(_ pair: Pair, _ split: Split) async throws {
        let outages = try await Experiment.run { experiment in
            try await experiment.startPair(pair)
            let probe = try experiment.lab["client"].probe(Segment.vip, over: "eth0")
            var outages: [Duration] = []
            // What keepalived does without us takes long to get over, and is only printed.
            for phase in 0..<(pair == .keepalived ? 4 : 10) {
                outages.append(try await Self.round(phase, split, pair, experiment))
            }
            probe.stop()
            return outages
        }
        let text = (outages ?? []).map { $0.decimalSeconds(digits: 2) }.joined(separator: " ")
        print("missed by a client after a \(split.rawValue) heals, \(pair.rawValue), in seconds: \(text)")
    }

    private static func round(
        _ phase: Int, _ split: Split, _ pair: Pair, _ experiment: Experiment
    ) async throws -> Duration {
        let lab = experiment.lab
        let begin = try lab.inject(split.fault).began
        let second = try await lab.expect("node2 takes over", within: .seconds(2), since: begin) {
            $0.isClaim(by: "node2")
        }
        // The phases of both masters' advertisements drift apart by themselves; this makes sure of it.
        await experiment.watch(for: second.time + .milliseconds(200 + phase * 10) - lab.step("both are masters"))
        let healed = try lab.heal(split.fault).began
        let yielded = try await lab.expect("node2 yields", within: .seconds(2), since: healed) {
            $0.isRemoval(of: Segment.virtualAddress, from: "node2")
        }
        await experiment.watch(for: .milliseconds(600))
        let outage = lab.timeline.longestOutage(
            of: Segment.virtualAddress, seenBy: "client", askingEvery: .milliseconds(10),
            during: healed...healed + .milliseconds(600))
        let both = yielded.time - healed
        // A keepalived that yields says nothing, so nobody can know that the clients have to be told anew.
        if pair.implementations.second == .ours {
            experiment.claim("phase \(phase): two masters", both, atMost: .milliseconds(250))
            experiment.claim("phase \(phase): missed by the client", outage, atMost: both + .milliseconds(100))
            let answers = lab.timeline.echoAnswers(from: Segment.virtualAddress, to: "client")
            experiment.claim(
                "phase \(phase): node1 answers", answers.last?.responder == Segment.macAddress(of: "node1"),
                sawInstead: "\(answers.last as Any)")
        }
        // The next round begins with a client that knows the way.
        try await lab.expect("the client is answered", within: .seconds(8), since: healed + .milliseconds(600)) {
            $0.isEchoReply(to: "client")
        }
        return outage
    }
}

@Suite("A virtual Ethernet address", .requiresNamespaces)
struct VirtualMACTests {
    @Test(
        "After the death of a master with use_vmac its clients follow the takeover at once",
        arguments: Pair.available)
    func takeover(_ pair: Pair) async throws {
        let delay = try await Experiment.run { experiment -> Duration in
            let lab = experiment.lab
            // Longer than a second of silence: for so long a dead node's kernel may still leave its groups, with the
            // virtual address as source.
            let interval = "0.4"
            try await experiment.startPair(
                pair, InstanceText(priority: 150, interval: interval).with("use_vmac"),
                InstanceText(priority: 100, interval: interval).with("use_vmac"))
            let probe = try lab["client"].probe(Segment.vip, over: "eth0")
            try await lab.expect("node1 answers", within: .seconds(3), since: lab.start) {
                $0.isEchoReply(from: "node1")
            }
            let fault = try lab.inject(.kill(experiment.daemon(of: "node1"), .tree)).began
            let first = try await lab.expect("node2 takes over", within: .seconds(2), since: fault) {
                $0.isClaim(by: "node2")
            }
            let answer = try await lab.expect("node2 answers", within: .seconds(5), since: first.time) {
                $0.isEchoReply(from: "node2")
            }
            await experiment.watch(for: .milliseconds(500))
            probe.stop()
            let delay = answer.time - first.time
            if pair.implementations.second == .ours {
                experiment.claim("node2 answers", delay, atMost: .milliseconds(100))
                experiment.claimNever(
                    "node1 answers again", in: first.time + .milliseconds(150)...lab.timeline.endTime
                ) { $0.isEchoReply(from: "node1") }
            }
            let group = MACAddress("00:00:5e:00:01:33")
            experiment.claim(
                "the virtual address speaks", first.frame?.ethernet.source == group,
                sawInstead: "\(first.frame?.ethernet.source as Any)")
            return delay
        }
        print("use_vmac, \(pair.rawValue): clients follow \(delay?.text ?? "never") after the first advertisement")
    }
}

extension TimelineEvent {
    /// An answer of the virtual address that left a node.
    func isEchoReply(from node: String) -> Bool {
        self.node == node && isSent && isEchoReply
    }

    /// An answer of the virtual address that reached a node.
    func isEchoReply(to node: String) -> Bool {
        self.node == node && frameDirection == .received && isEchoReply
    }

    private var isEchoReply: Bool {
        guard case .icmp(let message, let packet)? = frame?.content else { return false }
        return packet.source == Segment.virtualAddress && message.kind == .echoReply
    }
}

import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

/// What others on the segment may send: it must not move anything, and cost little.
@Suite("Hostile packets", .requiresNamespaces)
struct HostilePacketTests {
    @Test("Two invalid packets a second change nothing, whatever is wrong with them", arguments: Forgery.Flaw.allCases)
    func trickle(_ flaw: Forgery.Flaw) async throws {
        let topology = Topology(["node1", "node2", "stranger"].map { Segment.node($0) })
        try await Experiment.run(topology) { experiment in
            let lab = experiment.lab
            try await experiment.startPair(.ours, flaw.instance(priority: 150), flaw.instance(priority: 100))
            let frames = (0..<16).map { Forgery(flaw, number: $0).frame(to: nil) }
            let begin = lab.step("two packets a second")
            let stream = try lab["stranger"].stream(frames, over: "eth0", rate: 2)
            await experiment.watch(for: .seconds(8))
            stream.stop()
            let window = begin...lab.step("quiet again")
            experiment.claim("the packets were sent", stream.sentCount >= 15, sawInstead: "\(stream.sentCount)")
            let heard = lab.timeline[window].count {
                $0.node == "node1" && $0.frameDirection == .received && $0.frame?.ethernet.source == Forgery.source
            }
            experiment.claim("node1 got them", heard >= 15, sawInstead: "\(heard)")
            for node in ["node1", "node2"] {
                experiment.claimNever("\(node) changes its state", in: window) { $0.isTransition(on: node) }
            }
            experiment.claim(
                "node1 advertises as if nothing were",
                lab.timeline.longestAdvertGap(heardBy: "node2", during: window),
                atMost: flaw.interval + .milliseconds(30))
            experiment.claimFewLines(of: "node1", in: window)
        }
    }

    @Test("One forged advertisement with the longest interval there is silences the group for seconds, not minutes")
    func longInterval() async throws {
        let topology = Topology(["node1", "node2", "stranger"].map { Segment.node($0) })
        try await Experiment.run(topology) { experiment in
            let lab = experiment.lab
            let (master, backup) = (InstanceText.master, InstanceText.backup)
            try await experiment.startPair(.ours, master, backup)
            let begin = lab.step("priority 200, every 40.95 s")
            try lab["stranger"].send(Forgery.takeover(interval: .milliseconds(40_950)), over: "eth0")
            try await lab.expect("node1 yields", within: .seconds(1), since: begin) {
                $0.isRemoval(of: Segment.virtualAddress, from: "node1")
            }
            // Four times its own interval is the longest that it believes: 3 * 0.4 s and a skew of at most 0.4 s.
            let back = try await lab.expect("there is a master again", within: .seconds(5), since: begin) {
                $0.isClaim(by: "node1") && $0.time > begin + .milliseconds(50)
            }
            experiment.claim("it takes 4 intervals of 0.4 s at most", back.time - begin, atMost: .milliseconds(1650))
            let text = (back.time - begin).text
            print("no master after one forged advertisement of 40.95 s: ours for \(text)")
        }
    }
}

extension Experiment {
    /// States that a node's log stayed short: one line a second is what an administrator can read.
    func claimFewLines(of node: String, in window: ClosedRange<Instant>) {
        let lines = lines(of: node, since: window.lowerBound).count { !$0.contains("gratuitous ARP") }
        let limit = Int((window.upperBound - window.lowerBound).inSeconds) + 2
        claim("\(node) logs a line a second at most", lines <= limit, sawInstead: "\(lines) lines")
    }
}

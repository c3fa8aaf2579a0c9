import Chance
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("Routers on a switch in user space", .requiresNamespaces, .requiresTapDevices)
struct FabricTests {
    private static var topology: Topology {
        var topology = Segment.topology
        topology.segments = [SegmentDescription("lan", fabric: .userSpace)]
        return topology
    }

    @Test("a backup takes over when the master dies, and its neighbors hear of it", arguments: Pair.available)
    func failover(_ pair: Pair) async throws {
        try await Experiment.run(Self.topology) { experiment in
            try await experiment.startPair(pair)
            let lab = experiment.lab
            let crash = try lab.inject(.kill(experiment.daemon(of: "node1"), .tree)).began
            try await lab.expect("node2 announces the address", within: .seconds(3), since: crash) {
                $0.isAnnouncement(of: Segment.virtualAddress, from: "node2")
            }
            try await experiment.expectMaster("node2", heardBy: "client", since: crash)
            let last = lab.timeline.last(before: crash) { $0.isAdvertisement(from: "node1") }
            let first = lab.timeline.first(after: crash) { $0.isAdvertisement(from: "node2") }
            guard let last, let first else { return experiment.claim("both advertised", false) }
            // Three intervals of 100 ms and the skew of priority 100, 156/256 of one.
            experiment.claim(
                "the backup waits for three intervals and its skew", first.time - last.time,
                within: .milliseconds(355) ... .milliseconds(480))
        }
    }

    @Test("two advertisements in a row that get lost move nothing, three that get lost do", arguments: [2, 3])
    func lostAdvertisements(count: Int) async throws {
        try await Experiment.run(Self.topology) { experiment in
            try await experiment.startPair(.ours)
            let lab = experiment.lab
            let lost = Impairment(loss: 1, on: .nth(Set(5..<5 + count), .vrrp))
            let start = try lab.inject(.impair(LinkEnd("node1", "eth0"), .sent, lost)).began
            try await lab.expect("the last of them is lost", within: .seconds(3), since: start) {
                guard case .impaired(let frame) = $0.kind else { return false }
                return frame.ordinal == 4 + count
            }
            try await lab.expect("node1 is heard again", within: .seconds(3), since: start + .milliseconds(700)) {
                $0.isHeard(at: "client")
            }
            let hasTakenOver = lab.timeline[start...].contains { $0.isAdvertisement(from: "node2") }
            experiment.claim("node2 takes over exactly when it must", hasTakenOver == (count == 3))
        }
    }
}

import LabCourse
import NetnsKit
import NetnsTesting
import Synchronization
import Testing
import Timeline
import Wire

@Suite("Figures, ours beside keepalived's from the same run", .requiresNamespaces, .serialized)
struct FigureTests {
    /// Takeovers that a run measures for each row of the table.
    private static let rounds = 5

    @Test("a takeover takes what the protocol says")
    func takeovers() async throws {
        let rows: [(title: String, experiment: Experiment, bound: ClosedRange<Duration>)] = [
            ("v2, 1 s, priority 100: killed", Experiment(.crash), .milliseconds(3607)...(.milliseconds(3660))),
            ("v2, 1 s, priority 100: resigned", Experiment(.stop), .milliseconds(607)...(.milliseconds(660))),
            (
                "v3, 0.1 s, priority 100: killed", Experiment(.crash, isFast: true),
                .milliseconds(359)...(.milliseconds(375))
            ),
        ]
        var table = ["takeover from the last advertisement heard; median (min..max), in seconds"]
        for row in rows {
            let ours = try await Self.measure(row.experiment, .ours)
            for figure in ours { #expect(row.bound.contains(figure.takeover), "\(row.title)") }
            var line = "\(row.title): ours \(Self.summary(ours.map(\.takeover)))"
            if Pair.hasKeepalived {
                let theirs = try await Self.measure(row.experiment, .keepalived)
                line += ", keepalived \(Self.summary(theirs.map(\.takeover)))"
            }
            table.append(line)
        }
        print(table.joined(separator: "\n"))
    }

    @Test("the address and the first gratuitous ARP follow the first advertisement within a millisecond")
    func announcements() async throws {
        let ours = try await Self.measure(Experiment(.crash, isFast: true), .ours, sideBySide: 1)
        // The kernel does not stamp the address's event: it lies between these two instants, and before the first ARP.
        #expect(Self.median(ours.map(\.address.lowerBound)) < .milliseconds(1))
        #expect(ours.allSatisfy { $0.address.lowerBound < $0.announcement })
        #expect(Self.median(ours.map(\.announcement)) < .milliseconds(1))
        var table = ["after the first advertisement; median (min..max), in seconds", Self.line("ours", ours)]
        if Pair.hasKeepalived {
            let theirs = try await Self.measure(Experiment(.crash, isFast: true), .keepalived, sideBySide: 1)
            table.append(Self.line("keepalived", theirs))
        }
        print(table.joined(separator: "\n"))
    }

    @Test("after SIGTERM vrrpd is gone within a tenth of a second")
    func orderlyEnd() async throws {
        let ours = try await Self.measure(Experiment(.stop, isFast: true), .ours)
        for figure in ours { #expect(try #require(figure.end) < .milliseconds(100)) }
        var line = "from SIGTERM to the end of the process: ours \(Self.summary(ours.compactMap(\.end)))"
        if Pair.hasKeepalived {
            let theirs = try await Self.measure(Experiment(.stop, isFast: true), .keepalived)
            line += ", keepalived \(Self.summary(theirs.compactMap(\.end)))"
        }
        print(line)
    }

    /// What is done to the master, and with which protocol.
    struct Experiment: Sendable {
        enum End: Sendable { case crash, stop }
        var end: End
        /// VRRPv3 with 100 ms between advertisements, instead of v2 with a second.
        var isFast: Bool

        init(_ end: End, isFast: Bool = false) {
            self.end = end
            self.isFast = isFast
        }
    }

    /// What one takeover showed.
    struct Figure: Sendable {
        /// From the last advertisement heard to the first one sent.
        var takeover: Duration
        /// From the first advertisement to the address in the kernel: at least, and until it was reported.
        var address: ClosedRange<Duration>
        /// From the first advertisement to the first gratuitous ARP.
        var announcement: Duration
        /// From the signal to the end of the old master's process.
        var end: Duration?
    }

    /// Several rounds, so many of them at a time; one that the host spoiled is done again.
    private static func measure(
        _ experiment: Experiment, _ pair: Pair, sideBySide width: Int = rounds
    ) async throws -> [Figure] {
        try await withThrowingTaskGroup(of: Figure.self) { group in
            var figures: [Figure] = []
            for number in 0..<rounds {
                if number >= width, let figure = try await group.next() { figures.append(figure) }
                group.addTask { try await trustedRound(experiment, pair) }
            }
            return try await group.reduce(into: figures) { $0.append($1) }
        }
    }

    private static func trustedRound(_ experiment: Experiment, _ pair: Pair) async throws -> Figure {
        for _ in 0..<4 {
            if let figure = try await round(experiment, pair) { return figure }
        }
        throw Spoiled()
    }

    /// The host stood still in each of several attempts.
    private struct Spoiled: Error {}

    /// One takeover; nil when the host stood still meanwhile.
    private static func round(_ experiment: Experiment, _ pair: Pair) async throws -> Figure? {
        let programs = try pair.programs()
        let vip = IPAddress.v4(IPv4Address(192, 168, 1, 100))
        return try await Lab.run(Machine.pair) { lab -> Figure? in
            for (node, program, priority) in [("node1", programs.first, 150), ("node2", programs.second, 100)] {
                try lab[node].write(configuration(priority, experiment), to: "/etc/keepalived/keepalived.conf")
                try lab[node].start(
                    program.path, program.arguments(configuration: "/etc/keepalived/keepalived.conf"), as: "daemon")
            }
            try await lab.expect("node1 is heard twice", within: .seconds(8), since: lab.start) { timeline, _ in
                timeline.filter { $0.node == "node2" && $0.frameDirection == .received && $0.advertisement != nil }
                    .dropFirst().first
            }
            let name = ProcessName("daemon", on: "node1")
            let fault = try lab.inject(experiment.end == .crash ? .kill(name, .tree) : .terminate(name)).began
            let first = try await lab.expect("node2 takes over", within: .seconds(6), since: fault) {
                $0.isAdvertisement(from: "node2", for: vip)
            }
            let address = try await lab.expect("its address", within: .seconds(1), since: first.earliestTime) {
                $0.isAddition(of: vip, to: "node2")
            }
            let announcement = try await lab.expect("its ARP", within: .seconds(1), since: first.time) {
                $0.isAnnouncement(of: vip, from: "node2")
            }
            let end = try await lab.expect("the old master's end", within: .seconds(8), since: fault) {
                if case .exited("daemon", _) = $0.kind { $0.node == "node1" } else { false }
            }
            let timeline = lab.timeline
            guard timeline.stalls(in: fault...end.time).isEmpty, timeline.stalls(in: fault...announcement.time).isEmpty,
                let delay = timeline.takeover(of: vip, from: "node1", to: "node2", after: fault)?.delay
            else { return nil }
            return Figure(
                takeover: delay, address: address.earliestTime - first.time...address.time - first.time,
                announcement: announcement.time - first.time,
                end: end.time - fault)
        }
    }

    private static func configuration(_ priority: Int, _ experiment: Experiment) -> String {
        """
        vrrp_instance VI_1 {
            state BACKUP
            interface eth0
            version \(experiment.isFast ? 3 : 2)
            virtual_router_id 51
            priority \(priority)
            advert_int \(experiment.isFast ? "0.1" : "1")
            virtual_ipaddress {
                192.168.1.100/24
            }
        }
        """
    }

    private static func line(_ daemon: String, _ figures: [Figure]) -> String {
        let address = summary(figures.map(\.address.upperBound))
        return "\(daemon): address reported \(address), ARP \(summary(figures.map(\.announcement)))"
    }

    private static func median(_ values: [Duration]) -> Duration {
        values.sorted()[values.count / 2]
    }

    private static func summary(_ values: [Duration]) -> String {
        let sorted = values.sorted()
        let text = { (value: Duration) in value.decimalSeconds(digits: 4) }
        return "\(text(median(values))) (\(text(sorted[0]))..\(text(sorted[sorted.count - 1])))"
    }
}

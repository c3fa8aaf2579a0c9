import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("A reload", .requiresNamespaces)
struct ReloadTests {
    /// What may be in the file when the administrator says SIGHUP.
    enum Mishap: String, Sendable, CaseIterable {
        case empty
        case deleted
        case truncated
        case noSuchInterface
        case openQuote
        case twoOfOneID

        func text(from sound: String) -> String? {
            switch self {
            case .empty: ""
            case .deleted: nil
            case .truncated: String(sound.prefix(sound.count * 2 / 3))
            case .noSuchInterface: sound.replacing("interface eth0", with: "interface eth7")
            case .openQuote: sound.replacing("interface eth0", with: "interface \"eth0")
            case .twoOfOneID: sound + sound.replacing("VI_1", with: "VI_2")
            }
        }
    }

    @Test("A file that cannot be used is refused with a reason, and everything goes on", arguments: Mishap.allCases)
    func refused(_ mishap: Mishap) async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            try await experiment.startPair(.ours)
            let begin: Instant
            if let text = mishap.text(from: InstanceText.master.text) {
                begin = try experiment.reload("node1", text)
            } else {
                _ = try await lab["node1"].run("/bin/rm", [Experiment.configurationFile])
                begin = try experiment.reload("node1")
            }
            await experiment.watch(for: .seconds(1))
            let window = begin...MonotonicClock.now
            experiment.claimStaying("node1", in: window, interval: .milliseconds(100))
            experiment.claim("the daemon lives", try lab["node1"].process("daemon").isRunning)
            let lines = experiment.lines(of: "node1", since: begin)
            experiment.claim(
                "the log says that the old configuration stays",
                lines.contains { $0.lowercased().contains("refus") || $0.contains("goes on") || $0.contains("keep") },
                sawInstead: "\(lines)")
            experiment.claim("the log is short", lines.count < 20, sawInstead: "\(lines.count) lines")
            // It was not the last word: a sound file is taken.
            try experiment.reload("node1", InstanceText.master.with("advert_int 0.2").text)
            try await lab.expect("a sound file is taken", within: .seconds(2), since: window.upperBound) {
                $0.isClaim(by: "node1") && $0.advert?.interval == .milliseconds(200)
            }
        }
    }

    @Test("Another priority is on the wire at once, and the address does not blink")
    func priority() async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            try await experiment.startPair(.ours)
            let begin = try experiment.reload("node1", InstanceText(priority: 140).text)
            let first = try await lab.expect("140 is advertised", within: .seconds(1), since: begin) {
                $0.isClaim(by: "node1") && $0.advert?.priority == 140
            }
            experiment.claim("140 is advertised", first.time - begin, atMost: .milliseconds(150))
            await experiment.watch(for: .milliseconds(600))
            experiment.claimStaying("node1", in: begin...MonotonicClock.now, interval: .milliseconds(100))
        }
    }

    @Test("An address that is added comes and is announced, one that is taken away goes, and the others do not blink")
    func addresses() async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            let added = IPAddress.v4(IPv4Address(192, 168, 1, 101))
            try await experiment.startPair(.ours)
            var (more, backup) = (InstanceText.master, InstanceText.backup)
            more.addresses.append("192.168.1.101/24")
            backup.addresses.append("192.168.1.101/24")
            let begin = try experiment.reload("node1", more.text)
            try experiment.reload("node2", backup.text)
            try await lab.expect("the new address comes", within: .seconds(1), since: begin) {
                $0.isAddition(of: added, to: "node1")
            }
            try await lab.expect("and is announced", within: .seconds(1), since: begin) {
                $0.isAnnouncement(of: added, from: "node1")
            }
            await experiment.watch(for: .milliseconds(500))
            let back = try experiment.reload("node1", InstanceText.master.text)
            try experiment.reload("node2", InstanceText.backup.text)
            try await lab.expect("the new address goes", within: .seconds(1), since: back) {
                $0.isRemoval(of: added, from: "node1")
            }
            await experiment.watch(for: .milliseconds(500))
            experiment.claimStaying("node1", in: begin...MonotonicClock.now, interval: .milliseconds(100))
        }
    }

    @Test("An instance that is taken away says so to its peers, and one that is added begins as a backup")
    func instances() async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            let second = InstanceText(
                name: "VI_2", virtualRouterID: 52, priority: 150, addresses: ["192.168.1.102/24"])
            let address = IPAddress.v4(IPv4Address(192, 168, 1, 102))
            try await experiment.startPair(.ours)
            let begin = try experiment.reload("node1", InstanceText.master.text + second.text)
            try await lab.expect("VI_2 takes its address", within: .seconds(2), since: begin) {
                $0.isAddition(of: address, to: "node1")
            }
            let entries = experiment.lines(of: "node1", since: begin).filter { $0.contains("(VI_2) Entering") }
            experiment.claim(
                "VI_2 begins as a backup", entries.first?.contains("BACKUP") == true, sawInstead: "\(entries)")
            let end = try experiment.reload("node1", InstanceText.master.text)
            try await lab.expect("VI_2 resigns", within: .seconds(1), since: end) {
                $0.isResignation(of: "node1") && $0.advert?.virtualRouterID == 52
            }
            try await lab.expect("its address goes", within: .seconds(1), since: end) {
                $0.isRemoval(of: address, from: "node1")
            }
            experiment.claimStaying("node1", in: begin...MonotonicClock.now, interval: .milliseconds(100))
        }
    }

    @Test("A hundred signals at once are as good as one")
    func storm() async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            try await experiment.startPair(.ours)
            let begin = lab.step("a hundred SIGHUP")
            for _ in 0..<100 { try lab["node1"].process("daemon").send(signal: SignalNumber.hangUp) }
            await experiment.watch(for: .seconds(1))
            experiment.claimStaying("node1", in: begin...MonotonicClock.now, interval: .milliseconds(100))
        }
    }
}

extension Experiment {
    /// States that a master kept its address, its state and its pace.
    func claimStaying(_ node: String, in window: ClosedRange<Instant>, interval: Duration) {
        claimNever("\(node) loses the address", in: window) { $0.isRemoval(of: Segment.virtualAddress, from: node) }
        claimNever("\(node) changes its state", in: window) { event in
            event.isLine(on: node) { $0.contains("(VI_1) Entering") }
        }
        claimNever("node2 takes over", in: window) { $0.isClaim(by: "node2") }
        claim(
            "\(node) keeps its pace", lab.timeline.longestAdvertGap(heardBy: "node2", during: window),
            atMost: interval * 2 + .milliseconds(20))
    }
}

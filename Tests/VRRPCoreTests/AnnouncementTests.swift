import Testing
import VRRPCore
import Wire

@Suite("Announcements")
struct AnnouncementTests {
    /// Every announcement from now on for so long, as milliseconds from now and packets per address.
    private func announcements(_ bench: inout Bench, for duration: Duration) -> [String] {
        let start = bench.now
        var heard: [String] = []
        while let deadline = bench.router.nextDeadline, deadline <= start + duration {
            for case .announce(_, let count, _) in bench.reachDeadline() {
                heard.append("\((bench.now - start).nanoseconds / 1_000_000): \(count)")
            }
        }
        return heard
    }

    @Test("A new master announces five times, and five times more after five seconds")
    func defaults() {
        var bench = Bench(started: .tutorial())
        let start = bench.reachDeadline()
        #expect(start.contains(.announce([.first], count: 5, router: "VI_1")))
        #expect(announcements(&bench, for: .seconds(60)) == ["5000: 5"])
    }

    @Test("repeat and delay are counted as configured")
    func repeatAndDelay() {
        var bench = Bench(
            active: .tutorial {
                $0.announcement.repeatCount = 2
                $0.announcement.delay = .milliseconds(700)
            })
        #expect(announcements(&bench, for: .seconds(10)) == ["700: 2"])
    }

    @Test("A delay of zero means one burst")
    func noDelay() {
        var bench = Bench(active: .tutorial { $0.announcement.delay = .zero })
        #expect(announcements(&bench, for: .seconds(10)).isEmpty)
    }

    @Test("A refresh keeps its own rhythm, with its own count")
    func refresh() {
        var bench = Bench(
            active: .tutorial {
                $0.announcement.refresh = .milliseconds(1_500)
                $0.announcement.refreshRepeatCount = 2
            })
        #expect(announcements(&bench, for: .seconds(6)) == ["1500: 2", "3000: 2", "4500: 2", "5000: 5", "6000: 2"])
    }

    @Test("A refresh of zero is none, and does not spin")
    func noRefresh() {
        var bench = Bench(active: .tutorial { $0.announcement.refresh = .zero })
        #expect(announcements(&bench, for: .seconds(4)).isEmpty)
    }

    @Test("A weaker master is answered with a burst now and one later")
    func lowerPriority() {
        var bench = Bench(active: .tutorial())
        #expect(announcements(&bench, for: .seconds(6)) == ["5000: 5"])
        #expect(bench.hear(50).steps == ["advertise 100", "announce 1x5"])
        #expect(announcements(&bench, for: .seconds(60)) == ["5000: 5"])
    }

    @Test("The answer has a count and a delay of its own")
    func lowerPriorityPolicy() {
        var bench = Bench(
            active: .tutorial {
                $0.announcement.lowerPriorityRepeatCount = 3
                $0.announcement.lowerPriorityDelay = .seconds(2)
            })
        #expect(bench.hear(50).steps == ["advertise 100", "announce 1x3"])
        #expect(announcements(&bench, for: .seconds(60)) == ["2000: 3"])
    }

    @Test("A count of zero keeps the answer to the advertisement alone")
    func noLowerPriority() {
        var bench = Bench(active: .tutorial { $0.announcement.lowerPriorityRepeatCount = 0 })
        #expect(bench.hear(50).steps == ["advertise 100"])
        #expect(announcements(&bench, for: .seconds(60)) == ["5000: 5"])
    }

    @Test("The last burst is always repeated")
    func lastBurst() {
        var bench = Bench(active: .tutorial())
        for _ in 0..<20 { bench.hear(50, after: .milliseconds(900)) }
        #expect(announcements(&bench, for: .seconds(60)) == ["5000: 5"])
    }

    @Test("A backup announces nothing, whatever was pending")
    func backup() {
        var bench = Bench(active: .tutorial { $0.announcement.refresh = .seconds(1) })
        bench.hear(200)
        for _ in 0..<10 {
            #expect(bench.hear(200, after: .seconds(1)).isEmpty)
            #expect(bench.send(.deadline).isEmpty)
        }
    }

    @Test("A lost address alone is put back and announced")
    func lostAddress() {
        var bench = Bench(active: .tutorial { $0.addresses = [.first, .second] })
        let before = bench.state
        let actions = bench.send(.addressLost(.v4(IPv4Address(10, 9, 0, 101)), interface: "eth0"))
        #expect(
            actions == [
                .log(LogEntry(.notice, "(VI_1) Netlink reflector reports IP 10.9.0.101 removed from eth0")),
                .install([.second], router: "VI_1"),
                .announce([.second], count: 5, router: "VI_1"),
            ])
        #expect(bench.state == before)
    }
}

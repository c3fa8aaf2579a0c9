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

    @Test("A weaker master is answered with a burst now, soon, a second later, and when keepalived repeats it")
    func lowerPriority() {
        var bench = Bench(active: .tutorial())
        #expect(announcements(&bench, for: .seconds(6)) == ["5000: 5"])
        #expect(bench.hear(50).steps == ["advertise 100", "announce 1x5", "MASTER_RX_LOWER_PRI 100"])
        #expect(announcements(&bench, for: .seconds(60)) == ["100: 5", "1000: 5", "5000: 5"])
    }

    @Test("A takeover from a weaker master is announced again, soon and a second later")
    func contested() {
        var bench = Bench(started: .tutorial())
        for _ in 0..<3 { bench.hear(50, after: .seconds(1)) }
        #expect(bench.reachDeadline().steps == ["advertise 100", "install 1", "announce 1x5", "MASTER 100"])
        #expect(announcements(&bench, for: .seconds(60)) == ["100: 5", "1000: 5", "5000: 5"])
    }

    @Test("A takeover from a weaker master that resigned in time is an ordinary one")
    func resigned() {
        var bench = Bench(started: .tutorial())
        bench.hear(50, after: .seconds(1))
        bench.hear(0, after: .milliseconds(1))
        bench.reachDeadline()
        #expect(announcements(&bench, for: .seconds(60)) == ["5000: 5"])
    }

    @Test("A takeover from a stronger master that fell silent is an ordinary one")
    func silence() {
        var bench = Bench(started: .tutorial())
        for _ in 0..<3 { bench.hear(200, after: .seconds(1)) }
        bench.reachDeadline()
        #expect(announcements(&bench, for: .seconds(60)) == ["5000: 5"])
    }

    @Test("A master that hears another one resign announces: until then there were two")
    func lastOfTwo() {
        var bench = Bench(active: .tutorial())
        #expect(bench.hear(0).steps == ["advertise 100", "announce 1x5"])
        #expect(announcements(&bench, for: .seconds(60)) == ["100: 5", "1000: 5", "5000: 5"])
    }

    @Test("However fast weaker masters speak, bursts come at most every 100 ms, and one comes after the last of them")
    func flood() {
        var bench = Bench(active: .tutorial { $0.announcement.delay = .zero })
        var bursts: [Instant] = []
        for _ in 0..<2_000 {
            bench.hear(50, after: .milliseconds(1)).steps.filter { $0 == "announce 1x5" }.forEach { _ in
                bursts.append(bench.now)
            }
            guard bench.router.nextDeadline.map({ $0 <= bench.now }) == true else { continue }
            bench.send(.deadline).steps.filter { $0 == "announce 1x5" }.forEach { _ in bursts.append(bench.now) }
        }
        #expect(bursts.count == 20)
        #expect(zip(bursts, bursts.dropFirst()).allSatisfy { $1 - $0 >= .milliseconds(100) })
        #expect(announcements(&bench, for: .seconds(60)) == ["1: 5", "1000: 5"])
    }

    @Test("The answer has a count and a delay of its own")
    func lowerPriorityPolicy() {
        var bench = Bench(
            active: .tutorial {
                $0.announcement.lowerPriorityRepeatCount = 3
                $0.announcement.lowerPriorityDelay = .seconds(2)
            })
        #expect(bench.hear(50).steps == ["advertise 100", "announce 1x3", "MASTER_RX_LOWER_PRI 100"])
        #expect(announcements(&bench, for: .seconds(60)) == ["100: 3", "1000: 3", "2000: 3"])
    }

    @Test("A count of zero keeps the answer to the advertisement alone")
    func noLowerPriority() {
        var bench = Bench(active: .tutorial { $0.announcement.lowerPriorityRepeatCount = 0 })
        #expect(bench.hear(50).steps == ["advertise 100", "MASTER_RX_LOWER_PRI 100"])
        #expect(announcements(&bench, for: .seconds(60)) == ["5000: 5"])
    }

    @Test("The last burst is always repeated")
    func lastBurst() {
        var bench = Bench(active: .tutorial())
        for _ in 0..<20 {
            bench.hear(50)
            _ = announcements(&bench, for: .milliseconds(900))
        }
        bench.hear(50)
        #expect(announcements(&bench, for: .seconds(60)) == ["100: 5", "1000: 5", "5000: 5"])
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
}

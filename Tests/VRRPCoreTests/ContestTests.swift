import Testing
import VRRPCore
import Wire

@Suite("Several masters")
struct ContestTests {
    /// Speaks as a weaker master every so often for two seconds, and counts what is advertised meanwhile.
    private func answers(every pause: Duration, to configuration: VirtualRouterConfiguration, as priority: UInt8) -> Int
    {
        var bench = Bench(active: configuration)
        var sent = 0
        let end = bench.now + .seconds(2)
        while bench.now + pause <= end {
            if let deadline = bench.router.nextDeadline, deadline <= bench.now {
                sent += bench.send(.deadline).transmissions.count
            }
            sent += bench.hear(priority, after: pause).transmissions.count
        }
        return sent
    }

    @Test(
        "A flood of weaker masters, or of resignations, gets at most ten answers per interval and a hundred a second",
        arguments: [0, 50] as [UInt8])
    func flood(priority: UInt8) {
        #expect(answers(every: .milliseconds(1), to: .tutorial(), as: priority) == 20)
        let quick = VirtualRouterConfiguration.tutorial(.v3) { $0.advertisementInterval = .milliseconds(100) }
        #expect((190...200).contains(answers(every: .milliseconds(1), to: quick, as: priority)))
        let fastest = VirtualRouterConfiguration.tutorial(.v3) { $0.advertisementInterval = .milliseconds(10) }
        #expect((190...200).contains(answers(every: .milliseconds(1), to: fastest, as: priority)))
    }

    @Test("Every weaker master that speaks as often as masters do gets its answer")
    func ordinary() {
        var bench = Bench(active: .tutorial())
        for _ in 0..<10 {
            #expect(bench.hear(50, after: .milliseconds(900)).steps.first == "advertise 100")
        }
    }

    @Test("The timer starts over only when an advertisement was sent")
    func timer() {
        var bench = Bench(active: .tutorial { $0.announcement.lowerPriorityRepeatCount = 0 })
        bench.hear(50, after: .milliseconds(400))
        #expect(bench.nanosecondsLeft == 1_000_000_000)
        bench.hear(50, after: .milliseconds(40))
        #expect(bench.nanosecondsLeft == 960_000_000)
        bench.hear(50, after: .milliseconds(60))
        #expect(bench.nanosecondsLeft == 1_000_000_000)
    }

    @Test(
        "With lower_prio_no_advert a weaker master is outdone without an advertisement, but not without announcements")
    func silentAnswer() {
        var bench = Bench(active: .tutorial { $0.answersLowerPriority = false })
        let actions = bench.hear(50, after: .milliseconds(400))
        #expect(actions.steps == ["announce 1x5", "MASTER_RX_LOWER_PRI 100"])
        #expect(actions.logs == ["(VI_1) Received advert from 10.9.0.11 with lower priority 50, ours 100"])
        guard case .active(let active) = bench.state else {
            Issue.record("the state is \(bench.state)")
            return
        }
        #expect((active.advertiseAt - bench.now).nanoseconds == 600_000_000)
        #expect(bench.hear(0, after: .milliseconds(300)).steps.first == "advertise 100")
    }

    @Test("Without higher_prio_send_advert a master yields without last words")
    func noLastWords() {
        var bench = Bench(active: .tutorial { $0.sendsLastAdvertisement = false })
        #expect(bench.hear(200).steps == ["remove 1", "BACKUP 100"])
    }

    @Test("An owner that is told so takes no notice of anybody, and others do")
    func deafOwner() {
        let owner = VirtualRouterConfiguration.tutorial(priority: 255) {
            $0.startsAsMaster = true
            $0.ownerIgnoresAdvertisements = true
        }
        var bench = Bench(started: owner)
        let before = bench.state
        for priority in [0, 50, 255] as [UInt8] { #expect(bench.hear(priority).isEmpty) }
        #expect(bench.state == before)
        #expect(bench.virtualRouter.statistics.advertisementsReceived == 3)
        var other = Bench(active: .tutorial { $0.ownerIgnoresAdvertisements = true })
        other.hear(200)
        #expect(other.state.description == "BACKUP")
    }

    @Test("After a loser's last words only the winner announces, whoever took over last", arguments: [1, 40, 99, 500])
    func lastWord(milliseconds: Int) {
        var winner = Bench(active: .tutorial(priority: 150))
        var loser = Bench(active: .tutorial(priority: 100))
        loser.now = winner.now + .milliseconds(milliseconds)
        let lastWords = loser.hear(150, from: .higher)
        #expect(lastWords.steps == ["advertise 100", "remove 1", "BACKUP 100"])
        winner.hear(100, from: .lower, after: .milliseconds(milliseconds))
        var announced: [Int64] = []
        let heard = winner.now
        while let deadline = winner.router.nextDeadline, deadline <= heard + .seconds(2) {
            if winner.reachDeadline().steps.contains("announce 1x5") {
                announced.append((winner.now - heard).nanoseconds / 1_000_000)
            }
        }
        #expect(announced == [100, 1_000])
        for _ in 0..<20 { #expect(loser.hear(150, after: .seconds(1)).isEmpty) }
    }

    @Test("Another owner is complained of as rarely as of any peer")
    func owners() {
        var bench = Bench(started: .tutorial(priority: 255) { $0.startsAsMaster = true })
        var complaints = 0
        for _ in 0..<1_000 {
            let logs = bench.hear(255, from: .lower, after: .milliseconds(1)).logs
            complaints += logs.count { $0.contains("CONFIGURATION ERROR") }
        }
        #expect(complaints == 2)
    }

    @Test("A weaker peer is written about at most twice a second")
    func logs() {
        for fresh in [Bench(active: .tutorial()), Bench(started: .tutorial())] {
            var bench = fresh
            var lines = 0
            for _ in 0..<1_000 { lines += bench.hear(50, after: .milliseconds(1)).logs.count }
            #expect(lines == 2)
        }
    }
}

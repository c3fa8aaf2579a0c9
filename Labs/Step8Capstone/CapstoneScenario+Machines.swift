import Chance
import LabCourse
import NetnsKit
import Timeline
import Wire

// What happens when a daemon, a machine or a cable is in trouble.
extension CapstoneScenario {
    static let daemonCrashes = maker("crash", "lb1's daemon is killed, and comes back", takesPhase: true) { run in
        try await run.startCapstone()
        let patience = try run.patience(for: CapstoneNetwork.web, on: "lb2")
        let fault = try await run.inject(.kill(run.daemon(of: "lb1"), .tree), timedBy: "lb1").began
        guard let claim = try await run.checkFailover(after: fault, within: patience, "T") else { return }
        try run.checkDelay(of: claim, after: fault, is: patience, "T")
        try await run.checkBothFamilies(with: claim, since: fault)
        var transitions = try run.web("lb2", "MASTER", at: claim.time)
        try await run.checkWebhooks(transitions)
        let back = try run.start("lb1")
        guard let recovery = try await recovered(in: run, since: back) else { return }
        transitions += try run.web("lb1", "BACKUP", at: recovery.time)
        try await run.checkNoReclaim(since: recovery.time)
        try run.checkCalls(transitions)
        try run.checkDatabase(since: fault)
        run.checkUnicast()
    }

    static let machineDies = maker("machine", "lb1's machine dies") { run in
        try await run.startCapstone()
        let patience = try run.patience(for: CapstoneNetwork.web, on: "lb2")
        let fault = try run.lab.inject(.silence(lb1Data)).began
        try run.lab.inject(.silence(lb1Management))
        try run.lab.inject(.kill(run.daemon(of: "lb1"), .tree))
        try run.lab.inject(.kill(service, .tree))
        guard let claim = try await run.checkFailover(after: fault, within: patience, "T") else { return }
        try run.checkDelay(of: claim, after: fault, is: patience, "T")
        try await run.checkBothFamilies(with: claim, since: fault)
        let transitions = try run.web("lb2", "MASTER", at: claim.time)
        try await run.checkWebhooks(transitions)
        try await run.checkCalm("lb2", since: claim.time + .seconds(1), because: "there is nobody else")
        try run.checkCalls(transitions)
        try run.checkDatabase(since: fault)
    }

    static let dataLost = maker(
        "data0", "lb1's cable to the data network is pulled, and plugged in again", takesPhase: true
    ) { run in
        try await run.startCapstone()
        let patience = try run.patience(for: CapstoneNetwork.web, on: "lb2")
        let fault = try await run.inject(.carrierLoss(lb1Data), timedBy: "lb1").began
        guard let claim = try await run.checkFailover(after: fault, within: patience, "T") else { return }
        try run.checkDelay(of: claim, after: fault, is: patience, "T")
        try await run.checkBothFamilies(with: claim, since: fault)
        let noticed = try await run.require("lb1 notices", within: .seconds(1), since: fault) {
            $0.node == "lb1" && $0.kind == .link(interface: CapstoneNetwork.dataInterface, isUp: false)
        }
        var transitions = try run.web("lb1", "FAULT", at: noticed.time) + run.web("lb2", "MASTER", at: claim.time)
        try await run.checkWebhooks(transitions)
        let back = try run.lab.heal(.carrierLoss(lb1Data)).began
        guard let recovery = try await recovered(in: run, since: back) else { return }
        transitions += try run.web("lb1", "BACKUP", at: recovery.time)
        try await run.checkNoReclaim(since: back)
        try run.checkCalls(transitions)
    }

    static let managementLost = maker("mgmt0", "lb1 loses mgmt0, and then HAProxy dies") { run in
        guard let detection = try run.detection() else { return }
        try await run.startCapstone()
        let lost = try run.lab.inject(.linkDown(lb1Management)).began
        try await run.checkCalm(
            "lb1", since: lost, because: "clients do not need mgmt0: what they need must not be moved for it")
        let skew = try run.skew(for: CapstoneNetwork.web, on: "lb2")
        let fault = try run.lab.inject(.kill(service, .tree)).began
        guard let claim = try await run.checkFailover(after: fault, within: detection + skew, "fall x interval + skew")
        else { return }
        let transitions = try run.web("lb2", "MASTER", at: claim.time)
        try await run.checkWebhooks(transitions)
        try await run.checkScriptsEnd(since: claim.time)
        run.checkNoLeak(from: "lb1", since: lost)
        try run.checkCalls(transitions)
        try run.checkDatabase(since: lost)
    }

    static let peerCrashes = maker("database", "lb2's daemon is killed: lb1 has the database until it is back") {
        run in
        try await run.startCapstone()
        let patience = try run.patience(for: CapstoneNetwork.database, on: "lb1")
        let fault = try run.lab.inject(.kill(run.daemon(of: "lb2"), .tree)).began
        let claim = try await run.expect(
            "lb1 takes the database's address", within: patience + .seconds(1), since: fault
        ) { $0.claims(CapstoneNetwork.database, by: "lb1") }
        guard let claim else { return }
        let takeover = run.lab.timeline.takeover(of: CapstoneNetwork.database, from: "lb2", to: "lb1", after: fault)
        let times = try run.times(for: CapstoneNetwork.database, on: "lb1")
        if let delay = takeover?.delay, let heard = takeover?.lastHeard {
            run.check(
                "lb1 takes the database's address T after lb2's last word", delay,
                within: times.bound(patience, late: .milliseconds(150)), window: heard.time...claim.time)
        }
        let back = try run.start("lb2")
        let own = try run.patience(for: CapstoneNetwork.database, on: "lb2")
        let home = try await run.expect(
            "lb2 takes the database's address home", within: own + .seconds(4), since: back,
            explanation: "without nopreempt the higher priority takes the address back"
        ) { $0.claims(CapstoneNetwork.database, by: "lb2") }
        guard home != nil else { return }
        try await run.checkCalm("lb1", since: fault, because: "the web addresses have nothing to do with lb2's return")
    }

    /// Loss in one direction: lb2 misses what lb1 says, lb1 misses nothing.
    static let framesLost: Maker = { files in
        let (id, title) = ("loss", "lb2 misses 30 % of what is sent to it")
        guard CapstoneNetwork.canLoseFrames else {
            return maker(id, title) { run in run.skip(title, because: "no TAP devices here: modprobe tun") }(files)
        }
        return maker(id, title, topology: CapstoneNetwork.lossy) { run in
            try await run.startCapstone()
            let end = LinkEnd("lb2", CapstoneNetwork.dataInterface)
            let fault = try run.lab.inject(.impair(end, .received, Impairment(loss: 0.3))).inForce
            let interval = try run.times(for: CapstoneNetwork.web, on: "lb1").interval
            let window = try await run.lab.watch(for: max(interval * 10, .seconds(3)), since: fault)
            checkLoss(run, in: window, patience: try run.patience(for: CapstoneNetwork.web, on: "lb2"))
        }(files)
    }

    private static func checkLoss(_ run: ScenarioRun, in window: ClosedRange<Instant>, patience: Duration) {
        let timeline = run.lab.timeline
        let lost = timeline.filter { event in
            guard window.contains(event.time), case .impaired(let frame) = event.kind else { return false }
            return frame.isLost && frame.frameClass == .vrrp
        }
        guard !lost.events.isEmpty else {
            return run.record(
                CheckResult(
                    "advertisements are lost", .inconclusive, expected: "some", observed: "none in this window"))
        }
        let early = timeline.earlyTakeovers(of: CapstoneNetwork.web, by: "lb2", patience: patience - .milliseconds(3))
            .filter { window.contains($0.time) }
        run.judge(
            "lb2 takes over only when it has heard nothing for T", early.isEmpty, expected: "T = \(patience.text)",
            observed: early.isEmpty ? "\(lost.events.count) lost, none too early" : "\(early.count) too early",
            window: window)
        let end = window.upperBound
        let last = timeline.last(before: end) { $0.claims(CapstoneNetwork.web, by: "lb1") }
        run.judge(
            "lb1 is the master all the while", last.map { end - $0.time < patience } ?? false,
            expected: "it goes on advertising",
            observed: last.map { "its last advertisement \((end - $0.time).text) before the end" } ?? "never",
            window: window)
        run.check(
            "the client is served all the while", run.longestOutage(since: window.lowerBound),
            within: .zero...ScenarioRun.clientSlack, window: window)
    }
}

extension Timeline {
    /// Where a backup's kernel got an address although the backup had heard another node claim it within its patience.
    ///
    /// - Parameter lag: what a busy daemon may not have read yet does not count.
    func earlyTakeovers(
        of address: IPAddress, by node: String, patience: Duration, lag: Duration = .milliseconds(100)
    ) -> [TimelineEvent] {
        var heard: [Instant] = []
        return events.filter { event in
            if event.node == node, !event.isSent, event.advertises(address) {
                // Who resigns leaves the address free.
                if event.advertisement?.0.priority == 0 { heard = [] } else { heard.append(event.time) }
            }
            guard event.isAddition(of: address, to: node) else { return false }
            return heard.contains { (lag..<patience).contains(event.time - $0) }
        }
    }
}

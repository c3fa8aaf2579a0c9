import LabCourse
import NetnsKit
import Timeline
import VRRPCore
import Wire

// Where everything is, and what happens when HAProxy is in trouble.
extension CapstoneScenario {
    static let placement = maker("placement", "Each address is where it belongs, and only these two speak") {
        run in
        // What a learner gets wrong shows here first, so that here it fails.
        try await run.startCapstoneServices()
        let first = try run.start("lb1")
        let own = try run.patience(for: CapstoneNetwork.web, on: "lb1")
        let home = try run.patience(for: CapstoneNetwork.database, on: "lb2")
        for address in [CapstoneNetwork.web, CapstoneNetwork.web6] {
            let claim = try await run.expect("lb1 has \(address)", within: own + .seconds(4), since: first) {
                $0.isAddition(of: address, to: "lb1")
            }
            guard claim != nil else { return }
        }
        let second = try run.start("lb2")
        let settled = try await run.expect(
            "lb2 has \(CapstoneNetwork.database)", within: home + .seconds(4), since: second,
            explanation: "its priority there is the higher one, and without nopreempt it takes the address home"
        ) { $0.isAddition(of: CapstoneNetwork.database, to: "lb2") }
        guard let settled else { return }
        try await checkPages(run, since: settled.time)
        try await run.checkCalm("lb1", since: settled.time, because: "two nodes quarrel about the address")
        run.checkUnicast()
        try run.checkCalls([])
    }

    /// The client gets a page of lb1 from both web addresses.
    private static func checkPages(_ run: ScenarioRun, since start: Instant) async throws {
        for address in [CapstoneNetwork.web, CapstoneNetwork.web6] {
            _ = try run.lab["client"].probe(address, port: CapstoneNetwork.webPort, get: "/", every: .milliseconds(25))
            let page = try await run.expect(
                "the client gets lb1's page from \(address)", within: .seconds(3), since: start
            ) { event in
                guard case .request(let request) = event.kind else { return false }
                return request.service.contains("\(address)") && request.responder == "lb1"
            }
            run.judge(
                "the client gets lb1's page from \(address)", page != nil, expected: "lb1",
                observed: page == nil ? "no page" : "lb1")
        }
    }

    static let processDies = maker("haproxy", "HAProxy is killed on lb1, and comes back") { run in
        guard let detection = try run.detection() else { return }
        try await run.startCapstone()
        let skew = try run.skew(for: CapstoneNetwork.web, on: "lb2")
        let fault = try run.lab.inject(.kill(service, .tree)).began
        guard let claim = try await run.checkFailover(after: fault, within: detection + skew, "fall x interval + skew")
        else { return }
        try run.checkDelay(of: claim, after: fault, is: skew, "its skew")
        try await run.checkBothFamilies(with: claim, since: fault)
        var transitions =
            try run.web("lb1", "FAULT", at: resignation(in: run, before: claim))
            + run.web("lb2", "MASTER", at: claim.time)
        try await run.checkWebhooks(transitions)
        let back = run.lab.step("HAProxy is back on lb1")
        try run.lab["lb1"].start(CapstoneFile.service)
        let recovery = try await recovered(in: run, since: back)
        guard let recovery else { return }
        transitions += try run.web("lb1", "BACKUP", at: recovery.time)
        try await run.checkNoReclaim(since: recovery.time)
        try run.checkCalls(transitions)
        try run.checkDatabase(since: fault)
        run.checkUnicast()
    }

    /// When lb1 said that it gives the web address up; when lb2 took it, if it did not say so.
    static func resignation(in run: ScenarioRun, before claim: TimelineEvent) -> Instant {
        run.lab.timeline.last(before: claim.time) { $0.resigns(CapstoneNetwork.web, by: "lb1") }?.time ?? claim.time
    }

    /// Waits until lb1 tells the operators that it is a backup again.
    static func recovered(in run: ScenarioRun, since back: Instant) async throws -> TimelineEvent? {
        let names = Set(try run.web("lb1", "BACKUP", at: back).map { try run.router(for: $0.address, on: "lb1").name })
        return try await run.expect("lb1 is well again, and says BACKUP", within: .seconds(15), since: back) { event in
            guard let call = event.webhookCall, call.balancer == "lb1", call.state == "BACKUP" else { return false }
            return names.contains(call.instance ?? "")
        }
    }

    static let processHangs = maker("hang", "HAProxy hangs on lb1 (SIGSTOP): it is there, and answers nobody") { run in
        guard let detection = try run.detection(isSilent: true) else { return }
        try await run.startCapstone()
        let skew = try run.skew(for: CapstoneNetwork.web, on: "lb2")
        let fault = try run.lab.inject(.pause(service)).began
        let formula = "fall x (interval + timeout) + skew"
        guard let claim = try await run.checkFailover(after: fault, within: detection + skew, formula) else { return }
        try await run.checkBothFamilies(with: claim, since: fault)
        let answered = try await run.requireAnswer(by: "lb2", since: claim.time, within: .seconds(2))
        try run.lab.heal(.pause(service))
        try await run.checkCalm("lb2", since: answered.time, because: "nopreempt: who returns takes nothing back")
        try run.checkDatabase(since: fault)
    }

    static let gatewayLost = maker("gateway", "The gateway vanishes for both: nobody is better than the other") { run in
        try await run.startCapstone()
        let fault = try run.lab.inject(.silence(LinkEnd("gateway", "eth0"))).began
        let scripts = try run.router(for: CapstoneNetwork.web, on: "lb1").trackedScripts.map(\.name)
        let span = min(run.checkSpan(of: scripts, isSilent: true), .seconds(40))
        try await run.checkCalm(
            "lb1", since: fault, beyond: span,
            because: "a check that fails on both at once and has weight 0 takes the address from both")
    }

    static let receiverHangs = maker("webhook", "The webhook receiver hangs: VRRP does not wait for it") { run in
        guard let detection = try run.detection() else { return }
        try await run.startCapstone()
        let skew = try run.skew(for: CapstoneNetwork.web, on: "lb2")
        let hang = try run.lab.inject(.pause(ProcessName("webhook", on: "ops"))).began
        let fault = try run.lab.inject(.kill(service, .tree)).began
        guard let claim = try await run.checkFailover(after: fault, within: detection + skew, "fall x interval + skew")
        else { return }
        try run.checkDelay(of: claim, after: fault, is: skew, "its skew")
        try await run.checkScriptsEnd(since: claim.time)
        let window = claim.time...run.lab.timeline.endTime
        let limit = try run.lateness(for: CapstoneNetwork.web, on: "lb2")
        run.check(
            "no advertisement of lb2 is late", run.longestGap(in: window) { $0.claims(CapstoneNetwork.web, by: "lb2") },
            within: .zero...limit, window: window)
        try run.checkDatabase(since: hang)
    }
}

import KeepalivedConfiguration
import LabCourse
import NetnsKit
import Timeline
import VRRPCore
import Wire

/// Two routers of which the first is watched, as their files have them.
struct WatchedPair: Sendable {
    var plan: CheckPlan
    var first: VirtualRouterConfiguration
    var second: VirtualRouterConfiguration

    /// What the second node advertises while all is well there; 1 at the least, so that there is a time for it.
    var rival: Int { second.effectivePriority() ?? 1 }
    var rivalTimes: ProtocolTimes { ConfigurationReading.times(of: second) }
    /// The longest of the two, which every wait allows for.
    var interval: Duration { max(first.advertisementInterval, second.advertisementInterval) }

    /// Why a failed check moves nothing, when the files say so.
    var obstacle: String? {
        guard plan.weight != 0 else { return nil }
        guard let sunk = first.effectivePriority(failing: [plan.name]) else { return nil }
        if sunk >= rival {
            return "While the check fails node1 advertises \(sunk), which is not below node2's \(rival): a weight must "
                + "be larger than the distance between the priorities."
        }
        return second.preempts
            ? nil : "nopreempt on node2 forbids it to take over from a living master, however low its priority is."
    }
}

extension ScenarioRun {
    // MARK: The service

    /// Starts the web servers and both load balancers, and returns when these have reached those.
    func startService() async throws {
        let begin = lab.step("HAProxy starts on node1 and node2")
        try lab["web"].start(ServiceNetwork.webProgram, as: ServiceNetwork.process)
        for node in ServiceNetwork.balancers { try startBalancer(node) }
        for node in ServiceNetwork.balancers { try await awaitBalancer(node, since: begin) }
    }

    func startBalancer(_ node: String) throws {
        try lab[node].start(ServiceNetwork.program, as: ServiceNetwork.process)
    }

    /// HAProxy looks after its servers when it listens, not before.
    func awaitBalancer(_ node: String, since start: Instant) async throws {
        try await require("HAProxy of \(node) reaches a web server", within: .seconds(5), since: start) {
            $0.isAcceptance(at: node)
        }
    }

    /// Tells HAProxy by its socket what to answer when it is asked for its health.
    func setHealth(of node: String, isGood: Bool) async throws {
        let words =
            isGood ? "del map \(ServiceNetwork.switches) health" : "add map \(ServiceNetwork.switches) health off"
        try await command(ProgramNeed.socat.path, ["stdio", ServiceNetwork.socket], on: node, input: words + "\n")
    }

    /// Runs a program that must succeed, or nothing is learned.
    func command(
        _ program: String, _ arguments: [String], on node: String = "node1", input: String? = nil
    ) async throws {
        let result = try await lab[node].run(program, arguments, input: input, within: .seconds(3))
        guard result?.succeeded == true else {
            throw ServiceError(program: program, node: node, said: result?.lines.first ?? "no answer")
        }
    }

    /// Has the client ask for a page again and again, and returns when it has got one.
    func startClient(_ client: ServiceClient) async throws {
        let begin = lab.step("the client asks for pages")
        _ = try lab["client"].probe(
            LabNetwork.virtualAddress, port: 80, get: "/", every: client.interval, patience: ServiceClient.patience)
        try await require("node1 serves the client", within: .seconds(3), since: begin) { $0.isPage(from: "node1") }
    }

    // MARK: The routers

    /// What the files make of the check; nil, with a failed check on record, when one of them does not use it.
    func watchedPair() throws -> WatchedPair? {
        guard let plan = try plan(of: "node1"), try self.plan(of: "node2") != nil else { return nil }
        return WatchedPair(plan: plan, first: try router(of: "node1"), second: try router(of: "node2"))
    }

    func plan(of node: String) throws -> CheckPlan? {
        let router = try router(of: node)
        guard let configuration = reading(of: node)?.result.configuration else { return nil }
        do throws(CheckPlan.Gap) {
            return try CheckPlan(running: ServiceFile.check, for: router, in: configuration)
        } catch {
            judge(
                "\(node) uses the check", false, expected: "a vrrp_script that runs it, in track_script",
                observed: error.description)
            return nil
        }
    }

    /// Starts the service and the routers, and returns when node1 is the master and node2 a backup that hears it.
    ///
    /// - Returns: what the files say; nil, with a failed check on record, when it does not come to that.
    func startWatched() async throws -> WatchedPair? {
        guard let pair = try watchedPair() else { return nil }
        try await startService()
        guard try await startRouters() else { return nil }
        let whole = pair.first.effectivePriority()
        let seen = lab.timeline.events.last { $0.isClaim(by: "node1") }?.advertisement?.0.priority
        guard seen.map(Int.init) == whole else {
            judge(
                "node1 is well at the start", false, expected: "priority \(whole.map(String.init) ?? "none")",
                observed: "priority \(seen ?? 0) on the wire",
                explanation: "A check has failed since the start, although HAProxy serves.")
            return nil
        }
        return pair
    }

    /// One after the other: at short intervals the node that starts faster would be the master for a moment.
    func startRouters() async throws -> Bool {
        let begin = try start("node1")
        let times = try times(of: "node1")
        let claim = try await expect(
            "node1 becomes the master", within: times.masterDown(1) + .seconds(2), since: begin
        ) { $0.isClaim(by: "node1") }
        guard claim != nil else { return false }
        let late = try start("node2")
        let ready = try await expect("node2 becomes a backup", within: .seconds(3), since: late) {
            $0.isLine(of: "node2", containing: "Entering BACKUP STATE")
        }
        guard let ready else { return false }
        try await require("node2 hears node1", within: times.interval * 3, since: ready.time) {
            $0.isHeard(at: "node2")
        }
        return true
    }
}

/// How often the client asks, and for how long it waits.
struct ServiceClient: Sendable {
    var interval: Duration

    /// Where an outage is long.
    static let patient = ServiceClient(interval: .milliseconds(100))
    /// Where an outage would be short, or there should be none.
    static let eager = ServiceClient(interval: .milliseconds(20))

    static let patience: Duration = .milliseconds(500)
    static let service = "\(LabNetwork.vip):80"

    /// What a clean move may cost: two requests, and the time in which both kernels may have the address.
    var blink: Duration { interval * 2 + CheckPlan.late }
}

/// A program of the scenario itself did not do its part.
struct ServiceError: Error, CustomStringConvertible {
    var program: String
    var node: String
    var said: String

    var description: String { "\(program) on \(node) failed: \(said)" }
}

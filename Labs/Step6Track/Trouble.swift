import LabCourse
import NetnsKit
import Timeline
import Wire

/// Something that happens to the service of node1, and how it ends.
struct Trouble: Sendable {
    /// In a few words, for the table of the check's answers.
    var name: String
    /// Whether clients get their pages all the same.
    var isServed = false
    /// Whether a check may need as long as it is allowed to.
    var isSlow = false
    var begin: @Sendable (ScenarioRun) async throws -> Onset
    /// Returns when the service is well again.
    var end: @Sendable (ScenarioRun) async throws -> Instant

    /// Who watches it from outside.
    var client: ServiceClient { isServed ? .eager : .patient }

    /// When a trouble began, and from when on a check could see it.
    struct Onset {
        var began: Instant
        var seen: Instant
    }
}

extension Trouble {
    private static let haproxy = ProcessName(ServiceNetwork.process, on: "node1")

    static let killed = Trouble(name: "process killed") { run in
        let began = try run.lab.inject(.kill(haproxy, .tree)).began
        return Onset(began: began, seen: began)
    } end: { run in
        let start = run.lab.step("HAProxy is started again on node1")
        try run.startBalancer("node1")
        try await run.awaitBalancer("node1", since: start)
        return start
    }

    /// HAProxy is told to refuse the question; pages go on being served.
    static let unhealthy = Trouble(name: "/health says 503", isServed: true) { run in
        let began = run.lab.step("/health of node1 says 503 from now on")
        try await run.setHealth(of: "node1", isGood: false)
        return Onset(began: began, seen: began)
    } end: { run in
        let end = run.lab.step("/health of node1 says 200 again")
        try await run.setHealth(of: "node1", isGood: true)
        return end
    }

    static let stopped = Trouble(name: "process hangs (SIGSTOP)", isSlow: true) { run in
        let began = try run.lab.inject(.pause(haproxy)).began
        return Onset(began: began, seen: began)
    } end: { run in
        try run.lab.heal(.pause(haproxy)).began
    }

    /// No web server can be reached from node1; HAProxy needs a moment to find out.
    static let abandoned = Trouble(name: "no web server left") { run in
        let began = try run.lab.inject(.silence(ServiceNetwork.farm)).began
        let seen = try await run.require("HAProxy misses its web servers", within: .seconds(5), since: began) {
            $0.isLine(of: "node1", containing: "has no server available")
        }
        return Onset(began: began, seen: seen.time)
    } end: { run in
        let healed = try run.lab.heal(.silence(ServiceNetwork.farm)).began
        return try await run.require("HAProxy has a web server again", within: .seconds(5), since: healed) {
            $0.isLine(of: "node1", containing: "is UP")
        }.time
    }

    /// The check itself never ends: a program that does nothing stands in its place.
    static let stuckCheck = Trouble(name: "the check never ends", isServed: true, isSlow: true) { run in
        let began = run.lab.step(stuckCheckStep)
        let stuck = ServiceFile.check + ".stuck"
        try run.lab["node1"].write("#!/bin/sh\nexec tail -f /dev/null\n", to: stuck, mode: 0o700)
        try await run.command("/bin/mv", [ServiceFile.check, ServiceFile.check + ".kept"])
        try await run.command("/bin/mv", [stuck, ServiceFile.check])
        return Onset(began: began, seen: began)
    } end: { run in
        let end = run.lab.step("the check is the learner's again")
        try await run.command("/bin/mv", [ServiceFile.check + ".kept", ServiceFile.check])
        return end
    }

    /// By this step of the timeline a reader knows that what follows is not the fault of the learner's script.
    static let stuckCheckStep = "a program that never ends stands in for the check"
}

/// The files of the step.
enum ServiceFile {
    static let check = "/etc/keepalived/check_service.sh"
}

extension TimelineEvent {
    /// A line that any program of the node wrote.
    func isLine(of node: String, containing text: String) -> Bool {
        guard self.node == node, case .output(_, _, let line) = kind else { return false }
        return line.contains(text)
    }

    /// A line of HAProxy: it was asked for its health, and answered with that status.
    func isHealthAnswer(of node: String, _ status: Int) -> Bool {
        guard self.node == node, case .output(ServiceNetwork.process, .standardOutput, let line) = kind else {
            return false
        }
        return line.hasSuffix("/health \(status)")
    }

    /// A connection that the node opened and that was accepted.
    func isAcceptance(at node: String) -> Bool {
        guard self.node == node, frameDirection == .received, case .tcp(let segment, _) = frame?.content else {
            return false
        }
        return segment.flags.isSuperset(of: [.synchronize, .acknowledge])
    }

    /// A page that the client got.
    func isPage(from balancer: String) -> Bool {
        guard case .request(let request) = kind else { return false }
        return request.responder == balancer
    }
}

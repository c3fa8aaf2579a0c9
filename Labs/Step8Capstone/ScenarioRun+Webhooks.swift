import LabCourse
import LinuxSystem
import NetnsKit
import Timeline
import VRRPCore
import Wire

/// A transition that the operators must hear of.
struct Transition: Hashable, Sendable {
    var balancer: String
    /// One of the addresses of the virtual router.
    var address: IPAddress
    var state: String
    /// When it happened, as the wire or the kernel tells.
    var time: Instant
}

// What the operators hear.
extension ScenarioRun {
    /// How late a webhook may be.
    private static let limit: Duration = .seconds(1)

    /// The transitions of both web addresses' virtual routers; one, when one virtual router has both.
    func web(_ balancer: String, _ state: String, at time: Instant) throws -> [Transition] {
        let addresses = [CapstoneNetwork.web, CapstoneNetwork.web6]
        let names = try addresses.map { try router(for: $0, on: balancer).name }
        return zip(addresses, names).filter { $0.0 == CapstoneNetwork.web || names[0] != $0.1 }.map {
            Transition(balancer: balancer, address: $0.0, state: state, time: time)
        }
    }

    /// By how much one address family may be ahead of the other; a transition's time is that of the IPv4 address.
    private static let headStart: Duration = .milliseconds(250)

    /// Waits for the calls that transitions must cause, and judges how late the latest is.
    func checkWebhooks(_ transitions: [Transition]) async throws {
        var worst: Duration = .zero
        guard let first = transitions.map(\.time).min(), var last = transitions.map(\.time).max() else { return }
        for transition in transitions {
            let name = try router(for: transition.address, on: transition.balancer).name
            let claim = "\(transition.balancer) calls the webhook: \(name) \(transition.state)"
            let since = transition.time - Self.headStart
            let call = try await expect(claim, within: Self.limit + .seconds(2), since: since) { event in
                let call = event.webhookCall
                return call?.balancer == transition.balancer && call?.instance == name
                    && call?.state == transition.state
            }
            guard let call else { return }
            worst = max(worst, call.time - transition.time)
            last = max(last, call.time)
        }
        let states = transitions.map { "\($0.balancer) \($0.state)" }
        let words = states.indices.filter { states.firstIndex(of: states[$0]) == $0 }.map { states[$0] }
        check(
            "the webhook hears in time: \(words.joined(separator: ", "))", worst,
            within: .zero...Self.limit + Self.clientSlack, window: first...last)
    }

    /// Judges that the calls about the web addresses are those of the start and of the transitions after it, each once,
    /// and that every call came over the management network.
    func checkCalls(_ later: [Transition]) throws {
        let start = lab.start
        let window = start...lab.timeline.endTime
        let begin =
            try web("lb1", "BACKUP", at: start) + web("lb2", "BACKUP", at: start) + web("lb1", "MASTER", at: start)
        let transitions = begin + later
        let calls = lab.timeline.events.compactMap(\.webhookCall)
        let names = try Set(CapstoneNetwork.balancers.flatMap { try web($0, "", at: start) }.map(name))
        let seen = calls.filter { names.contains($0.instance ?? "") }.map { "\($0)" }.sorted()
        let expected = try transitions.map { "\($0.balancer): \(try name($0)) \($0.state)" }.sorted()
        judge(
            "one call for each transition", seen == expected, expected: expected.joined(separator: ", "),
            observed: seen.isEmpty ? "no call" : seen.joined(separator: ", "), window: window, isTimely: true)
        let foreign = calls.filter { $0.balancer == nil || $0.state == nil }
        judge(
            "every call is JSON from mgmt0", foreign.isEmpty, expected: "instance and state, from 10.0.9.11 or .12",
            observed: foreign.first.map { "\($0.source) sent \($0.body)" } ?? "\(calls.count) calls", window: window)
    }

    private func name(_ transition: Transition) throws -> String {
        try router(for: transition.address, on: transition.balancer).name
    }

    /// Judges that nothing for the receiver left a balancer by the data network.
    func checkNoLeak(from node: String, since start: Instant) {
        let leak = lab.timeline.first(after: start) { $0.isLeakedWebhook(of: node) }
        judgeAbsence(
            "no webhook of \(node) leaves by data0", leak == nil, expected: "nothing for 10.0.9.1 on data0",
            observed: leak.map { "a packet after \(($0.time - start).text)" } ?? "nothing",
            window: start...lab.timeline.endTime,
            explanation: "without mgmt0 another route leads there; bind to the interface: curl --interface mgmt0")
    }

    /// Judges that no webhook script is left over some seconds after it was called.
    func checkScriptsEnd(since call: Instant) async throws {
        let limit: Duration = .seconds(5)
        try await lab.watch(for: limit, since: call)
        for node in CapstoneNetwork.balancers {
            let pattern = "notify-webhook|10[.]0[.]9[.]1:"
            let found = try await lab[node].run("/usr/bin/pgrep", ["-a", "-f", pattern])?.output ?? ["pgrep hangs"]
            judge(
                "\(node)'s webhook script has ended after \(limit.text)", found.isEmpty, expected: "no process left",
                observed: found.first.map { "\(found.count) left: \($0.prefix(60))" } ?? "none",
                explanation: "who waits for an answer without a limit waits for ever: curl --max-time 3")
        }
    }
}

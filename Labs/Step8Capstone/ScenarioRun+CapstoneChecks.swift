import LabCourse
import LinuxSystem
import NetnsKit
import Timeline
import Wire

// The questions that the capstone asks again and again.
extension ScenarioRun {
    /// How late the client, and what lies between it and a balancer, may be beside the protocol's own time.
    static let clientSlack: Duration = .milliseconds(250)

    /// Waits until lb2 has the web address after a fault of lb1, and judges how long the client was without an answer.
    ///
    /// - Parameter limit: what the files and the protocol allow, without slack.
    /// - Returns: lb2's first advertisement; nil when it did not take over.
    func checkFailover(after fault: Instant, within limit: Duration, _ formula: String) async throws -> TimelineEvent? {
        let bound = limit + Self.clientSlack
        let claim = try await expect("lb2 takes the web address", within: bound + .seconds(1), since: fault) {
            $0.claims(CapstoneNetwork.web, by: "lb2")
        }
        guard let claim else { return nil }
        let answer = try await expect("lb2 serves the client", within: bound + .seconds(1), since: fault) {
            $0.isAnswer(by: "lb2", since: fault)
        }
        guard let answer else { return nil }
        check(
            "the client is without an answer for \(formula) at most", longestOutage(since: fault),
            within: .zero...bound, window: fault...answer.time)
        return claim
    }

    /// Judges when lb2 took the web address, counted from the last advertisement that it heard.
    func checkDelay(of claim: TimelineEvent, after fault: Instant, is time: Duration, _ formula: String) throws {
        let takeover = lab.timeline.takeover(of: CapstoneNetwork.web, from: "lb1", to: "lb2", after: fault)
        guard let delay = takeover?.delay, let heard = takeover?.lastHeard else {
            return judge(
                "lb2 takes over \(formula) after lb1's last word", false, expected: "an advertisement of lb1 before",
                observed: "lb2 had heard none")
        }
        let bound = try times(for: CapstoneNetwork.web, on: "lb2").bound(time, late: .milliseconds(150))
        check(
            "lb2 takes over \(formula) after lb1's last word", delay, within: bound, window: heard.time...claim.time)
    }

    /// The longest time for which the client got no answer since an instant; zero when it missed none.
    func longestOutage(since start: Instant) -> Duration {
        lab.timeline.experience(of: CapstoneNetwork.webService, by: "client").outages
            .filter { $0.firstGood.map { $0 > start } ?? false }.compactMap(\.length).max() ?? .zero
    }

    /// Judges that both web addresses came to lb2 together, and that the neighbors were told of the new one.
    ///
    /// - Parameters:
    ///   - claim: lb2's first advertisement for the IPv4 address.
    ///   - fault: before that, lb2 had neither.
    func checkBothFamilies(with claim: TimelineEvent, since fault: Instant) async throws {
        let limit: Duration = .milliseconds(250)
        let later = CapstoneNetwork.web6
        let wait = claim.time - fault + .seconds(1)
        // An address that is advertised by no instance shows in the kernel alone.
        let second = try await expect("lb2 takes \(later)", within: wait, since: fault) {
            $0.claims(later, by: "lb2") || $0.isAddition(of: later, to: "lb2")
        }
        guard let second else { return }
        let (early, late) = (min(claim.time, second.time), max(claim.time, second.time))
        check(
            "the IPv4 and the IPv6 address move together", late - early, within: .zero...limit, window: early...late)
        let title = "lb2 announces \(later), unsolicited"
        let announced = try await expect(title, within: limit * 2, since: second.time - limit) {
            $0.isAnnouncement(of: later, from: "lb2")
        }
        guard let announced else { return }
        check(
            title, max(announced.time - second.time, .zero), within: .zero...limit,
            window: min(announced.time, second.time)...max(announced.time, second.time))
    }

    /// Watches that lb1, which is back, leaves the web address where it is.
    func checkNoReclaim(since back: Instant, beginning: Duration = .zero) async throws {
        let span = try patience(for: CapstoneNetwork.web, on: "lb1") * 2 + beginning
        try await expectNever(
            "lb1 takes the web address back", for: span, since: back,
            control: Landmark("lb2 advertises the web address") { $0.claims(CapstoneNetwork.web, by: "lb2") },
            explanation: "nopreempt belongs on lb1, together with state BACKUP"
        ) { $0.claims(CapstoneNetwork.web, by: "lb1") }
    }

    /// Watches for ten intervals that nobody takes the web address from its owner, and that the client misses nothing.
    func checkCalm(
        _ owner: String, since start: Instant, beyond: Duration = .zero, because reason: String
    ) async throws {
        let span = try times(for: CapstoneNetwork.web, on: owner).interval * 10 + beyond
        // Its advertisements are no proof: to a dead peer nothing is sent once its Ethernet address is forgotten.
        let control = Landmark("\(owner) serves the client") { $0.isAnswer(by: owner, since: start) }
        try await expectNever(
            "the web address moves", for: span, since: start, control: control, explanation: reason
        ) { event in
            CapstoneNetwork.balancers.contains { $0 != owner && event.claims(CapstoneNetwork.web, by: $0) }
                || event.resigns(CapstoneNetwork.web, by: owner)
        }
        let window = start...(start + span)
        let outage = longestOutage(since: start)
        check("the client is served all the while", outage, within: .zero...Self.clientSlack, window: window)
    }

    /// Judges that the database's address stayed with lb2 while something happened to lb1.
    func checkDatabase(since start: Instant) throws {
        let window = start...lab.timeline.endTime
        let foreign = lab.timeline.first(after: start) { $0.claims(CapstoneNetwork.database, by: "lb1") }
        judgeAbsence(
            "the database's address stays with lb2", foreign == nil, expected: "no advertisement of lb1 for it",
            observed: foreign.map { "lb1 claimed it after \(($0.time - start).text)" } ?? "none", window: window)
        let limit = try lateness(for: CapstoneNetwork.database, on: "lb2")
        let gap = longestGap(in: window) { $0.claims(CapstoneNetwork.database, by: "lb2") }
        check("lb2 goes on advertising it", gap, within: .zero...limit, window: window)
    }

    /// The longest that may lie between two advertisements of a master that nothing delays: half an interval more, or
    /// what a busy machine takes of a short one.
    func lateness(for address: IPAddress, on node: String) throws -> Duration {
        let interval = try times(for: address, on: node).interval
        return interval + max(interval / 2, Self.clientSlack)
    }

    /// The longest time between two events of a kind.
    func longestGap(in window: ClosedRange<Instant>, of matches: (TimelineEvent) -> Bool) -> Duration {
        let times = lab.timeline.filter { window.contains($0.time) && matches($0) }.map(\.time)
        return zip(times, times.dropFirst()).map { $1 - $0 }.max() ?? (window.upperBound - window.lowerBound)
    }

    /// Judges that advertisements went from balancer to balancer and to nobody else, from the very first on.
    func checkUnicast() {
        let window = lab.start...lab.timeline.endTime
        let adverts = lab.timeline.filter { $0.advertisement != nil }
        let strays = adverts.filter { !CapstoneNetwork.balancers.contains($0.node ?? "") }
        judgeAbsence(
            "no advertisement reaches the client or the gateway", strays.events.isEmpty, expected: "none",
            observed: "\(strays.events.count)", window: window,
            explanation: "an instance without unicast_peer speaks to its group, and everybody hears it")
        for node in CapstoneNetwork.balancers {
            let peer = node == "lb1" ? "lb2" : "lb1"
            let expected = [CapstoneNetwork.address(of: peer, in: 1), CapstoneNetwork.address6(of: peer)]
            let seen = Set(
                adverts.filter { $0.node == node && $0.isSent }.compactMap { $0.advertisement?.1.destination })
            judge(
                "\(node) sends to \(peer) alone", !seen.isEmpty && seen.isSubset(of: expected),
                expected: expected.map(\.description).joined(separator: ", "),
                observed: seen.isEmpty ? "nothing sent" : seen.map(\.description).sorted().joined(separator: ", "),
                window: window)
        }
    }
}

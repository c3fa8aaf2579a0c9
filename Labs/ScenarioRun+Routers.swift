import KeepalivedConfiguration
import LabCourse
import NetnsKit
import Timeline
import VRRPCore
import Wire

extension ProtocolTimes {
    /// The longest that two advertisements of a master may be apart: half an interval late, or at short intervals a
    /// quarter of a second, as long as no backup would take over.
    var longestPause: Duration { max(interval * 3 / 2, min(interval * 3, interval + .milliseconds(250))) }
}

/// What scenarios of one virtual router on one or two nodes ask of the files, and wait for.
extension ScenarioRun {
    /// The address that moves: the first that a node's file has.
    var virtualAddress: IPAddress {
        let routers = routers.compactMap { reading(of: $0)?.routers.first }
        return routers.first?.addresses.first?.prefix.address ?? LabNetwork.virtualAddress
    }

    /// Whether a node runs vrrpd, which is kinder than keepalived to some mistakes.
    func isOurs(_ node: String) -> Bool { program(of: node).process == "vrrpd" }

    /// The longest interval between advertisements of the nodes that run.
    var interval: Duration {
        get throws { try routers.map { try times(of: $0).interval }.max() ?? LabNetwork.times.interval }
    }

    /// How long a node hears nothing before it takes over, by its own file.
    func silence(of node: String) throws -> Duration {
        try times(of: node).masterDown(try priority(of: node))
    }

    /// Starts both routers and waits until node1 is the master that node2 hears.
    ///
    /// One after the other: at short intervals the node that starts faster would be the master for a moment, and with
    /// nopreempt for good.
    func startPair() async throws {
        let (first, second) = (try priority(of: "node1"), try priority(of: "node2"))
        try demand(
            "node1 has the higher priority", first > second, expected: "node1 above node2",
            observed: "\(first) and \(second)")
        let begin = try start("node1")
        // Checks may have lowered node1's priority.
        let limit = try times(of: "node1").masterDown(1) + .seconds(1)
        try await demand("node1 becomes the master", within: limit, since: begin) {
            $0.isClaim(by: "node1")
        }
        let late = try start("node2")
        let ready = try await demand("node2 says that it is a backup", within: .seconds(2), since: late) {
            $0.isLine(on: "node2", containing: "Entering BACKUP STATE")
        }
        try await require("node2 hears node1", within: try interval * 3, since: ready.time) {
            $0.isHeard(at: "node2")
        }
    }

    /// Waits until a node that was just started says in its log that it listens.
    @discardableResult
    func expectBackup(_ node: String, since begin: Instant) async throws -> TimelineEvent {
        try await require("\(node) says that it is a backup", within: .seconds(2), since: begin) {
            $0.isLine(on: node, containing: "Entering BACKUP STATE")
        }
    }

    /// When a node that was started alone must become the master: the protocol's time after it has begun to listen.
    ///
    /// Before that a daemon reads its file and waits for the first result of its checks; its log says when it listens.
    ///
    /// - Parameter priority: what it advertises; as configured when nil.
    func startBound(
        _ node: String, since begin: Instant, priority: Int? = nil
    ) throws -> ClosedRange<Duration> {
        let listening = lab.timeline.first(after: begin) { $0.isLine(on: node, containing: "Entering BACKUP STATE") }
        let times = try times(of: node)
        let preparation = listening.map { min($0.time - begin, .seconds(1)) } ?? .zero
        let down = times.masterDown(try priority ?? self.priority(of: node))
        let bound = times.bound(down, late: .milliseconds(250))
        return bound.lowerBound...bound.upperBound + preparation
    }

    /// Waits until node2 advertises after a fault, and judges when, counted from the last advertisement it heard.
    ///
    /// - Parameter time: node2's whole patience when nil.
    /// - Returns: node2's first advertisement, or nil when there was none.
    @discardableResult
    func checkTakeover(
        after fault: Instant, expecting time: Duration? = nil, by node: String = "node2", from other: String = "node1",
        _ title: String? = nil, explanation: String? = nil
    ) async throws -> TimelineEvent? {
        let title = title ?? "\(node) takes over"
        let times = try times(of: node)
        let limit = try silence(of: node) + (try interval) + .milliseconds(500)
        let first = try await expect(title, within: limit, since: fault, explanation: explanation) {
            $0.isClaim(by: node)
        }
        guard let first else { return nil }
        let takeover = lab.timeline.takeover(of: virtualAddress, from: other, to: node, after: fault)
        guard let takeover, let delay = takeover.delay, let lastHeard = takeover.lastHeard else {
            judge(title, false, expected: "after an advertisement of \(other)", observed: "\(node) had heard none")
            return first
        }
        let patience = try silence(of: node)
        let theory = time.map { Theory(exactly: $0, "from the resignation") }
        check(
            title, delay, within: times.bound(time ?? patience), window: lastHeard.time...first.time,
            theory: theory ?? Theory(exactly: patience, "T, from the last advertisement"), explanation: explanation)
        if time == nil { try checkFromFault(fault, heard: lastHeard.time, first: first, by: node) }
        return first
    }

    /// Judges what a new master owes its neighbors: the address and a burst of gratuitous ARP, within a quarter of a
    /// second.
    func checkAnnouncement(by node: String, from first: TimelineEvent) async throws {
        let address = virtualAddress
        let count = try router(of: node).announcement.repeatCount
        let limit: Duration = .milliseconds(250)
        let window = first.time...(first.time + limit)
        let added = try await expect("\(node) has the address", within: limit, since: first.earliestTime) {
            $0.isAddition(of: address, to: node)
        }
        guard added != nil else { return }
        let last = try? await lab.expect("\(count) gratuitous ARPs", within: limit, since: first.time) {
            timeline, start in
            timeline.announcements(of: address, by: node, in: start...(start + limit)).dropFirst(count - 1).first
        }
        let seen = lab.timeline.announcements(of: address, by: node, in: window)
        judge(
            "\(node) announces the address", last != nil, expected: "\(count) gratuitous ARPs within \(limit.text)",
            observed: "\(seen.count), the first after \(seen.first.map { ($0.time - first.time).text } ?? "never")",
            window: window)
    }

    /// Watches for a while and judges that two kernels did not both have the address for longer than a handover takes.
    func checkOneOwner(until end: Instant, overlapAllowed: Duration = .milliseconds(250)) {
        let checker = Checker.atMostOneOwner(of: virtualAddress, overlapAllowed: overlapAllowed)
        let judgement = checker.judge(lab.timeline)
        let violation = judgement.violations.first
        judge(
            "one owner", judgement.outcome == .passed, expected: "overlap at most \(overlapAllowed.text)",
            observed: judgement.outcome == .passed ? "no longer overlap" : violation?.text ?? "two owners",
            window: violation?.window)
    }
}

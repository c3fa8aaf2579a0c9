import LabCourse
import NetnsKit
import Timeline
import Wire

/// The network that the lab's text draws: two routers and a client on one segment, and the address that moves.
enum LabNetwork {
    static let segment = "lan"
    static let vip = IPv4Address(192, 168, 1, 100)
    static let virtualAddress = IPAddress.v4(vip)
    static let virtualRouterID: UInt8 = 51
    static let times = ProtocolTimes()
    static let masterPriority = 150
    static let backupPriority = 100
    static let node1 = LinkEnd("node1", "eth0")
    static let node2 = LinkEnd("node2", "eth0")

    static let pair = Topology([node("node1", 11), node("node2", 12), node("client", 50)])
    static let single = Topology([node("node1", 11), node("client", 50)])

    static let pairPicture = """
        node1 .11  priority 150 --+-- lan 192.168.1.0/24 --+-- node2 .12  priority 100
                                  |
                             client .50          virtual address 192.168.1.100
        """
    static let singlePicture = """
        node1 .11  priority 150 --+-- lan 192.168.1.0/24 --+-- client .50

                     virtual address 192.168.1.100
        """

    private static func node(_ name: String, _ host: Int) -> NodeDescription {
        NodeDescription(name, [InterfaceDescription("eth0", on: segment, ["192.168.1.\(host)/24"])])
    }
}

/// The files that the lab's text has its reader write.
enum LabFile {
    static let master = "/etc/keepalived/keepalived.conf"
    static let backup = "/etc/keepalived/keepalived-backup.conf"
    static let notify = "/etc/keepalived/notify.sh"
    static let notifyLog = "/var/log/keepalived-state.log"
    static let service = "/run/haproxy"

    /// A configuration that was embedded as octets.
    static func configuration(_ octets: [UInt8], at path: String, on node: String) -> NodeFile {
        NodeFile(path, on: node, String(decoding: octets, as: UTF8.self))
    }

    /// Writes each state that the daemon reports into the node's log.
    static func notifyScript(on node: String) -> NodeFile {
        NodeFile(notify, on: node, "#!/bin/sh\necho \"$1\" >> \(notifyLog)\n", mode: 0o700)
    }

    /// A process that is called haproxy and waits for ever: what the lab's check looks for, without a load balancer.
    static func serviceStandIn(on node: String) -> NodeFile {
        NodeFile(
            service, on: node, "#!/bin/sh\nmkfifo /run/haproxy.idle\nread -r line < /run/haproxy.idle\n", mode: 0o755)
    }
}

extension ScenarioRun {
    /// Starts both routers and waits until node1 is the master that node2 hears.
    func startPair() async throws {
        let begin = try start("node1")
        try start("node2")
        // The election itself may take the slower node's time, and checks may have lowered node1's priority.
        let limit = LabNetwork.times.masterDown(1) + LabNetwork.times.interval * 2
        let first = try await require("node1 becomes the master", within: limit, since: begin) {
            $0.isClaim(by: "node1")
        }
        let next = first.time + LabNetwork.times.interval / 2
        try await require("node2 hears node1 again", within: LabNetwork.times.interval * 2, since: next) {
            $0.isHeard(at: "node2")
        }
    }

    /// When a node that was started alone must become the master: the protocol's time after it has begun to listen.
    ///
    /// Before that a daemon reads its file and waits for the first result of its checks; its log says when it listens.
    func startBound(_ node: String, since begin: Instant, priority: Int) -> ClosedRange<Duration> {
        let listening = lab.timeline.first(after: begin) { event in
            guard event.node == node, case .output(_, _, let line) = event.kind else { return false }
            return line.contains("Entering BACKUP STATE")
        }
        let preparation = listening.map { min($0.time - begin, LabNetwork.times.interval) } ?? .zero
        let bound = LabNetwork.times.bound(LabNetwork.times.masterDown(priority), late: .milliseconds(250))
        return bound.lowerBound...bound.upperBound + preparation
    }

    /// Waits until node2 advertises after a fault, and judges when, counted from the last advertisement it heard.
    ///
    /// - Returns: node2's first advertisement, or nil when there was none.
    @discardableResult
    func checkTakeover(
        after fault: Instant, expecting time: Duration, _ title: String = "node2 takes over", explanation: String? = nil
    ) async throws -> TimelineEvent? {
        let limit = LabNetwork.times.masterDown(LabNetwork.backupPriority) + LabNetwork.times.interval
        let first = try await expect(title, within: limit, since: fault, explanation: explanation) {
            $0.isClaim(by: "node2")
        }
        guard let first else { return nil }
        let takeover = lab.timeline.takeover(of: LabNetwork.virtualAddress, from: "node1", to: "node2", after: fault)
        guard let takeover, let delay = takeover.delay, let lastHeard = takeover.lastHeard else {
            judge(title, false, expected: "after an advertisement of node1", observed: "node2 had heard none")
            return first
        }
        check(
            title, delay, within: LabNetwork.times.bound(time), window: lastHeard.time...first.time,
            explanation: explanation)
        return first
    }

    /// Judges what a new master owes its neighbors: the address and five gratuitous ARPs, within a quarter of a second.
    func checkAnnouncement(by node: String, from first: TimelineEvent) async throws {
        let limit: Duration = .milliseconds(250)
        let window = first.time...(first.time + limit)
        let address = try await expect("\(node) has the address", within: limit, since: first.earliestTime) {
            $0.isAddition(of: LabNetwork.virtualAddress, to: node)
        }
        guard address != nil else { return }
        let fifth = try? await lab.expect("five gratuitous ARPs", within: limit, since: first.time) { timeline, start in
            timeline.announcements(of: LabNetwork.virtualAddress, by: node, in: start...(start + limit)).dropFirst(4)
                .first
        }
        let seen = lab.timeline.announcements(of: LabNetwork.virtualAddress, by: node, in: window)
        judge(
            "\(node) announces the address", fifth != nil, expected: "5 gratuitous ARPs within \(limit.text)",
            observed: "\(seen.count), the first after \(seen.first.map { ($0.time - first.time).text } ?? "never")",
            window: window)
    }

    /// Watches for a while and judges that two kernels did not both have the address for longer than a handover takes.
    func checkOneOwner(until end: Instant, overlapAllowed: Duration = .milliseconds(250)) {
        let checker = Checker.atMostOneOwner(of: LabNetwork.virtualAddress, overlapAllowed: overlapAllowed)
        switch checker.judge(lab.timeline) {
        case .passed:
            judge("one owner", true, expected: "overlap at most \(overlapAllowed.text)", observed: "no longer overlap")
        case .failed(let violations):
            judge(
                "one owner", false, expected: "overlap at most \(overlapAllowed.text)",
                observed: violations.first?.text ?? "two owners", window: violations.first?.window)
        case .inconclusive(let violations, _):
            judge(
                "one owner", false, expected: "overlap at most \(overlapAllowed.text)",
                observed: violations.first?.text ?? "two owners", window: violations.first?.window)
        }
    }
}

extension Timeline {
    func announcements(
        of address: IPAddress, by node: String, in window: ClosedRange<Instant>
    ) -> [TimelineEvent] {
        events.filter { window.contains($0.time) && $0.isAnnouncement(of: address, from: node) }
    }
}

extension TimelineEvent {
    /// An advertisement by which the node says that it is the master.
    func isClaim(by node: String) -> Bool {
        isAdvertisement(from: node) && (advertisement?.0.priority ?? 0) > 0
    }

    /// An advertisement by which the node gives up.
    func isResignation(of node: String) -> Bool {
        isAdvertisement(from: node) && advertisement?.0.priority == 0
    }

    /// An advertisement that reached the node.
    func isHeard(at node: String) -> Bool {
        self.node == node && frameDirection == .received && advertisement != nil
    }

    func isRemoval(of address: IPAddress, from node: String) -> Bool {
        guard self.node == node, case .addressRemoved(let prefix, _) = kind else { return false }
        return prefix.address == address
    }
}

import LabCourse
import NetnsKit
import Timeline
import Wire

// What demonstrations of mistakes have in common: their checks pass when the symptom is there.
extension ScenarioRun {
    /// Whether the service runs that the lab's check looks for.
    enum Service {
        case running, dead
    }

    /// Starts node1 as the scenario has it, and waits until it advertises.
    @discardableResult
    func becomeMaster(_ service: Service = .running) async throws -> TimelineEvent {
        if service == .running { try lab["node1"].start(LabFile.service, as: "haproxy") }
        let begin = try start("node1")
        return try await claim(by: "node1", since: begin)
    }

    /// Waits until node1's kernel has the first of the addresses that it advertises.
    func addressArrives(with first: TimelineEvent) async throws {
        let slack: Duration = .milliseconds(250)
        guard let address = first.advertisement?.0.addresses.first else { return }
        try await require("node1's kernel has \(address)", within: slack * 4, since: first.earliestTime - slack) {
            $0.isAddition(of: address, to: "node1")
        }
    }

    /// Waits for a node's first advertisement.
    func claim(by node: String, since begin: Instant) async throws -> TimelineEvent {
        let limit = LabNetwork.times.masterDown(1) + LabNetwork.times.interval * 3
        return try await require("\(node) becomes the master", within: limit, since: begin) { $0.isClaim(by: node) }
    }

    /// Judges that a daemon writes a line.
    @discardableResult
    func showLine(
        _ title: String, on node: String = "node1", within limit: Duration = .seconds(4), since begin: Instant,
        _ matches: @escaping @Sendable (String) -> Bool
    ) async throws -> TimelineEvent? {
        let event = try await expect(title, within: limit, since: begin) { event in
            guard event.node == node, case .output(_, _, let line) = event.kind else { return false }
            return matches(line)
        }
        guard let event, case .output(_, _, let line) = event.kind else { return nil }
        judge(title, true, expected: "in \(node)'s log", observed: line.logMessage)
        return event
    }

    /// Lets a while pass in which scripts can do what they do; node1's daemon writes something in it.
    func watch(for span: Duration, since begin: Instant) async {
        _ = try? await lab.expectNever("a program crashes", for: span, since: begin, control: .line(on: "node1")) {
            if case .crashed = $0.kind { true } else { false }
        }
    }

    /// What the notify script has written so far: the states that it was called with.
    func calls(on node: String = "node1") -> [String] {
        let octets = (try? lab[node].read(LabFile.notifyLog)) ?? []
        return String(decoding: octets, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Judges that node1 became the master and that its notify script was not called for it.
    func showNoCall(_ title: String = "node1 is the master and the notify script was not called") async throws {
        let first = try await becomeMaster()
        // Long after every call: they come within a quarter of a second.
        let second = first.time + .milliseconds(500)
        try await require("node1 goes on", within: LabNetwork.times.interval * 2, since: second) {
            $0.isClaim(by: "node1")
        }
        let calls = calls()
        judge(
            title, !calls.contains("MASTER"), expected: "no call with MASTER",
            observed: calls.isEmpty ? "no call at all" : "called with \(calls.joined(separator: ", "))")
    }

    /// Judges that a check counts for nothing: its service is dead, and node1 advertises its full priority.
    ///
    /// - Parameter ours: what our daemon makes of the same check.
    func showUnchecked(ours: UncheckedMeaning = .unchecked) async throws {
        let priority = try priority(of: "node1")
        if isOurs("node1"), ours == .failed {
            let sent = try await becomeMaster(.running).advertisement?.0.priority ?? 0
            judge(
                "the service is well, and vrrpd counts the check as failed", Int(sent) < priority,
                expected: "less than \(priority) on the wire", observed: "priority \(sent)")
            return
        }
        let sent = try await becomeMaster(.dead).advertisement?.0.priority ?? 0
        judge(
            "the service is dead, and nothing comes of it", Int(sent) == priority,
            expected: "priority \(priority) on the wire", observed: "priority \(sent), as if all were well")
    }

    /// Judges that a failed check of node1 does not move the address: node2 goes on listening.
    func showAddressStays(_ title: String) async throws {
        for node in routers where node != "node1" { try lab[node].start(LabFile.service, as: "haproxy") }
        let first = try await becomeMaster(.dead)
        let begin = try start("node2")
        let patience = LabNetwork.times.masterDown(LabNetwork.backupPriority) + LabNetwork.times.interval
        try await expectNever(title, for: patience, since: begin, control: .advertisement(from: "node1")) {
            $0.isClaim(by: "node2")
        }
        let sent = lab.timeline.last(before: begin + patience) { $0.isClaim(by: "node1") } ?? first
        judge(
            "node1's check has failed, and node1 is the master",
            Int(sent.advertisement?.0.priority ?? 0) < (try priority(of: "node1")),
            expected: "less than \(try priority(of: "node1")) on the wire",
            observed: "priority \(sent.advertisement?.0.priority ?? 0)")
    }

    /// Judges that node1, which comes later, takes the address from node2 at once.
    func showReclaim(_ title: String) async throws {
        for node in routers { try lab[node].start(LabFile.service, as: "haproxy") }
        let begin = try start("node2")
        let second = try await claim(by: "node2", since: begin)
        let late = try start("node1")
        let taken = try await claim(by: "node1", since: late)
        let limit = LabNetwork.times.masterDown(try priority(of: "node1")) + LabNetwork.times.interval
        check(title, taken.time - late, within: .zero...limit, window: second.time...taken.time)
    }

    /// Judges that node1, which comes later, leaves the address to node2 also when some time is over.
    func showNoReclaim(within delay: Duration) async throws {
        for node in routers { try lab[node].start(LabFile.service, as: "haproxy") }
        let begin = try start("node2")
        _ = try await claim(by: "node2", since: begin)
        let late = try start("node1")
        try await expectBackup("node1", since: late)
        let patience = LabNetwork.times.masterDown(1) + delay
        try await expectNever(
            "node1 takes the address from node2", for: patience, since: late, control: .advertisement(from: "node2")
        ) { $0.isClaim(by: "node1") }
    }

    /// Judges that `notify` without quotes calls nothing where `notify_master` with them calls the script.
    ///
    /// - Parameter word: the argument of the command without quotes.
    func showGenericCall(with word: String) async throws {
        let first = try await becomeMaster()
        await watch(for: first.time - lab.start + .milliseconds(500), since: lab.start)
        let calls = calls()
        judge(
            "the command in quotes was called", calls.contains("MASTER"), expected: "a call with MASTER",
            observed: calls.isEmpty ? "no call at all" : "called with \(calls.joined(separator: ", "))")
        let isCalled = calls.contains(word)
        judge(
            isOurs("node1") ? "vrrpd calls the one without, too" : "the one without is not called",
            isCalled == isOurs("node1"), expected: isOurs("node1") ? "a call with \(word)" : "no call with \(word)",
            observed: isCalled ? "called with \(word)" : "no call with \(word)")
    }
}

/// What a daemon makes of a check that it cannot run.
enum UncheckedMeaning {
    /// As if there were none.
    case unchecked
    /// It has failed.
    case failed
}

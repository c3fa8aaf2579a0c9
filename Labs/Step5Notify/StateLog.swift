import LabCourse
import NetnsKit
import Timeline
import Wire

/// What a node's notify script wrote, and what its daemon says of itself: two stories that must be one.
///
/// A script is judged by the file that the lab has it write, `/var/log/keepalived-state.log`: each call leaves a line
/// there with the state in it. That works for any script, and nothing of the learner's is changed: a program in the
/// node follows the file, and each line is in the timeline within milliseconds.
struct StateLog {
    /// A state and when it was entered, or told.
    struct Entry: Hashable {
        var state: String
        var time: Instant
        /// The line as it is written.
        var line: String
    }

    static let states = ["MASTER", "BACKUP", "FAULT", "STOP"]
    /// The program that follows the file.
    static let follower = "state-log"

    /// From a change of state to the script's line: a quarter of a second for the call, and as much for the script to
    /// come to its line, which took 0.02 s on an idle machine and 0.45 s beside a compiler.
    static let slack: Duration = .milliseconds(500)

    /// The calls of a node's script, in order.
    let calls: [Entry]
    /// The states that its daemon entered.
    let transitions: [Entry]
    /// Its advertisements as a master.
    let claims: [Instant]

    init(_ timeline: Timeline, of node: String, daemon: String, since start: Instant = .zero) {
        let events = timeline.of(node: node).filter { $0.time >= start }
        calls = events.compactMap { event in
            guard case .output(Self.follower, .standardOutput, let line) = event.kind else { return nil }
            // The last word that is one: texts may say what was before.
            let words = line.split { !$0.isLetter }.map(String.init)
            return Entry(state: words.last(where: Self.states.contains) ?? "?", time: event.time, line: line)
        }
        transitions = events.compactMap { event in
            guard case .output(daemon, _, let line) = event.kind, line.contains("Entering ") else { return nil }
            let words = line.split(separator: " ").map(String.init)
            guard let index = words.firstIndex(of: "Entering"), words.indices.contains(index + 2),
                Self.states.contains(words[index + 1]), words[index + 2].hasPrefix("STATE")
            else { return nil }
            return Entry(state: words[index + 1], time: event.time, line: line)
        }
        claims = events.filter { $0.isClaim(by: node) }.map(\.time)
    }

    /// For each call, the time since the daemon entered that state; nil for what is no state, such as STOP.
    var delays: [(entry: Entry, delay: Duration)] {
        calls.compactMap { call in
            let cause = transitions.last { $0.state == call.state && $0.time <= call.time + .milliseconds(20) }
            return cause.map { (call, call.time - $0.time) }
        }
    }

    /// The advertisements of times when the log says that the node is no master, give or take a while.
    func contradictions(tolerance: Duration) -> [Instant] {
        claims.filter { claim in
            let near = calls.filter { max($0.time - claim, claim - $0.time) <= tolerance }
            let before = calls.last { $0.time < claim }
            return !(near + [before].compactMap(\.self)).contains { $0.state == "MASTER" }
        }
    }

    /// The longest pause between advertisements while the daemon says that it is the master, and where.
    var longestPause: (length: Duration, window: ClosedRange<Instant>)? {
        zip(claims, claims.dropFirst()).filter { first, second in
            !transitions.contains { $0.time > first && $0.time <= second && $0.state != "MASTER" }
        }.map { ($1 - $0, $0...$1) }.max { $0.0 < $1.0 }
    }
}

extension ScenarioRun {
    /// Follows the file that notify scripts write, on every node that runs a daemon; before the daemons start.
    func followStateLogs() async throws {
        for node in routers {
            try lab[node].write("", to: LabFile.notifyLog)
            try lab[node].start("/usr/bin/tail", ["-n", "+1", "-F", LabFile.notifyLog], as: StateLog.follower)
        }
    }

    /// What was told and what happened on a node.
    func stateLog(of node: String, since start: Instant = .zero) -> StateLog {
        StateLog(lab.timeline, of: node, daemon: program(of: node).process, since: start)
    }

    /// Judges a node's calls: one for each change of state, in this order, soon after it, and as the wire has it.
    ///
    /// - Parameter patience: how long a call may wait for the one before it to end.
    func checkCalls(of node: String, _ expected: [String], patience: Duration = .zero) {
        let log = stateLog(of: node)
        let words = { (states: [String]) in states.isEmpty ? "none" : states.joined(separator: " ") }
        let calls = log.calls.map(\.state)
        judge(
            "\(node): one call for each change", calls == expected, expected: words(expected), observed: words(calls),
            explanation: """
                Each call of the script appends one line with the state to \(LabFile.notifyLog). No line at all: the \
                daemon did not call it (its log says why), or it writes elsewhere.
                """)
        // Without any call there is nothing more to compare.
        guard !calls.isEmpty || expected.isEmpty else { return }
        let states = log.transitions.map(\.state)
        judge(
            "\(node): that is what happened", states == expected.filter { $0 != "STOP" },
            expected: words(expected.filter { $0 != "STOP" }), observed: words(states))
        if let slowest = log.delays.max(by: { $0.delay < $1.delay }) {
            check(
                patience > .zero ? "\(node): when the one before has ended" : "\(node): soon after the change",
                slowest.delay, within: .milliseconds(-20)...patience + StateLog.slack,
                window: slowest.entry.time - max(slowest.delay, .zero)...slowest.entry.time)
        }
        if patience == .zero { checkWire(of: node, log) }
    }

    /// Judges that the calls and the advertisements of a node tell the same story.
    private func checkWire(of node: String, _ log: StateLog) {
        let contradictions = log.contradictions(tolerance: StateLog.slack)
        judge(
            "\(node): the state log matches the wire", contradictions.isEmpty,
            expected: "it advertises after MASTER and at no other time",
            observed: contradictions.isEmpty
                ? "advertisements: \(log.claims.count)" : "\(contradictions.count) at other times")
    }

    /// Judges that a node's script has held none of its advertisements up.
    func checkRhythm(of node: String) throws {
        guard let pause = stateLog(of: node).longestPause else { return }
        check(
            "\(node): no advertisement is late", pause.length, within: .zero...(try times(of: node).longestPause),
            window: pause.window)
    }
}

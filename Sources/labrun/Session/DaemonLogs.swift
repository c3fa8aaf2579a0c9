import LabCourse
import LinuxSystem
import NetnsKit
import Synchronization
import Timeline

/// Writes what each daemon says into a file of its node, where a person expects it.
final class DaemonLogs: Sendable {
    /// As seen in the node.
    static let path = "/var/log/keepalived.log"

    private let waiting = Mutex<[String: String]>([:])
    private let writer = RepeatingThread(named: "lab-logs")
    private let lab: Lab
    /// The daemons' names by their nodes.
    private let processes: [String: String]
    private let follower = Mutex<LabFollower?>(nil)

    init(of run: ScenarioRun) {
        lab = run.lab
        processes = Dictionary(uniqueKeysWithValues: run.routers.map { ($0, run.program(of: $0).process) })
        // What comes while the past is read is in both, or in the first alone.
        let early = EarlyEvents()
        let following = lab.follow { [weak self] events in
            let isEarly = early.events.withLock { early in
                early?.append(contentsOf: events)
                return early != nil
            }
            if !isEarly { self?.note(events) }
        }
        follower.withLock { $0 = following }
        let past = Array(lab.timeline)
        let known = Set(past)
        note(past)
        early.events.withLock { early in
            note((early ?? []).filter { !known.contains($0) })
            early = nil
        }
    }

    private func note(_ events: [TimelineEvent]) {
        var isAny = false
        for event in events {
            guard let node = event.node, case .output(let process, _, let line) = event.kind,
                process == processes[node]
            else { continue }
            waiting.withLock { $0[node, default: ""] += line + "\n" }
            isAny = true
        }
        if isAny { writer.run { [weak self] in self?.write() } }
    }

    private func write() {
        let batch = waiting.withLock { waiting in
            defer { waiting = [:] }
            return waiting
        }
        // A full directory loses lines, as it would on a real machine.
        for (node, text) in batch { try? lab[node].append(text, to: Self.path) }
    }
}

/// What came before the past was read; nil when that is done.
private final class EarlyEvents: Sendable {
    let events = Mutex<[TimelineEvent]?>([])
}

import KeepalivedConfiguration
import LinuxSystem
import VRRPCore
import Wire

/// How many processes of each tracked kind there are.
///
/// Each one that was found is held by a descriptor, so its end is known at once; new ones are looked for in `/proc`
/// every second. The kernel's process events would tell both, but only to the machine's first network namespace.
struct TrackedProcesses {
    typealias Outcome = ScriptRunner.Outcome

    /// From one look for new processes to the next.
    static let interval: Duration = .seconds(1)
    /// Beyond this many of a kind, a quorum can tell no difference.
    private static let limit = 1000

    private var configured: [TrackProcess] = []
    /// By the kind's name in the configuration.
    private(set) var counts: [String: Int] = [:]
    /// The kinds that a process belongs to, and what it showed itself as, by PID.
    private var found: [Int32: (process: Box<ProcessHandle>, kinds: Set<String>)] = [:]
    private(set) var nextDeadline: Instant?

    /// Takes over a new set of kinds and looks who is there.
    mutating func adopt(_ kinds: [TrackProcess], at now: Instant, _ loop: borrowing EventLoop) -> Outcome {
        if kinds != configured {
            configured = kinds
            found = [:]
            counts = [:]
        }
        guard !kinds.isEmpty else {
            nextDeadline = nil
            return ([], [])
        }
        return look(at: now, loop)
    }

    /// Looks who has come, and who is another program by now.
    mutating func look(at now: Instant, _ loop: borrowing EventLoop) -> Outcome {
        nextDeadline = now + Self.interval
        var outcome: Outcome = ([], [])
        var present: Set<Int32> = []
        for pid in FileSystem.names(in: "/proc").lazy.compactMap({ Int32($0) }) {
            guard let process = ProcessDescription(pid: pid) else { continue }
            let kinds = Set(configured.filter { $0.matches(process) }.map(\.name))
            guard !kinds.isEmpty else { continue }
            present.insert(pid)
            note(kinds, of: pid, &outcome, loop)
        }
        found = found.filter { present.contains($0.key) }
        return report(outcome)
    }

    /// A process has ended.
    mutating func ended(_ pid: Int32) -> Outcome {
        guard found.removeValue(forKey: pid) != nil else { return ([], []) }
        return report(([], []))
    }

    private mutating func note(
        _ kinds: Set<String>, of pid: Int32, _ outcome: inout Outcome, _ loop: borrowing EventLoop
    ) {
        if found[pid] != nil {
            found[pid]?.kinds = kinds
            return
        }
        guard found.count < Self.limit * configured.count else { return }
        do {
            let handle = Box(try ProcessHandle(pid))
            try loop.watch(handle.value.descriptor, as: EventSource.trackedProcess(pid: pid).token)
            found[pid] = (handle, kinds)
        } catch let error where error.isAbsence {
            // It has ended since it was seen.
        } catch {
            outcome.log.append(LogEntry(.detail, "A tracked process cannot be held: \(error)"))
        }
    }

    private mutating func report(_ outcome: Outcome) -> Outcome {
        var outcome = outcome
        for kind in configured {
            let count = found.values.count { $0.kinds.contains(kind.name) }
            guard counts[kind.name] != count else { continue }
            counts[kind.name] = count
            outcome.events.append(.processCount(name: kind.name, count))
        }
        return outcome
    }
}

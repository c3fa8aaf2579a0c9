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
    /// So many processes are looked at before the daemon does something else.
    private static let slice = 200
    /// Beyond this many of a kind, a quorum can tell no difference.
    private static let limit = 1000

    private var configured: [TrackProcess] = []
    /// By the kind's name in the configuration.
    private(set) var counts: [String: Int] = [:]
    /// The kinds that a process belongs to, and what it showed itself as, by PID.
    private var found: [Int32: (process: Box<ProcessHandle>, kinds: Set<String>)] = [:]
    private(set) var nextDeadline: Instant?
    /// The round of looks that goes on: whom it still has to look at, whom it has found, and when it began.
    private var unseen: ArraySlice<Int32> = []
    private var present: Set<Int32> = []
    private var roundBegan = Instant.zero

    /// Takes over a new set of kinds and looks who is there.
    mutating func adopt(_ kinds: [TrackProcess], at now: Instant, _ loop: borrowing EventLoop) -> Outcome {
        if kinds != configured {
            configured = kinds
            found = [:]
            counts = [:]
            unseen = []
        }
        guard !kinds.isEmpty else {
            nextDeadline = nil
            return ([], [])
        }
        var outcome = look(at: now, loop)
        while !unseen.isEmpty {
            let more = look(at: now, loop)
            outcome = (outcome.events + more.events, outcome.log + more.log)
        }
        return outcome
    }

    /// Looks who has come, and who is another program by now; on a machine with many processes, at some of them, and
    /// at the next ones at once thereafter.
    mutating func look(at now: Instant, _ loop: borrowing EventLoop) -> Outcome {
        if unseen.isEmpty {
            unseen = FileSystem.names(in: "/proc").compactMap { Int32($0) }[...]
            (present, roundBegan) = ([], now)
        }
        let needsWords = configured.contains(where: \.comparesWords)
        var outcome: Outcome = ([], [])
        for pid in unseen.prefix(Self.slice) {
            guard let process = ProcessDescription(pid: pid, withWords: needsWords) else { continue }
            let kinds = Set(configured.filter { $0.matches(process) }.map(\.name))
            guard !kinds.isEmpty else { continue }
            present.insert(pid)
            note(kinds, of: pid, &outcome, loop)
        }
        unseen = unseen.dropFirst(Self.slice)
        nextDeadline = unseen.isEmpty ? roundBegan + Self.interval : now
        if unseen.isEmpty { found = found.filter { present.contains($0.key) } }
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

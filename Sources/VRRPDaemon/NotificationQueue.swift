import VRRPCore
import Wire

/// Keeps the notify scripts of each subject in order: one starts when the one before it has ended, or takes too long.
///
/// keepalived starts them all at once, so that of two fast transitions the later script may have the earlier effect.
/// A subject's own scripts and its generic ones wait only for their like, and nobody waits for another subject.
struct NotificationQueue: Hashable, Sendable {
    /// Whose scripts wait for each other.
    struct Lane: Hashable, Sendable {
        enum Kind: Hashable, Sendable {
            case specific, generic
        }

        var subject: Transition.Subject
        var name: String
        var kind: Kind
    }

    struct Entry: Hashable, Sendable {
        var lane: Lane
        var script: PreparedScript
        /// Of several such that wait, the last says everything.
        var replacesItsLike = false
    }

    private struct Traffic: Hashable, Sendable {
        var patienceEndsAt: Instant
        var waiting: [Entry] = []
    }

    /// How long a script is waited for; it goes on running, beside the next one.
    static let patience: Duration = .seconds(10)
    /// More do not wait in a lane: then the oldest is given up, for what is newest counts.
    static let capacity = 64

    private var lanes: [Lane: Traffic] = [:]
    /// The lanes in which somebody waits.
    private var crowded: Set<Lane> = []
    /// For whom a script runs that others may wait for.
    private var running: [Int32: Lane] = [:]
    /// Scripts given up since this was last asked.
    private var lost = 0

    var nextDeadline: Instant? {
        crowded.lazy.compactMap { lanes[$0]?.patienceEndsAt }.min()
    }

    /// Adds a script. Returns it when it is its turn at once: then `started` or `failed` must follow.
    mutating func add(_ entry: Entry, at now: Instant) -> Entry? {
        guard var traffic = lanes[entry.lane] else {
            lanes[entry.lane] = Traffic(patienceEndsAt: now + Self.patience)
            return entry
        }
        if entry.replacesItsLike, let last = traffic.waiting.last, last.replacesItsLike { traffic.waiting.removeLast() }
        traffic.waiting.append(entry)
        if traffic.waiting.count > Self.capacity {
            traffic.waiting.removeFirst()
            lost += 1
        }
        lanes[entry.lane] = traffic
        crowded.insert(entry.lane)
        return nil
    }

    mutating func started(_ lane: Lane, pid: Int32) {
        running[pid] = lane
    }

    /// A script could not be started; returns the one whose turn it is now.
    mutating func failed(_ lane: Lane, at now: Instant) -> Entry? {
        advance(lane, at: now)
    }

    /// A script has ended; returns the one whose turn it is now.
    mutating func ended(_ pid: Int32, at now: Instant) -> Entry? {
        guard let lane = running.removeValue(forKey: pid) else { return nil }
        return advance(lane, at: now)
    }

    /// The scripts that have waited long enough.
    mutating func due(at now: Instant) -> [Entry] {
        let due = crowded.filter { lane in lanes[lane].map { $0.patienceEndsAt <= now } ?? false }
        guard !due.isEmpty else { return [] }
        // Nobody waits for those that were passed any more.
        running = running.filter { !due.contains($0.value) }
        return due.compactMap { advance($0, at: now) }
    }

    /// Everything that waits, each lane in its order: at the end nobody waits for anybody.
    mutating func drain() -> [Entry] {
        defer { (lanes, crowded, running) = ([:], [], [:]) }
        return lanes.values.flatMap(\.waiting)
    }

    /// How many scripts were given up since this was last asked.
    mutating func takeLost() -> Int {
        defer { lost = 0 }
        return lost
    }

    private mutating func advance(_ lane: Lane, at now: Instant) -> Entry? {
        guard var traffic = lanes[lane], !traffic.waiting.isEmpty else {
            lanes[lane] = nil
            return nil
        }
        let next = traffic.waiting.removeFirst()
        if traffic.waiting.isEmpty { crowded.remove(lane) }
        traffic.patienceEndsAt = now + Self.patience
        lanes[lane] = traffic
        return next
    }
}

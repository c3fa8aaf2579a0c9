import LinuxSystem
import NetnsKit
import Synchronization
import Timeline

extension Session {
    /// Tells a client of every frame that is sent from now on, and of faults, until it goes.
    func capture(_ segment: String?, for connection: borrowing LocalConnection) throws {
        if let segment, !lab.topology.segmentNames.contains(segment) {
            let known = lab.topology.segmentNames.joined(separator: ", ")
            throw SessionRefusal("there is no segment '\(segment)': there are \(known)", .usage)
        }
        let ends = segment.map { Set(lab.topology.ends(of: $0)) }
        let waiting = WaitingRecords()
        let wakeup = try Doorbell()
        let follower = lab.follow { events in
            let records = events.compactMap { CaptureRecord($0) { end in ends?.contains(end) ?? true } }
            if waiting.add(records) { wakeup.signal() }
        }
        defer { withExtendedLifetime(follower) {} }
        try connection.send(SessionReply.capturing(realTimeOffset: lab.offsetToRealTime))
        let loop = try EventLoop()
        try loop.watch(wakeup.descriptor, as: 0)
        try loop.watch(connection.descriptor, as: 1)
        while true {
            // A client that captures says nothing more: it goes.
            if try loop.wait(until: nil).contains(1) { return }
            wakeup.clear()
            for record in waiting.take() {
                do { try connection.send(SessionReply.sight(record)) } catch { return }
            }
        }
    }
}

/// What a client that is behind has still to be told.
private final class WaitingRecords: Sendable {
    private let records = Mutex<(list: [CaptureRecord], lost: Int)>(([], 0))
    /// A client that is further behind loses the rest.
    private static let limit = 20_000

    /// - Returns: whether there is anything to tell.
    func add(_ new: [CaptureRecord]) -> Bool {
        guard !new.isEmpty else { return false }
        records.withLock { records in
            let room = max(Self.limit - records.list.count, 0)
            records.list += new.prefix(room)
            records.lost += max(new.count - room, 0)
        }
        return true
    }

    func take() -> [CaptureRecord] {
        let (list, lost) = records.withLock { records in
            defer { records = ([], 0) }
            return records
        }
        guard lost > 0, let last = list.last else { return list }
        return list + [CaptureRecord(time: last.time, mark: .lost(lost))]
    }
}

import Timeline
import Wire

/// The frames that tell what a fault did: three advertisements on either side, and everything that changed.
extension MomentRecord {
    /// So many advertisements are told before and after, changed or not.
    private static let neighbors = 3
    /// Beyond these the captures have the rest.
    private static let (mostMoments, mostFrames) = (12, 40)

    /// The faults of a scenario and their ends.
    ///
    /// - Parameter origin: when the lab was ready.
    static func moments(of timeline: Timeline, origin: Instant) -> [MomentRecord] {
        let marks = timeline.compactMap { event -> (time: Instant, title: String)? in
            switch event.kind {
            case .fault(let text): (event.time, text)
            case .healed(let text): (event.time, "ended: \(text)")
            default: nil
            }
        }
        let told = frames(of: timeline, origin: origin)
        return marks.prefix(mostMoments).enumerated().map { index, mark in
            let begin = (mark.time - origin).inSeconds
            let end = marks.indices.contains(index + 1) ? (marks[index + 1].time - origin).inSeconds : .infinity
            let before = told.filter { $0.t < begin && !$0.isAnnouncement }.suffix(neighbors)
            let rest = told.filter { $0.t >= begin && $0.t < end }
            let near = rest.filter { !$0.isAnnouncement }.prefix(neighbors).map(\.record)
            let after = rest.map(\.record).filter { $0.isChange || near.contains($0) }
            let all = before.map(\.record) + after
            let left = rest.count - after.count + max(all.count - mostFrames, 0)
            return MomentRecord(
                t: begin, title: mark.title, frames: Array(all.prefix(mostFrames)), omitted: left == 0 ? nil : left)
        }
    }

    private struct Told {
        var record: FrameRecord
        var isAnnouncement: Bool
        var t: Double { record.t }
    }

    /// Advertisements and announcements as they were sent, a burst of the same once.
    private static func frames(of timeline: Timeline, origin: Instant) -> [Told] {
        var senders: [String: String] = [:]
        var priorities: [String: UInt8] = [:]
        var bursts: [(summary: String, index: Int, count: Int)] = []
        var told: [Told] = []
        for event in timeline where event.isSent {
            guard let node = event.node, let frame = event.frame else { continue }
            let time = (event.time - origin).inSeconds
            if let (packet, _) = event.advertisement {
                let router = "\(packet.virtualRouterID) \(packet.addresses.first?.family.rawValue ?? "")"
                let isChange = senders[router] != node || priorities["\(router) \(node)"] != packet.priority
                (senders[router], priorities["\(router) \(node)"]) = (node, packet.priority)
                told.append(
                    Told(
                        record: FrameRecord(t: time, node: node, summary: frame.summary, isChange: isChange),
                        isAnnouncement: false))
            } else if event.announcedAddress != nil {
                if let last = bursts.last, last.summary == frame.summary, time - told[last.index].t < burst {
                    bursts[bursts.count - 1].count += 1
                    told[last.index].record.summary = "\(frame.summary), \(last.count + 1) times"
                } else {
                    bursts.append((frame.summary, told.count, 1))
                    told.append(
                        Told(
                            record: FrameRecord(t: time, node: node, summary: frame.summary, isChange: true),
                            isAnnouncement: true))
                }
            }
        }
        return told
    }

    /// What is alike and follows within so many seconds is one burst.
    private static let burst = 0.25
}

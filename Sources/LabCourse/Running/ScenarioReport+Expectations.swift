import Timeline
import Wire

/// When the protocol has a backup take over: from the files' own values and from what was heard.
extension ScenarioReport {
    /// A band for each master that fell silent at a fault, and for each that resigned.
    public var expectations: [Swimlanes.Expectation] {
        let faults = timeline.filter { if case .fault = $0.kind { true } else { false } }.map(\.time)
        let keys = Set(routers.map { RouterKey(identifier: $0.identifier, family: $0.family) })
        return keys.flatMap { key -> [Swimlanes.Expectation] in
            let backups = routers.filter { RouterKey(identifier: $0.identifier, family: $0.family) == key }
            guard let heard = backups.first.map({ HeardRouter(timeline, $0) }) else { return [] }
            return faults.compactMap { silence(after: $0, backups, heard) } + resignations(backups, heard)
        }
    }

    private struct RouterKey: Hashable {
        var identifier: UInt8
        var family: AddressFamily
    }

    /// Nil when the master goes on, or when the record ends before anybody could know.
    private func silence(
        after fault: Instant, _ backups: [ConfiguredRouter], _ heard: HeardRouter
    ) -> Swimlanes.Expectation? {
        guard let master = heard.sent.last(where: { $0.time < fault }), master.priority > 0 else { return nil }
        let others = backups.filter { $0.node != master.node }
        guard let backup = others.min(by: { $0.figures.silence < $1.figures.silence }) else { return nil }
        let times = backup.figures.times
        let words = heard.received.filter { $0.node == backup.node && $0.sender == master.node }
        guard let last = words.last(where: { $0.time < fault + times.interval / 2 }), last.priority > 0,
            fault - last.time <= times.interval * 2
        else { return nil }
        let limit = fault + times.interval * 3 / 2
        let goesOn = words.contains { $0.time > last.time && $0.time <= limit }
        guard !goesOn, timeline.endTime >= limit else { return nil }
        let due = last.time + backup.figures.silence
        let latest = max(fault + backup.figures.silence, due)
        return Swimlanes.Expectation(
            node: backup.node, window: (latest - times.interval)...latest, due: due,
            text: """
                \(backup.node) is expected here: \(backup.figures.silence.text) (three intervals and the skew of \
                priority \(backup.figures.priority)) after the last word of \(master.node), which came up to \
                \(times.interval.text) before the fault
                """)
    }

    private func resignations(_ backups: [ConfiguredRouter], _ heard: HeardRouter) -> [Swimlanes.Expectation] {
        var last: Instant?
        return heard.received.filter { $0.priority == 0 }.compactMap { word in
            let others = backups.filter { $0.node != word.sender }
            let backup = others.min { $0.figures.resignation < $1.figures.resignation }
            guard let backup, backup.node == word.node else { return nil }
            // A daemon may say it twice.
            defer { last = word.time }
            if let last, word.time - last < backup.figures.times.interval { return nil }
            let due = word.time + backup.figures.resignation
            let bound = backup.figures.times.bound(backup.figures.resignation)
            return Swimlanes.Expectation(
                node: backup.node, window: (word.time + bound.lowerBound)...(word.time + bound.upperBound), due: due,
                text: """
                    \(backup.node) is expected here: \(backup.figures.resignation.text) (the skew of priority \
                    \(backup.figures.priority)) after \(word.sender) resigned
                    """)
        }
    }
}

/// What was said of one virtual router, and who heard it.
private struct HeardRouter {
    struct Word {
        var node: String
        var sender: String
        var time: Instant
        var priority: UInt8
    }

    private(set) var sent: [Word] = []
    private(set) var received: [Word] = []

    init(_ timeline: Timeline, _ router: ConfiguredRouter) {
        var senders: [IPAddress: String] = [:]
        for event in timeline {
            guard let node = event.node, let (packet, carrier) = event.advertisement, router.isMeant(by: packet) else {
                continue
            }
            if event.isSent {
                senders[carrier.source] = node
                sent.append(Word(node: node, sender: node, time: event.time, priority: packet.priority))
            } else if let sender = senders[carrier.source] {
                received.append(Word(node: node, sender: sender, time: event.time, priority: packet.priority))
            }
        }
    }
}

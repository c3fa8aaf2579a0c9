import Wire

/// An event that would have been the expected one, had one thing about it been different.
public struct NearMiss: Hashable, Sendable {
    /// The event that was almost the expected one.
    public var event: TimelineEvent
    /// What is different: `too late`, or `on node1 instead of node2`.
    public var difference: String

    /// Finds the last miss by the smallest difference: the time, then the node, then the sense of the event.
    ///
    /// - Parameters:
    ///   - timeline: the record, which reaches beyond the window.
    ///   - window: when the event was expected.
    ///   - nodes: where else an event may have been expected.
    ///   - matches: is asked about events that did not happen so, one thing in them turned round.
    public static func search(
        _ timeline: Timeline, window: ClosedRange<Instant>, nodes: [String], _ matches: (TimelineEvent) -> Bool
    ) -> NearMiss? {
        let inside = timeline.positions(of: window)
        if let early = timeline.events[..<inside.lowerBound].suffix(reach).last(where: matches) {
            let text = "\((window.lowerBound - early.time).text) too early"
            return NearMiss(event: early, difference: text)
        }
        if let late = timeline.events[inside.upperBound...].prefix(reach).first(where: matches) {
            return NearMiss(event: late, difference: "\((late.time - window.upperBound).text) too late")
        }
        let recent = timeline.events[inside].suffix(reach).reversed()
        for event in recent {
            for node in nodes where node != event.node {
                var moved = event
                moved.node = node
                guard matches(moved) else { continue }
                return NearMiss(event: event, difference: "on \(event.node ?? "no node") instead of \(node)")
            }
        }
        for event in recent {
            guard let opposite = event.kind.opposite else { continue }
            var turned = event
            turned.kind = opposite
            if matches(turned) { return NearMiss(event: event, difference: "the opposite") }
        }
        return nil
    }

    /// How many events are looked at on each side; of a flood nobody reads more.
    fileprivate static let reach = 2000
}

extension TimelineEvent.Kind {
    /// The same, turned round: down for up, gone for come, received for sent.
    fileprivate var opposite: Self? {
        switch self {
        case .link(let interface, let isUp): return .link(interface: interface, isUp: !isUp)
        case .addressAdded(let prefix, let interface): return .addressRemoved(prefix, interface: interface)
        case .addressRemoved(let prefix, let interface): return .addressAdded(prefix, interface: interface)
        case .frame(var frame):
            frame.direction = frame.direction == .sent ? .received : .sent
            return .frame(frame)
        default: return nil
        }
    }
}

extension Timeline {
    /// The last events of a window as lines for people, times counted from its beginning; of frames, which are many,
    /// and of everything else, so many each.
    public func excerpt(of window: ClosedRange<Instant>, atMost count: Int = 4) -> [String] {
        let watched = events[positions(of: window)].suffix(NearMiss.reach).filter { $0.category != .verdict }
        let frames = watched.filter { $0.category == .wire }.suffix(count)
        let others = watched.filter { $0.category != .wire }.suffix(count)
        return (frames + others).sorted { $0.time < $1.time }.map { event in
            "+\((event.time - window.lowerBound).decimalSeconds())  \(event.summary)"
        }
    }
}

import Wire

/// One router taking over from another, measured on the wire.
///
/// The delay counts from the last advertisement that the new router *heard*, because that is what started its timer: in
/// a partition the old one goes on sending, and a fault falls at any phase of the interval.
public struct Takeover: Hashable, Sendable {
    /// The last advertisement of the old router that reached the new one, if any did.
    public var lastHeard: TimelineEvent?
    /// The first advertisement that the new router sent.
    public var first: TimelineEvent

    /// From the last advertisement heard to the first one sent.
    public var delay: Duration? { lastHeard.map { first.time - $0.time } }
}

extension Timeline {
    /// How one node took an address over from another: its first advertisement at or after an instant, and what it had
    /// heard by then; nil when it sent none.
    public func takeover(
        of address: IPAddress, from old: String, to new: String, after start: Instant
    ) -> Takeover? {
        let first = first(after: start) { event in
            event.isAdvertisement(from: new, for: address) && event.advertisement.map { $0.0.priority > 0 } ?? false
        }
        guard let first else { return nil }
        let sources = advertisementSources(of: old)
        let lastHeard = last(before: first.time) { event in
            guard event.node == new, !event.isSent, let (packet, carrier) = event.advertisement else { return false }
            return packet.addresses.contains(address) && sources.contains(carrier.source)
        }
        return Takeover(lastHeard: lastHeard, first: first)
    }

    /// The addresses from which a node sent its advertisements: how its peers know it.
    private func advertisementSources(of node: String) -> Set<IPAddress> {
        Set(events.filter { $0.isAdvertisement(from: node) }.compactMap { $0.advertisement?.1.source })
    }
}

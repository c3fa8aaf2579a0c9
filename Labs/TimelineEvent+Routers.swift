import Timeline
import Wire

extension Timeline {
    func announcements(
        of address: IPAddress, by node: String, in window: ClosedRange<Instant>
    ) -> [TimelineEvent] {
        events.filter { window.contains($0.time) && $0.isAnnouncement(of: address, from: node) }
    }
}

extension TimelineEvent {
    /// An advertisement by which the node says that it is the master.
    func isClaim(by node: String) -> Bool {
        isAdvertisement(from: node) && (advertisement?.0.priority ?? 0) > 0
    }

    /// An advertisement by which the node gives up.
    func isResignation(of node: String) -> Bool {
        isAdvertisement(from: node) && advertisement?.0.priority == 0
    }

    /// An advertisement that reached the node.
    func isHeard(at node: String) -> Bool {
        self.node == node && frameDirection == .received && advertisement != nil
    }

    func isRemoval(of address: IPAddress, from node: String) -> Bool {
        guard self.node == node, case .addressRemoved(let prefix, _) = kind else { return false }
        return prefix.address == address
    }

    /// A line that one of the node's programs wrote.
    func isLine(on node: String, containing fragment: String) -> Bool {
        guard self.node == node, case .output(_, _, let line) = kind else { return false }
        return line.contains(fragment)
    }
}

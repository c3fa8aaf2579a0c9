import Timeline
import Wire

// What experiments look for in a timeline.
extension TimelineEvent {
    /// The advertisement of a frame, also one behind an IP authentication header (`auth_type AH`).
    var advert: VRRPPacket? {
        if let (packet, _) = advertisement { return packet }
        guard case .ip(let packet)? = frame?.content, packet.protocolNumber == 51, packet.payload.first == 112 else {
            return nil
        }
        return try? VRRPPacket(parsing: Array(packet.payload.dropFirst(24)), family: packet.source.family)
    }

    /// An advertisement by which the node says that it is the master.
    func isClaim(by node: String) -> Bool {
        self.node == node && isSent && (advert?.priority ?? 0) > 0
    }

    /// An advertisement by which the node gives up.
    func isResignation(of node: String) -> Bool {
        self.node == node && isSent && advert?.priority == 0
    }

    /// An advertisement of a master that reached the node.
    func isHeard(at node: String) -> Bool {
        self.node == node && frameDirection == .received && (advert?.priority ?? 0) > 0
    }

    func isRemoval(of address: IPAddress, from node: String) -> Bool {
        guard self.node == node, case .addressRemoved(let prefix, _) = kind else { return false }
        return prefix.address == address
    }

    /// A line that a program of the node wrote, on either stream.
    func isLine(on node: String, _ matches: (String) -> Bool) -> Bool {
        guard self.node == node, case .output(_, _, let line) = kind else { return false }
        return matches(line)
    }

    /// A line by which a daemon says that it enters a state, such as `MASTER`.
    func isEntry(into state: String, on node: String) -> Bool {
        isLine(on: node) { $0.contains("Entering \(state) STATE") }
    }

    /// Any change of state in a node's log.
    func isTransition(on node: String) -> Bool {
        isLine(on: node) { $0.contains("Entering ") && $0.contains(" STATE") }
    }
}

extension Timeline {
    /// From the last advertisement that a node heard before it spoke to the first that it sent, after an instant.
    func handover(to node: String, after start: Instant) -> Duration? {
        guard let first = first(after: start, where: { $0.isClaim(by: node) }),
            let heard = last(
                before: first.time,
                where: { event in
                    event.node == node && event.frameDirection == .received && event.advert != nil
                })
        else { return nil }
        return first.time - heard.time
    }

    /// The longest time between two advertisements that a node heard in a window.
    func longestAdvertGap(heardBy node: String, during window: ClosedRange<Instant>) -> Duration {
        let marks = events.filter { window.contains($0.time) && $0.isHeard(at: node) }.map(\.time)
        let ends = [window.lowerBound] + marks + [window.upperBound]
        return zip(ends, ends.dropFirst()).map { $1 - $0 }.max() ?? .zero
    }
}

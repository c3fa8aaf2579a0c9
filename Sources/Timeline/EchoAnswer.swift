import Wire

/// An answer to an ICMP echo request, as it reached the node that had asked.
public struct EchoAnswer: Hashable, Sendable {
    /// When it reached the asker, as its frame is stamped.
    public var time: Instant
    /// The station that sent it: of two that have the address, the one that the asker reaches.
    public var responder: MACAddress
    /// As in the request.
    public var sequence: UInt16
}

extension Timeline {
    /// The answers that a node got from an address, in the order in which they came.
    public func echoAnswers(from address: IPAddress, to node: String) -> [EchoAnswer] {
        events.compactMap { event in
            guard event.node == node, event.frameDirection == .received, let frame = event.frame,
                case .icmp(let message, let packet) = frame.content, packet.source == address,
                let echo = message.echo, echo.isReply
            else { return nil }
            return EchoAnswer(time: event.time, responder: frame.ethernet.source, sequence: echo.sequence)
        }
    }

    /// For how long an address did not answer a node that asked it at a steady pace: the longest time between two
    /// answers, or an end of the window, beyond the pace itself. Zero when no answer is missing.
    public func longestOutage(
        of address: IPAddress, seenBy node: String, askingEvery interval: Duration, during window: ClosedRange<Instant>
    ) -> Duration {
        let answers = echoAnswers(from: address, to: node).map(\.time).filter(window.contains)
        let marks = [window.lowerBound] + answers + [window.upperBound]
        let longest = zip(marks, marks.dropFirst()).map { $1 - $0 }.max() ?? .zero
        return Swift.max(longest - interval, .zero)
    }
}

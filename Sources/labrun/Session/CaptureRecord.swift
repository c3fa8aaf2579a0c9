import FoundationEssentials
import NetnsKit
import Timeline
import Wire

/// A frame, or what people should know beside it, on its way to a client.
struct CaptureRecord: Codable, Sendable {
    /// On the lab's clock, in nanoseconds.
    var time: Int64
    var node: String?
    var frame: Frame?
    var mark: Mark?

    struct Frame: Codable, Sendable {
        var interface: String
        /// Cut where a message would be too long.
        var octets: Data
        var originalLength: Int
    }

    enum Mark: Codable, Sendable {
        case fault(String)
        case healed(String)
        case step(String)
        /// So many records were left out, because the client was too slow.
        case lost(Int)
    }

    /// What fits into a message after it was turned into text.
    private static let longest = 90_000

    init(time: Int64, mark: Mark) {
        self.time = time
        self.mark = mark
    }

    /// Takes frames where they are sent, and marks; nil for everything else.
    init?(_ event: TimelineEvent, where isWanted: (LinkEnd) -> Bool) {
        time = event.time.nanoseconds
        node = event.node
        switch event.kind {
        case .frame(let captured):
            guard captured.direction == .sent, let node = event.node, isWanted(LinkEnd(node, captured.interface)) else {
                return nil
            }
            frame = Frame(
                interface: captured.interface, octets: Data(captured.octets.prefix(Self.longest)),
                originalLength: captured.originalLength)
        case .fault(let text): mark = .fault(text)
        case .healed(let text): mark = .healed(text)
        case .step(let text): mark = .step(text)
        default: return nil
        }
    }

    /// The event as it was, on the sender's side.
    var event: TimelineEvent {
        let kind: TimelineEvent.Kind =
            switch (frame, mark) {
            case (let frame?, _):
                .frame(
                    CapturedFrame(
                        interface: frame.interface, direction: .sent, octets: Array(frame.octets),
                        originalLength: frame.originalLength))
            case (nil, .fault(let text)): .fault(text)
            case (nil, .healed(let text)): .healed(text)
            case (nil, .step(let text)): .step(text)
            case (nil, .lost(let count)): .lost(source: "this capture", count: count)
            case (nil, nil): .step("")
            }
        return TimelineEvent(at: Instant(nanoseconds: time), node: node, kind)
    }
}

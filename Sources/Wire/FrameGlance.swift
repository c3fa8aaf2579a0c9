/// What a switch sees of a frame at a glance: which protocol is inside and where it begins, without taking it apart.
///
/// VLAN tags, and the extension headers and authentication headers before the payload of an IP packet, are passed over.
/// Octets that end too early tell what they tell.
public struct FrameGlance: Hashable, Sendable {
    /// What is inside the innermost VLAN tag; nil when the frame is too short for any.
    public let etherType: UInt16?
    /// The protocol inside the IP packet, of either version; nil when the frame holds none.
    public let ipProtocol: UInt8?
    /// Where that protocol's own header begins, counted from the start of the frame; perhaps beyond its end.
    public let payloadOffset: Int

    /// Looks at a frame from its Ethernet header on; one that is too short has no protocol.
    public init(at frame: [UInt8]) {
        var (type, offset) = (Self.number(in: frame, at: 12), 14)
        while let tag = type, Self.isTag(tag) {
            type = Self.number(in: frame, at: offset + 2)
            offset += 4
        }
        etherType = type
        switch type {
        case EthernetFrame.EtherType.ipv4 where frame.count >= offset + 20:
            let header = Int(frame[offset] & 0x0f) * 4
            (ipProtocol, payloadOffset) = Self.payload(frame[offset + 9], in: frame, at: offset + header)
        case EthernetFrame.EtherType.ipv6 where frame.count >= offset + 40:
            (ipProtocol, payloadOffset) = Self.payload(frame[offset + 6], in: frame, at: offset + 40)
        default:
            (ipProtocol, payloadOffset) = (nil, offset)
        }
    }

    /// Customer, service and old service tags (IEEE 802.1Q).
    private static func isTag(_ type: UInt16) -> Bool {
        type == 0x8100 || type == 0x88a8 || type == 0x9100
    }

    private static func payload(_ first: UInt8, in frame: [UInt8], at start: Int) -> (UInt8, Int) {
        var (next, offset) = (first, start)
        while frame.count >= offset + 2, let length = headerLength(of: next, saying: Int(frame[offset + 1])) {
            (next, offset) = (frame[offset], offset + length)
        }
        return (next, offset)
    }

    /// The octets of a header that another one follows; nil for a protocol of its own (RFC 8200 §4, RFC 4302 §2.2).
    private static func headerLength(of header: UInt8, saying length: Int) -> Int? {
        switch header {
        // Hop-by-hop options, routing, destination options.
        case 0, 43, 60: (length + 1) * 8
        // A fragment.
        case 44: 8
        // Authentication.
        case 51: (length + 2) * 4
        default: nil
        }
    }

    private static func number(in frame: [UInt8], at offset: Int) -> UInt16? {
        frame.count >= offset + 2 ? UInt16(frame[offset]) << 8 | UInt16(frame[offset + 1]) : nil
    }
}

/// What stands between an IPv6 header and what it carries (RFC 8200 §4).
public struct IPv6ExtensionHeader: Hashable, Sendable {
    /// 0 for hop-by-hop options, 43 for routing, 44 for a fragment, 60 for destination options.
    public var number: UInt8
    /// Behind the next header and the length.
    public var body: [UInt8]

    /// A header by its number and what it holds; its next header is what follows it.
    public init(number: UInt8, body: [UInt8]) {
        self.number = number
        self.body = body
    }

    fileprivate static let hopByHop: UInt8 = 0
    fileprivate static let routing: UInt8 = 43
    fileprivate static let fragment: UInt8 = 44
    fileprivate static let destination: UInt8 = 60
}

extension IPPacket {
    /// What an IP packet carries, behind the extension headers of IPv6.
    public struct UpperLayer: Hashable, Sendable {
        /// What the payload is, behind all extension headers.
        public var protocolNumber: UInt8
        /// What follows the last header.
        public var payload: [UInt8]
        /// In the order in which they stand; none in IPv4.
        public var extensionHeaders: [IPv6ExtensionHeader] = []
    }

    /// Walks over hop-by-hop, routing and destination headers.
    ///
    /// - Throws: `WireError` when one is cut off, and for a fragment of several: its payload is not whole.
    public func upperLayer() throws(WireError) -> UpperLayer {
        var layer = UpperLayer(protocolNumber: protocolNumber, payload: payload)
        guard source.family == .ipv6 else { return layer }
        var reader = ByteReader(payload)
        while true {
            let number = layer.protocolNumber
            switch number {
            case IPv6ExtensionHeader.hopByHop, IPv6ExtensionHeader.routing, IPv6ExtensionHeader.destination:
                layer.protocolNumber = try reader.uint8()
                // In units of eight octets, the first not counted.
                let length = 8 * Int(try reader.uint8()) + 6
                layer.extensionHeaders.append(IPv6ExtensionHeader(number: number, body: try reader.octets(length)))
            case IPv6ExtensionHeader.fragment:
                layer.protocolNumber = try reader.uint8()
                let body = try reader.octets(7)
                let offsetAndMore = UInt16(body[1]) << 8 | UInt16(body[2])
                guard offsetAndMore & 0xfff9 == 0 else { throw .badValue(field: "fragment", value: Int(offsetAndMore)) }
                layer.extensionHeaders.append(IPv6ExtensionHeader(number: number, body: body))
            default:
                layer.payload = try reader.octets(reader.remaining)
                return layer
            }
        }
    }
}

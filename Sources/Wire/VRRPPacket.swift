/// A VRRP message as it travels, version 2 (RFC 3768 §5.1) or version 3 (RFC 9568 §5.1).
///
/// It says what was sent, not whether to believe it: type, ranges and checksum are for the receiver to judge.
public struct VRRPPacket: Hashable, Sendable {
    /// The IP protocol number of VRRP.
    public static let protocolNumber: UInt8 = 112
    /// The only `type` there is.
    public static let advertisement: UInt8 = 1

    /// 2 or 3.
    public var version: UInt8
    /// 1 for an advertisement; at most 15.
    public var type: UInt8
    /// Which of the virtual routers on the link; 1...255 in a sound message.
    public var virtualRouterID: UInt8
    /// 0 says that the sender resigns, 255 that it owns the addresses.
    public var priority: UInt8
    /// v2: whole seconds, 0...255; v3: whole centiseconds, 0...40.95 s. A finer part is cut off when written.
    public var interval: Duration
    /// All of the family of the packet around them; at most 255.
    public var addresses: [IPAddress]
    /// v2 only.
    public var authentication: Authentication

    /// The tail of a version 2 message.
    public enum Authentication: Hashable, Sendable {
        /// Type 0: eight octets that mean nothing, written as zeros.
        case none
        /// Type 1: a password of eight octets in the clear; written cut or padded with zeros to that length.
        case password([UInt8])
        /// Any other type with its eight octets.
        case other(type: UInt8, data: [UInt8])
    }

    /// An advertisement unless its type is another; nothing is judged, so that tests can send what no router should.
    public init(
        version: UInt8, type: UInt8 = advertisement, virtualRouterID: UInt8, priority: UInt8, interval: Duration,
        addresses: [IPAddress], authentication: Authentication = .none
    ) {
        self.version = version
        self.type = type
        self.virtualRouterID = virtualRouterID
        self.priority = priority
        self.interval = interval
        self.addresses = addresses
        self.authentication = authentication
    }
}

extension VRRPPacket {
    /// Reads a message that fills the octets exactly; the family is that of the packet it came in.
    ///
    /// Refused are versions other than 2 and 3, and a length other than the address count calls for. v2 always has its
    /// eight octets of authentication data, over IPv6 too, as keepalived writes it.
    public init(parsing octets: [UInt8], family: AddressFamily) throws(WireError) {
        var reader = ByteReader(octets)
        let versionAndType = try reader.uint8()
        (version, type) = (versionAndType >> 4, versionAndType & 0x0f)
        guard version == 2 || version == 3 else { throw .badValue(field: "version", value: Int(version)) }
        virtualRouterID = try reader.uint8()
        priority = try reader.uint8()
        let count = try reader.uint8()
        let typeAndInterval = try reader.uint16()
        _ = try reader.uint16()
        addresses = []
        for _ in 0..<count { addresses.append(try reader.address(family)) }
        if version == 2 {
            interval = .seconds(Int(typeAndInterval & 0xff))
            authentication = Authentication(type: UInt8(typeAndInterval >> 8), data: try reader.octets(8))
        } else {
            // RFC 9568 §5.2.6: the upper four bits are reserved and ignored.
            interval = .milliseconds(10 * Int(typeAndInterval & 0xfff))
            authentication = .none
        }
        try reader.expectEnd()
    }

    /// The message with its checksum, for a packet with these addresses.
    ///
    /// Over IPv6 it covers the pseudo-header too. Over IPv4 it does so in v3 only, as RFC 5798 §5.2.8 was read and as
    /// keepalived sends it; `checksumAsVersion2` leaves the pseudo-header out there, which RFC 9568 §5.2.8 asks for and
    /// keepalived calls `v3_checksum_as_v2`.
    ///
    /// - Precondition: version, type, interval and the number of addresses fit their fields, and all addresses are of
    ///   the source's family.
    public func serialized(
        source: IPAddress, destination: IPAddress, checksumAsVersion2: Bool = false
    ) -> [UInt8] {
        precondition(version == 2 || version == 3, "VRRP version \(version)")
        precondition(type < 16, "VRRP type \(type)")
        precondition(addresses.allSatisfy { $0.family == source.family }, "\(addresses) in a packet from \(source)")
        var writer = ByteWriter()
        writer.append([version << 4 | type, virtualRouterID, priority, UInt8(addresses.count)])
        writer.append(typeAndInterval)
        writer.append(UInt16(0))
        for address in addresses { writer.append(address.octets) }
        if version == 2 { writer.append(authentication.data) }
        let coversMessageOnly = source.family == .ipv4 && (version == 2 || checksumAsVersion2)
        let checksum =
            coversMessageOnly
            ? InternetChecksum.of(writer.octets) : Self.checksumWithPseudoHeader(writer.octets, source, destination)
        writer.patch(checksum, at: 6)
        return writer.octets
    }

    /// Whether the checksum of a whole message is right for its version and for the packet it came in.
    ///
    /// For v3 over IPv4 both readings count as right: with the pseudo-header (RFC 5798, keepalived) and without it
    /// (RFC 9568 §5.2.8). For octets that are no VRRP message the answer is false.
    public static func checksumIsValid(_ octets: [UInt8], source: IPAddress, destination: IPAddress) -> Bool {
        guard octets.count >= 8 else { return false }
        // The readings are tried only where they may count: most packets need one sum.
        func isRightAlone() -> Bool { InternetChecksum.of(octets) == 0 }
        func isRightWithPseudoHeader() -> Bool { checksumWithPseudoHeader(octets, source, destination) == 0 }
        return switch (octets[0] >> 4, source.family) {
        case (2, .ipv4): isRightAlone()
        case (3, .ipv4): isRightWithPseudoHeader() || isRightAlone()
        case (2, .ipv6), (3, .ipv6): isRightWithPseudoHeader()
        default: false
        }
    }

    /// v2: authentication type and seconds; v3: four reserved bits and twelve of centiseconds.
    private var typeAndInterval: UInt16 {
        let (unit, limit): (Int64, Int64) = version == 2 ? (1_000_000_000, 0xff) : (10_000_000, 0xfff)
        let units = interval.nanoseconds / unit
        precondition((0...limit).contains(units), "VRRPv\(version) cannot say an interval of \(interval)")
        return UInt16(units) | (version == 2 ? UInt16(authentication.type) << 8 : 0)
    }

    private static func checksumWithPseudoHeader(
        _ octets: [UInt8], _ source: IPAddress, _ destination: IPAddress
    ) -> UInt16 {
        InternetChecksum.of(octets, source: source, destination: destination, protocol: protocolNumber)
    }
}

// RFC 3768 §5.3.6, RFC 2338 §5.3.6
extension VRRPPacket.Authentication {
    fileprivate init(type: UInt8, data: [UInt8]) {
        switch type {
        case 0: self = .none
        case 1: self = .password(data)
        default: self = .other(type: type, data: data)
        }
    }

    fileprivate var type: UInt8 {
        switch self {
        case .none: 0
        case .password: 1
        case .other(let type, _): type
        }
    }

    /// Exactly eight octets.
    fileprivate var data: [UInt8] {
        let data =
            switch self {
            case .none: [UInt8]()
            case .password(let data), .other(_, let data): data
            }
        return Array((data + Array(repeating: 0, count: 8)).prefix(8))
    }
}

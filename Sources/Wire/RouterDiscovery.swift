/// Tells hosts of a router and of the networks on the link (RFC 4861 §4.2).
public struct RouterAdvertisement: Hashable, Sendable {
    /// What hosts should put into their packets; 0 says nothing.
    public var hopLimit: UInt8
    /// Addresses come from DHCPv6.
    public var isManaged: Bool
    /// Other settings come from DHCPv6.
    public var hasOtherSettings: Bool
    /// In whole seconds; zero says that the sender is no default router, or no longer.
    public var lifetime: Duration
    /// Nil where the option is absent.
    public var linkLayerAddress: MACAddress?
    /// The networks of the link, in the order in which they stand.
    public var prefixes: [IPPrefix]

    /// Reads an ICMPv6 message of type 134; other options are skipped, and the checksum is not judged.
    public init(parsing octets: [UInt8]) throws(WireError) {
        var reader = ByteReader(octets)
        try reader.expectDiscovery(type: 134)
        hopLimit = try reader.uint8()
        let flags = try reader.uint8()
        isManaged = flags & 0x80 != 0
        hasOtherSettings = flags & 0x40 != 0
        lifetime = .seconds(Int64(try reader.uint16()))
        _ = try reader.uint32()
        _ = try reader.uint32()
        let options = try reader.discoveryOptions()
        linkLayerAddress = options.linkLayerAddress(number: 1)
        prefixes = options.filter { $0.number == 3 && $0.value.count == 30 }.compactMap { option in
            IPAddress(octets: option.value.dropFirst(14)).flatMap { IPPrefix($0, length: Int(option.value[0])) }
        }
    }
}

/// Asks routers to advertise at once (RFC 4861 §4.1).
public struct RouterSolicitation: Hashable, Sendable {
    /// Who asks; nil where the option is absent.
    public var linkLayerAddress: MACAddress?

    /// Reads an ICMPv6 message of type 133; other options are skipped, and the checksum is not judged.
    public init(parsing octets: [UInt8]) throws(WireError) {
        var reader = ByteReader(octets)
        try reader.expectDiscovery(type: 133)
        _ = try reader.uint32()
        linkLayerAddress = try reader.discoveryOptions().linkLayerAddress(number: 1)
    }
}

/// One option of a discovery message, without its number and length.
struct DiscoveryOption {
    var number: UInt8
    var value: [UInt8]
}

extension [DiscoveryOption] {
    /// 1 names the source's, 2 the target's (RFC 4861 §4.6.1).
    func linkLayerAddress(number: UInt8) -> MACAddress? {
        lazy.filter { $0.number == number }.compactMap { MACAddress(octets: $0.value) }.first
    }
}

extension ByteReader {
    /// Reads the head that all discovery messages share: type, code 0, checksum.
    mutating func expectDiscovery(type: UInt8) throws(WireError) {
        let actualType = try uint8()
        guard actualType == type else { throw .badValue(field: "ICMPv6 type", value: Int(actualType)) }
        let code = try uint8()
        guard code == 0 else { throw .badValue(field: "ICMPv6 code", value: Int(code)) }
        _ = try uint16()
    }

    /// Reads options to the end of the message.
    mutating func discoveryOptions() throws(WireError) -> [DiscoveryOption] {
        var options: [DiscoveryOption] = []
        while remaining > 0 {
            let number = try uint8()
            // In units of eight octets, these two included.
            let length = Int(try uint8())
            guard length > 0 else { throw .badValue(field: "option length", value: 0) }
            options.append(DiscoveryOption(number: number, value: try octets(8 * length - 2)))
        }
        return options
    }
}

import CMNL
import Wire

/// The name of a netlink attribute together with the type of its value.
///
/// `Space` keeps keys of different tables apart, so that a link's attribute cannot be put into an address.
public struct AttributeKey<Space, Value: AttributeValue>: Sendable {
    public let rawValue: UInt16

    init(_ rawValue: Int) {
        self.rawValue = UInt16(rawValue)
    }
}

/// A key whose value is a table of further attributes.
public struct NestKey<Space, Inner>: Sendable {
    let rawValue: UInt16

    init(_ rawValue: Int) {
        self.rawValue = UInt16(rawValue)
    }
}

/// A type that has a spelling in netlink attributes: numbers in the machine's order, addresses as they travel.
public protocol AttributeValue: Sendable {
    init?(attribute octets: [UInt8])
    var attribute: [UInt8] { get }
}

extension FixedWidthInteger where Self: BitwiseCopyable {
    public init?(attribute octets: [UInt8]) {
        guard octets.count == Self.bitWidth / 8 else { return nil }
        self = Self(littleEndian: octets.reversed().reduce(0) { $0 << 8 | Self(truncatingIfNeeded: $1) })
    }

    public var attribute: [UInt8] {
        let value = littleEndian
        return (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}

extension UInt8: AttributeValue {
    public init?(attribute octets: [UInt8]) {
        guard octets.count == 1 else { return nil }
        self = octets[0]
    }

    public var attribute: [UInt8] { [self] }
}

extension UInt16: AttributeValue {}
extension UInt32: AttributeValue {}
extension UInt64: AttributeValue {}

extension String: AttributeValue {
    public init?(attribute octets: [UInt8]) {
        self = String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self)
    }

    public var attribute: [UInt8] { Array(utf8) + [0] }
}

extension MACAddress: AttributeValue {
    public init?(attribute octets: [UInt8]) {
        self.init(octets: octets)
    }

    public var attribute: [UInt8] { octets }
}

extension IPAddress: AttributeValue {
    public init?(attribute octets: [UInt8]) {
        self.init(octets: octets)
    }

    public var attribute: [UInt8] { octets }
}

/// A number that travels in network order, as nf_tables wants it.
struct BigEndian: AttributeValue {
    var value: UInt32

    init(_ value: UInt32) {
        self.value = value
    }

    init?(attribute octets: [UInt8]) {
        guard octets.count == 4 else { return nil }
        value = octets.reduce(0) { $0 << 8 | UInt32($1) }
    }

    var attribute: [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }
}

/// A value of any length, as the kernel lays it out.
struct Octets: AttributeValue {
    var attribute: [UInt8]

    init(_ octets: [UInt8]) {
        attribute = octets
    }

    init?(attribute octets: [UInt8]) {
        attribute = octets
    }
}

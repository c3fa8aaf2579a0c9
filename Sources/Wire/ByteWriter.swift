/// Collects octets in network order; the mirror of `ByteReader`.
public struct ByteWriter: Sendable {
    /// What has been written so far.
    public var octets: [UInt8] = []

    /// Starts with nothing written.
    public init() {}

    /// Adds one octet.
    public mutating func append(_ number: UInt8) {
        octets.append(number)
    }

    /// Adds two octets, the highest first.
    public mutating func append(_ number: UInt16) {
        append(UInt8(truncatingIfNeeded: number >> 8))
        append(UInt8(truncatingIfNeeded: number))
    }

    /// Adds four octets, the highest first.
    public mutating func append(_ number: UInt32) {
        append(UInt16(truncatingIfNeeded: number >> 16))
        append(UInt16(truncatingIfNeeded: number))
    }

    /// Adds octets as they are.
    public mutating func append(_ more: [UInt8]) {
        octets += more
    }

    /// Overwrites the two octets at `offset`, which have been written before: for lengths and checksums.
    public mutating func patch(_ number: UInt16, at offset: Int) {
        octets[offset] = UInt8(truncatingIfNeeded: number >> 8)
        octets[offset + 1] = UInt8(truncatingIfNeeded: number)
    }
}

/// The checksum that IPv4, ICMPv6 and VRRP share: the complement of the ones' complement sum (RFC 1071).
///
/// Over octets whose checksum field is zero it gives the number to store there; over octets that carry a correct
/// checksum it gives 0.
public enum InternetChecksum {
    /// Covers the octets alone.
    public static func of(_ octets: [UInt8]) -> UInt16 {
        complement(of: sum(octets))
    }

    /// Covers the octets and the pseudo-header of the packet that carries them.
    ///
    /// The two families lay the pseudo-header out differently (RFC 9293 §3.1, RFC 8200 §8.1), yet its sum is the same:
    /// both addresses, the protocol number and the length.
    public static func of(
        _ octets: [UInt8], source: IPAddress, destination: IPAddress, protocol number: UInt8
    ) -> UInt16 {
        complement(of: sum(source) + sum(destination) + UInt64(number) + UInt64(octets.count) + sum(octets))
    }

    private static func sum(_ address: IPAddress) -> UInt64 {
        switch address {
        case .v4(let address): sum(UInt64(address.rawValue))
        case .v6(let address): sum(address.high) + sum(address.low)
        }
    }

    /// Adds the four words of a number.
    private static func sum(_ number: UInt64) -> UInt64 {
        number >> 48 + number >> 32 & 0xffff + number >> 16 & 0xffff + number & 0xffff
    }

    /// Adds 16-bit words, an odd last octet as a high half; carries pile up in the upper bits.
    private static func sum(_ octets: [UInt8]) -> UInt64 {
        var sum: UInt64 = 0
        var index = 0
        while index + 1 < octets.count {
            sum += UInt64(octets[index]) << 8 + UInt64(octets[index + 1])
            index += 2
        }
        return index < octets.count ? sum + UInt64(octets[index]) << 8 : sum
    }

    private static func complement(of sum: UInt64) -> UInt16 {
        var sum = sum
        while sum > 0xffff { sum = (sum >> 16) + (sum & 0xffff) }
        return ~UInt16(sum)
    }
}

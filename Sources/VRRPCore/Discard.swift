import Wire

/// Why a packet was thrown away; its description is keepalived's sentence where keepalived has one.
public enum Discard: Error, Hashable, Sendable {
    /// Too short, too long, or not a VRRP message at all.
    case malformed(WireError)
    /// It did not come from this link (RFC 9568 §5.1.1.3).
    case hopLimit(UInt8)
    /// Another version of the protocol, or none that exists.
    case version(received: UInt8, expected: UInt8)
    /// An authentication type that no version of the protocol defines.
    case unknownAuthentication(UInt8)
    /// An authentication type that exists, but is not ours (RFC 2338 §5.3.6).
    case authenticationMismatch(received: UInt8, expected: UInt8)
    /// One of the eight octets differs, padding included.
    case wrongPassword
    /// v2 does not learn intervals: both sides must be configured alike.
    case intervalMismatch(received: Duration, expected: Duration)
    /// An interval of zero would make every silence a failure (RFC 9568 erratum 8301).
    case zeroInterval
    /// Not an advertisement.
    case type(UInt8)
    /// More or fewer addresses than ours.
    case addressCount(received: Int, expected: Int)
    /// The octets are not those that were sent.
    case checksum(VRRPVersion)
    /// A router that talks to peers heard the group.
    case multicast
    /// A router that talks to the group was addressed alone.
    case unicast
    /// An address of ours is not in the packet.
    case missingAddress(IPAddress, virtualRouterID: UInt8)
    /// The sender is not among the peers; keepalived looks only with `check_unicast_src`.
    case unknownPeer(IPAddress)
    /// A peer's packet came from nearer or farther away than the peer may be (`min_ttl`, `max_ttl`).
    case peerHopLimit(received: UInt8, expected: ClosedRange<UInt8>)
    /// An IP authentication header where there should be none, or none where there should be one.
    case authenticationHeader(isExpected: Bool)
    /// The integrity check value is not that of these octets under our key.
    case integrity
    /// keepalived's security parameters index is the source address.
    case securityParametersIndex
    /// A packet that was heard before, or one of an earlier time (RFC 4302 §3.4.3).
    case replay(UInt32)
}

extension Discard {
    /// The groups in which keepalived counts discarded packets, and a few that it lacks.
    public enum Counter: Hashable, Sendable, CaseIterable {
        /// Packet errors in keepalived's statistics; it keeps those of version and checksum to itself.
        case length, hopLimit, version, type, interval, addressList, checksum
        /// Authentication errors: an undefined type, another type than ours, another password.
        case authenticationType, authenticationMismatch, authenticationFailure
        /// Not for us, or not from a peer; keepalived does not count these.
        case destination, peer
    }

    /// The group in which this discard is counted.
    public var counter: Counter {
        switch self {
        case .malformed: .length
        case .hopLimit, .peerHopLimit: .hopLimit
        case .version: .version
        case .unknownAuthentication: .authenticationType
        case .authenticationMismatch, .authenticationHeader: .authenticationMismatch
        case .wrongPassword, .integrity, .securityParametersIndex, .replay: .authenticationFailure
        case .intervalMismatch, .zeroInterval: .interval
        case .type: .type
        case .addressCount, .missingAddress: .addressList
        case .checksum: .checksum
        case .multicast, .unicast: .destination
        case .unknownPeer: .peer
        }
    }
}

extension Discard: CustomStringConvertible {
    /// The log line without the router's name.
    public var description: String {
        switch self {
        case .malformed(let error):
            "vrrp packet too short, too long or not one: \(error)"
        case .hopLimit(let received):
            "invalid TTL/HL. Received \(received) and expect 255"
        case .version(let received, let expected):
            "wrong version. Received \(received) and expect \(expected)"
        case .unknownAuthentication(let type):
            "Invalid auth type: \(type)"
        case .authenticationMismatch(let received, let expected):
            "received a \(received) auth, expecting \(expected)!"
        case .wrongPassword:
            "received an invalid passwd!"
        case .intervalMismatch(let received, let expected):
            "advertisement interval mismatch mine=\(expected.components.seconds) sec"
                + " rcv'd=\(received.components.seconds) sec"
        case .zeroInterval:
            "advertisement interval is zero"
        case .type(let type):
            "Invalid packet type. \(type) and expect 1"
        case .addressCount(let received, let expected):
            "received an unexpected ip number count \(received), expected \(expected)!"
        case .checksum(let version):
            "Invalid VRRPv\(version.rawValue) checksum"
        case .multicast:
            "Expected unicast packet but received multicast packet"
        case .unicast:
            "Expected multicast packet but received unicast packet"
        case .missingAddress(let address, let virtualRouterID):
            "ip address associated with VRID \(virtualRouterID) not present in MASTER advert: \(address)"
        case .unknownPeer(let source):
            "unicast source address \(source) not a unicast peer"
        case .peerHopLimit(let received, let expected):
            "TTL/HL \(received) not in range \(expected.lowerBound) - \(expected.upperBound)"
        case .authenticationHeader(let isExpected):
            isExpected ? "No AH header but auth type is AH" : "Received AH header but auth type not AH"
        case .integrity:
            "IPSEC-AH : invalid IPSEC HMAC-MD5 value. Due to fields mutation or bad password !"
        case .securityParametersIndex:
            "IPSEC-AH : invalid IPSEC SPI value"
        case .replay(let sequenceNumber):
            "IPSEC-AH : sequence number \(sequenceNumber) already processed. Packet dropped."
        }
    }
}

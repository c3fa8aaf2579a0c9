import Wire

/// An advertisement ready to be sent: the host adds the IP header (TTL 255, traffic class 0xc0).
public struct Transmission: Hashable, Sendable {
    public var router: String
    public var interface: String
    public var source: IPAddress
    /// The group, or each unicast peer in turn.
    public var destinations: [IPAddress]
    /// A VRRP message per destination: the v3 checksum covers the destination.
    public var payloads: [[UInt8]]
    /// TTL or hop limit; nil is the kernel's own.
    public var hopLimit: UInt8? = 255
    /// For an IP authentication header in front of the message.
    public var authentication: SentAuthenticationHeader?

    public init(
        router: String, interface: String, source: IPAddress, destinations: [IPAddress], payloads: [[UInt8]]
    ) {
        self.router = router
        self.interface = interface
        self.source = source
        self.destinations = destinations
        self.payloads = payloads
    }
}

/// What the host needs to write an IP authentication header (RFC 4302) with HMAC-MD5-96.
public struct SentAuthenticationHeader: Hashable, Sendable {
    /// Eight octets.
    public var key: [UInt8]
    public var sequenceNumber: UInt32

    public init(key: [UInt8], sequenceNumber: UInt32) {
        self.key = key
        self.sequenceNumber = sequenceNumber
    }
}

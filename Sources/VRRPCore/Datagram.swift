import Wire

/// A VRRP packet as a socket delivers it.
public struct Datagram: Hashable, Sendable {
    public var interface: String
    public var source: IPAddress
    public var destination: IPAddress
    /// TTL or hop limit.
    public var hopLimit: UInt8
    /// The VRRP message, without an IP header.
    public var payload: [UInt8]
    /// What was in front of the message, where there was an IP authentication header.
    public var authentication: ReceivedAuthenticationHeader?

    public init(
        interface: String, source: IPAddress, destination: IPAddress, hopLimit: UInt8, payload: [UInt8],
        authentication: ReceivedAuthenticationHeader? = nil
    ) {
        self.interface = interface
        self.source = source
        self.destination = destination
        self.hopLimit = hopLimit
        self.payload = payload
        self.authentication = authentication
    }
}

/// An IP authentication header (RFC 4302) as it came in; the host has the arithmetic, the router the key.
public struct ReceivedAuthenticationHeader: Hashable, Sendable {
    /// keepalived's security parameters index is the source address.
    public var securityParametersIndex: UInt32
    public var sequenceNumber: UInt32
    /// Whether the integrity check value is the right one for the router's key.
    public var isIntact: Bool

    public init(securityParametersIndex: UInt32, sequenceNumber: UInt32, isIntact: Bool) {
        self.securityParametersIndex = securityParametersIndex
        self.sequenceNumber = sequenceNumber
        self.isIntact = isIntact
    }
}

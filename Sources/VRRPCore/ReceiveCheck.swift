import Wire

/// RFC 9568 §7.1 as a ladder: a packet climbs from rung to rung, and the first one that it misses names its fault.
///
/// The order is that of keepalived's `vrrp_check_packet`. Two differences: the source of a unicast packet is always
/// checked against the peers, and an interval of zero is refused.
struct ReceiveCheck {
    let configuration: VirtualRouterConfiguration
    /// Whose addresses need no second look (`skip_check_adv_addr`).
    let master: IPAddress?
    /// The highest sequence number of an authentication header that was heard or sent.
    let sequenceNumber: UInt32

    init(_ configuration: VirtualRouterConfiguration, master: IPAddress? = nil, sequenceNumber: UInt32 = 0) {
        self.configuration = configuration
        self.master = master
        self.sequenceNumber = sequenceNumber
    }

    /// Judges a packet that carries our virtual router ID and came in on our interface.
    func examine(_ datagram: Datagram) throws(Discard) -> Advertisement {
        let isSealed = configuration.headerKey != nil
        guard (datagram.authentication != nil) == isSealed else { throw .authenticationHeader(isExpected: isSealed) }
        let packet = try parse(datagram)
        guard configuration.isUnicast || datagram.hopLimit == 255 else { throw .hopLimit(datagram.hopLimit) }
        guard packet.version == configuration.version.rawValue else { throw wrongVersion(packet.version) }
        if configuration.version == .v2 { try checkAuthentication(packet.authentication) }
        if let header = datagram.authentication { try check(header, from: datagram.source) }
        try checkInterval(packet.interval)
        guard packet.type == VRRPPacket.advertisement else { throw .type(packet.type) }
        let isKnown = configuration.skipsAddressCheck && datagram.source == master
        if !isKnown { try checkAddressCount(packet.addresses) }
        guard checksumIsValid(of: datagram) else { throw .checksum(configuration.version) }
        guard datagram.destination.isMulticast != configuration.isUnicast else {
            throw configuration.isUnicast ? .multicast : .unicast
        }
        if !isKnown { try checkAddresses(packet.addresses) }
        if configuration.isUnicast { try checkPeer(datagram) }
        return Advertisement(
            source: datagram.source, priority: Priority(packet.priority), interval: packet.interval)
    }

    private func parse(_ datagram: Datagram) throws(Discard) -> VRRPPacket {
        do {
            return try VRRPPacket(parsing: datagram.payload, family: configuration.family)
        } catch {
            // A version that nobody defined is a matter of its version, however long the packet is.
            if let version = datagram.payload.first.map({ $0 >> 4 }), VRRPVersion(rawValue: version) == nil {
                throw wrongVersion(version)
            }
            throw .malformed(error)
        }
    }

    private func wrongVersion(_ received: UInt8) -> Discard {
        .version(received: received, expected: configuration.version.rawValue)
    }

    /// RFC 2338 §5.3.6 and §10: types 0, 1 and 2 exist, and ours must be met.
    private func checkAuthentication(_ received: VRRPPacket.Authentication) throws(Discard) {
        if case .other(let type, _) = received, type > 2 { throw .unknownAuthentication(type) }
        switch (configuration.authentication, received) {
        case (.none, .none): return
        case (.none, _): throw .authenticationMismatch(received: received.type, expected: 0)
        case (.password(let expected), .password(let password)) where password == expected: return
        case (.password, .password): throw .wrongPassword
        case (.password, _): throw .authenticationMismatch(received: received.type, expected: 1)
        case (.header, .other(type: 2, _)): return
        case (.header, _): throw .authenticationMismatch(received: received.type, expected: 2)
        }
    }

    private func checkInterval(_ received: Duration) throws(Discard) {
        switch configuration.version {
        case .v2:
            guard received == configuration.advertisementInterval else {
                throw .intervalMismatch(received: received, expected: configuration.advertisementInterval)
            }
        case .v3:
            guard received > .zero else { throw .zeroInterval }
        }
    }

    private func checkAddressCount(_ received: [IPAddress]) throws(Discard) {
        let expected = configuration.addresses.count
        guard received.count == expected else {
            throw .addressCount(received: received.count, expected: expected)
        }
    }

    /// Every reading of the checksum counts, whatever we send ourselves; old keepalived took the group for the
    /// destination of what it sent to peers.
    private func checksumIsValid(of datagram: Datagram) -> Bool {
        let (payload, source) = (datagram.payload, datagram.source)
        if VRRPPacket.checksumIsValid(payload, source: source, destination: datagram.destination) { return true }
        guard configuration.isUnicast, configuration.version == .v3, configuration.family == .ipv4 else { return false }
        return VRRPPacket.checksumIsValid(payload, source: source, destination: configuration.family.vrrpGroup)
    }

    /// RFC 4302 §3.4, as keepalived fills it in. After the last number of all, counting begins anew.
    private func check(_ header: ReceivedAuthenticationHeader, from source: IPAddress) throws(Discard) {
        guard header.isIntact else { throw .integrity }
        guard case .v4(let source) = source, header.securityParametersIndex == source.rawValue else {
            throw .securityParametersIndex
        }
        guard header.sequenceNumber > sequenceNumber || sequenceNumber == .max else {
            throw .replay(header.sequenceNumber)
        }
    }

    private func checkPeer(_ datagram: Datagram) throws(Discard) {
        guard configuration.unicastPeers.contains(datagram.source) else { throw .unknownPeer(datagram.source) }
        guard let expected = configuration.peerHopLimits[datagram.source] else { return }
        guard expected.contains(datagram.hopLimit) else {
            throw .peerHopLimit(received: datagram.hopLimit, expected: expected)
        }
    }

    /// The same set in any order; the counts are known to agree.
    private func checkAddresses(_ received: [IPAddress]) throws(Discard) {
        let expected = configuration.addresses
        if zip(expected, received).allSatisfy({ $0.prefix.address == $1 }) { return }
        let received = Set(received)
        for address in expected where !received.contains(address.prefix.address) {
            throw .missingAddress(address.prefix.address, virtualRouterID: configuration.virtualRouterID)
        }
    }
}

extension VRRPPacket.Authentication {
    /// The number on the wire (RFC 2338 §5.3.6).
    fileprivate var type: UInt8 {
        switch self {
        case .none: 0
        case .password: 1
        case .other(let type, _): type
        }
    }
}

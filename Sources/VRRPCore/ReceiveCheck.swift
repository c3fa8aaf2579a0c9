import Wire

/// RFC 9568 §7.1 as a ladder: a packet climbs from rung to rung, and the first one that it misses names its fault.
///
/// The order is that of keepalived's `vrrp_check_packet`. Two differences: the source of a unicast packet is always
/// checked against the peers, and an interval of zero is refused.
struct ReceiveCheck {
    let configuration: VirtualRouterConfiguration

    init(_ configuration: VirtualRouterConfiguration) {
        self.configuration = configuration
    }

    /// Judges a packet that carries our virtual router ID and came in on our interface.
    func examine(_ datagram: Datagram) throws(Discard) -> Advertisement {
        let packet = try parse(datagram)
        guard isUnicast || datagram.hopLimit == 255 else { throw .hopLimit(datagram.hopLimit) }
        guard packet.version == configuration.version.rawValue else { throw wrongVersion(packet.version) }
        if configuration.version == .v2 { try checkAuthentication(packet.authentication) }
        try checkInterval(packet.interval)
        guard packet.type == VRRPPacket.advertisement else { throw .type(packet.type) }
        try checkAddressCount(packet.addresses)
        try checkChecksum(of: datagram)
        guard datagram.destination.isMulticast != isUnicast else { throw isUnicast ? .multicast : .unicast }
        try checkAddresses(packet.addresses)
        guard !isUnicast || configuration.unicastPeers.contains(datagram.source) else {
            throw .unknownPeer(datagram.source)
        }
        return Advertisement(
            source: datagram.source, priority: Priority(packet.priority), interval: packet.interval)
    }

    private var isUnicast: Bool { !configuration.unicastPeers.isEmpty }

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

    private func checkChecksum(of datagram: Datagram) throws(Discard) {
        guard
            VRRPPacket.checksumIsValid(
                datagram.payload, source: datagram.source, destination: datagram.destination)
        else { throw .checksum(configuration.version) }
    }

    /// The same set in any order; the counts are known to agree.
    private func checkAddresses(_ received: [IPAddress]) throws(Discard) {
        let received = Set(received)
        for address in configuration.addresses where !received.contains(address.prefix.address) {
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

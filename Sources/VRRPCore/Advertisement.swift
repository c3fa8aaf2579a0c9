import Wire

/// An advertisement that passed every check: what a state machine needs to know of it.
struct Advertisement: Hashable, Sendable {
    var source: IPAddress
    /// Nil when the sender resigns (priority 0 on the wire).
    var priority: Priority?
    /// The sender's interval; with v2 always our own, or it would not have passed.
    var interval: Duration
}

extension VirtualRouterConfiguration {
    /// The advertisement that this router sends from an address, addressed to the group or to every peer.
    ///
    /// A `priority` of nil resigns.
    func transmission(from source: IPAddress, priority: Priority?) -> Transmission {
        let packet = VRRPPacket(
            version: version.rawValue, type: VRRPPacket.advertisement, virtualRouterID: virtualRouterID,
            priority: priority?.rawValue ?? 0, interval: advertisementInterval,
            addresses: addresses.map(\.prefix.address), authentication: packetAuthentication)
        let destinations = isUnicast ? unicastPeers : [multicastGroup ?? family.vrrpGroup]
        var transmission = Transmission(
            router: name, interface: interface, source: source, destinations: destinations,
            payloads: destinations.map { payload(of: packet, from: source, to: $0) })
        transmission.hopLimit = hopLimit
        return transmission
    }

    /// Whether the router talks to peers, one by one.
    var isUnicast: Bool { !unicastPeers.isEmpty }

    /// The key for an authentication header in front of each advertisement; nil where there is none.
    var headerKey: [UInt8]? {
        guard version == .v2, family == .ipv4, case .header(let key) = authentication else { return nil }
        return key
    }

    private func payload(of packet: VRRPPacket, from source: IPAddress, to destination: IPAddress) -> [UInt8] {
        switch checksumCoverage {
        case .pseudoHeader:
            packet.serialized(source: source, destination: destination)
        case .message:
            packet.serialized(source: source, destination: destination, checksumAsVersion2: true)
        case .pseudoHeaderToGroup:
            packet.serialized(source: source, destination: family == .ipv4 ? family.vrrpGroup : destination)
        }
    }

    /// What goes to the group must not leave the link (RFC 9568 §5.1.1.3).
    private var hopLimit: UInt8? {
        guard isUnicast else { return 255 }
        return unicastHopLimit ?? (family == .ipv4 ? 255 : nil)
    }

    private var packetAuthentication: VRRPPacket.Authentication {
        switch (version, authentication) {
        case (.v2, .password(let password)): .password(password)
        case (.v2, .header): .other(type: 2, data: [])
        case (.v2, .none), (.v3, _): .none
        }
    }
}

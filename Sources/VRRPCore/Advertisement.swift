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
        let destinations = unicastPeers.isEmpty ? [family.vrrpGroup] : unicastPeers
        return Transmission(
            router: name, interface: interface, source: source, destinations: destinations,
            payloads: destinations.map { packet.serialized(source: source, destination: $0) })
    }

    private var packetAuthentication: VRRPPacket.Authentication {
        switch (version, authentication) {
        case (.v2, .password(let password)): .password(password)
        case (.v2, .header): .other(type: 2, data: [])
        case (.v2, .none), (.v3, _): .none
        }
    }
}

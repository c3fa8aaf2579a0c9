import Wire

extension TimelineEvent {
    /// Who reports an event: the words that reports and filters use.
    public enum Category: String, Hashable, Sendable, CaseIterable {
        /// A frame on a link, and what a bad cable did to it.
        case wire
        /// Links, addresses, routes, neighbors, and where bridges forward.
        case kernel
        /// Programs: start, output, exit, crash.
        case process
        /// What clients of a service saw.
        case client
        /// What the scenario did: steps, faults and their end.
        case scenario
        /// What was found.
        case verdict
        /// What spoils the record: stalls and lost events.
        case host
    }

    /// Who told of it.
    public var category: Category {
        switch kind {
        case .frame, .impaired: .wire
        case .link, .addressAdded, .addressRemoved, .routeAdded, .routeRemoved, .neighbor, .forwarding: .kernel
        case .started, .output, .exited, .crashed: .process
        case .request: .client
        case .fault, .healed, .step: .scenario
        case .verdict: .verdict
        case .stall, .lost: .host
        }
    }

    /// The frame taken apart, or nil when the event is none or its octets make no sense.
    public var frame: Frame? {
        guard case .frame(let captured) = kind else { return nil }
        return try? Frame(parsing: captured.octets)
    }

    /// The VRRP packet of a frame and the IP packet around it.
    public var advertisement: (VRRPPacket, IPPacket)? {
        guard case .vrrp(let packet, let carrier)? = frame?.content else { return nil }
        return (packet, carrier)
    }

    /// The ARP packet of a frame by which its sender announces an address.
    public var gratuitousARP: ARPPacket? {
        guard case .arp(let packet)? = frame?.content, packet.isGratuitous else { return nil }
        return packet
    }

    /// The address that a frame tells everybody to look for at its sender: gratuitous ARP, or an unsolicited neighbor
    /// advertisement.
    public var announcedAddress: IPAddress? {
        switch frame?.content {
        case .arp(let packet) where packet.isGratuitous: .v4(packet.senderAddress)
        case .neighborAdvertisement(let message, _) where !message.isSolicited: .v6(message.target)
        default: nil
        }
    }

    /// Which way a frame went, or nil when the event is none.
    public var frameDirection: CapturedFrame.Direction? {
        guard case .frame(let captured) = kind else { return nil }
        return captured.direction
    }

    /// Whether the node itself sent the frame, as opposed to having received it.
    public var isSent: Bool { frameDirection == .sent }

    /// Whether the node sent an advertisement: for one address, or for any.
    public func isAdvertisement(from node: String, for address: IPAddress? = nil) -> Bool {
        guard self.node == node, isSent, let (packet, _) = advertisement else { return false }
        return address.map(packet.addresses.contains) ?? true
    }

    /// Whether the node announced an address to its neighbors.
    public func isAnnouncement(of address: IPAddress, from node: String) -> Bool {
        self.node == node && isSent && announcedAddress == address
    }

    /// Whether the node's kernel reported a new address.
    public func isAddition(of address: IPAddress, to node: String) -> Bool {
        guard self.node == node, case .addressAdded(let prefix, _) = kind else { return false }
        return prefix.address == address
    }
}

extension TimelineEvent.Kind {
    /// The node is gone with everything that its kernel held, as in a power loss.
    ///
    /// The death of all its programs is not that: a kernel keeps the addresses of a namespace whose programs are dead.
    public static let vanished = Self.exited(process: "node", .signaled(number: 9))

    /// The address that the kernel of the node gained or lost.
    public var address: IPAddress? {
        switch self {
        case .addressAdded(let prefix, _), .addressRemoved(let prefix, _): prefix.address
        default: nil
        }
    }
}

import Timeline
import VRRPCore
import Wire

/// Writes what hosts send as frames on their links, in the windows that somebody wants to see.
struct FrameRecorder: Sendable {
    let windows: [ClosedRange<Instant>]

    func records(_ time: Instant) -> Bool {
        windows.contains { $0.contains(time) }
    }

    /// One frame at one host's link.
    func event(
        _ octets: [UInt8], _ direction: CapturedFrame.Direction, at time: Instant, node: String
    ) -> TimelineEvent {
        TimelineEvent(
            at: time, node: node,
            .frame(CapturedFrame(interface: Scenario.interface, direction: direction, octets: octets)))
    }

    /// An advertisement with the headers that the kernel puts in front of it.
    static func frame(of datagram: Datagram, from sender: Int) -> [UInt8] {
        let packet = IPPacket(
            source: datagram.source, destination: datagram.destination, hopLimit: datagram.hopLimit,
            protocolNumber: VRRPPacket.protocolNumber, trafficClass: 0xc0, payload: datagram.payload)
        return EthernetFrame(
            destination: .multicast(datagram.destination), source: station(sender),
            etherType: EthernetFrame.EtherType.ipv4, payload: packet.serialized()
        ).serialized()
    }

    /// Gratuitous ARP for the virtual address.
    static func announcement(from sender: Int) -> [UInt8] {
        guard case .v4(let address) = Scenario.address else { return [] }
        let arp = ARPPacket.gratuitous(address, from: station(sender))
        return EthernetFrame(
            destination: .broadcast, source: station(sender), etherType: EthernetFrame.EtherType.arp,
            payload: arp.serialized()
        ).serialized()
    }

    private static func station(_ host: Int) -> MACAddress {
        MACAddress(rawValue: 0x0200_0000_0000 | UInt64(10 + host))
    }
}

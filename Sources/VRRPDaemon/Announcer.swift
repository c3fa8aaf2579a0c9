import LinuxSystem
import VRRPCore
import Wire

/// Tells the neighbors of an interface where addresses are now.
struct Announcer {
    /// By interface index.
    private var sockets: [Int32: Box<PacketSocket>] = [:]

    /// Sends `count` rounds over all addresses, each on its own interface. Returns lines in keepalived's words.
    ///
    /// All frames leave before a word is said about them.
    mutating func announce(
        _ addresses: [VirtualAddress], count: Int, for router: String, among interfaces: [String: Interface]
    ) -> [LogEntry] {
        let items = addresses.compactMap { item(for: $0, among: interfaces) }
        var refusals: [String: SystemError] = [:]
        for _ in 0..<count {
            for item in items {
                do {
                    try socket(for: item.interfaceIndex).value.send(item.frame)
                } catch {
                    refusals[item.address.interface] = error
                    sockets[item.interfaceIndex] = nil
                }
            }
        }
        let queued = items.map { item in
            LogEntry(.detail, "(\(router)) Sending/queueing \(item.kind)s on \(item.place)")
        }
        let sent = (0..<count).flatMap { _ in items.map { LogEntry(.detail, "Sending \($0.kind) on \($0.place)") } }
        let failed = refusals.sorted { $0.key < $1.key }.map { interface, error in
            LogEntry(.notice, "(\(router)) cannot announce on \(interface): \(error)")
        }
        return queued + sent + failed
    }

    private struct Item {
        let address: VirtualAddress
        let interfaceIndex: Int32
        let frame: [UInt8]

        var kind: String {
            address.prefix.address.family == .ipv4 ? "gratuitous ARP" : "unsolicited Neighbour Advert"
        }

        var place: String { "\(address.interface) for \(address.prefix.address)" }
    }

    /// Nil where there is nobody to tell: the interface is gone, is loopback, or has no Ethernet address.
    private func item(for address: VirtualAddress, among interfaces: [String: Interface]) -> Item? {
        guard let interface = interfaces[address.interface], !interface.isLoopback,
            let mac = interface.macAddress, mac != .zero
        else { return nil }
        let frame = announcement(
            of: address.prefix.address, from: mac, isRouter: { Self.forwardsIPv6(address.interface) })
        return Item(address: address, interfaceIndex: interface.index, frame: frame.serialized())
    }

    private mutating func socket(for index: Int32) throws(SystemError) -> Box<PacketSocket> {
        if let socket = sockets[index] { return socket }
        let socket = Box(try PacketSocket.sender(interfaceIndex: index))
        sockets[index] = socket
        return socket
    }

    private static func forwardsIPv6(_ interface: String) -> Bool {
        let text = try? FileSystem.read("/proc/sys/net/ipv6/conf/\(interface)/forwarding")
        return text?.first == UInt8(ascii: "1")
    }
}

/// The frame that moves an address in the tables of everyone who hears it, as keepalived spells it.
func announcement(of address: IPAddress, from mac: MACAddress, isRouter: () -> Bool) -> EthernetFrame {
    switch address {
    case .v4(let address):
        EthernetFrame(
            destination: .broadcast, source: mac, etherType: EthernetFrame.EtherType.arp,
            payload: ARPPacket.gratuitous(address, from: mac).serialized())
    case .v6(let address):
        NeighborAdvertisement.unsolicited(address, from: mac, isRouter: isRouter())
    }
}

import LinuxSystem
import VRRPCore
import Wire

/// One raw socket per interface on which virtual routers talk, for the group and for peers alike.
struct AdvertisementSockets {
    private struct Door {
        let interfaceIndex: Int32
        let joinsGroup: Bool
        let socket: Box<RawIPSocket>
    }

    /// By interface name.
    private var doors: [String: Door] = [:]
    /// By virtual router: keepalived counts packets from 1 in the IPv4 header.
    private var identifications: [String: UInt16] = [:]
    /// The last refusal of the kernel, by virtual router: one line says it until it changes.
    private var refusals: [String: Int32] = [:]

    /// Opens, reopens and closes what the routers need on the interfaces as they are now.
    mutating func match(
        _ routers: [VirtualRouterConfiguration], _ interfaces: [String: Interface], _ loop: borrowing EventLoop
    ) throws(SystemError) {
        let needed = Dictionary(grouping: routers, by: \.interface)
        for name in doors.keys where needed[name] == nil { doors[name] = nil }
        for (name, routers) in needed {
            let joinsGroup = routers.contains { $0.unicastPeers.isEmpty }
            let index = interfaces[name]?.index
            if let door = doors[name], door.interfaceIndex == index, door.joinsGroup == joinsGroup { continue }
            doors[name] = nil
            guard let index else { continue }
            let socket = try RawIPSocket(
                protocolNumber: VRRPPacket.protocolNumber, interface: name, interfaceIndex: index,
                group: joinsGroup ? .vrrpGroup : nil)
            try loop.watch(socket.descriptor, as: EventSource.packets(interfaceIndex: index).token)
            doors[name] = Door(interfaceIndex: index, joinsGroup: joinsGroup, socket: Box(socket))
        }
    }

    /// Describes the sockets as keepalived's log does.
    var descriptions: [String] {
        doors.values.sorted { $0.interfaceIndex < $1.interfaceIndex }.map { door in
            let index = "\(door.interfaceIndex)"
            let padded = String(repeating: " ", count: max(0, 3 - index.count)) + index
            let kind = door.joinsGroup ? "multicast, address(\(IPv4Address.vrrpGroup))" : "unicast"
            return "VRRP sockpool: [ifindex(\(padded)), family(IPv4), proto(112), "
                + "fd(\(door.socket.value.descriptor)) \(kind)]"
        }
    }

    /// What waits at one interface, or at all of them; at most 256 packets each, so that a flood cannot hold us up.
    func receive(interfaceIndex: Int32? = nil) -> [Datagram] {
        doors.filter { interfaceIndex == nil || $0.value.interfaceIndex == interfaceIndex }.flatMap { name, door in
            var datagrams: [Datagram] = []
            for _ in 0..<256 {
                guard let octets = try? door.socket.value.receive() else { break }
                // What is no IP packet, or a fragment, cannot come from a raw socket.
                guard let packet = try? IPPacket(parsing: octets) else { continue }
                datagrams.append(
                    Datagram(
                        interface: name, source: packet.source, destination: packet.destination,
                        hopLimit: packet.hopLimit, payload: packet.payload))
            }
            return datagrams
        }
    }

    /// Sends to every destination, with the header that RFC 9568 §5.1 asks for. Returns what is new about failing.
    mutating func send(_ transmission: Transmission) -> LogEntry? {
        let identification = (identifications[transmission.router] ?? 0) &+ 1
        identifications[transmission.router] = identification
        var refusal: SystemError?
        for (destination, payload) in zip(transmission.destinations, transmission.payloads) {
            guard case .v4(let address) = destination, let door = doors[transmission.interface] else { continue }
            let packet = IPPacket(
                source: transmission.source, destination: destination, hopLimit: 255,
                protocolNumber: VRRPPacket.protocolNumber, trafficClass: 0xc0, identification: identification,
                payload: payload)
            do {
                try door.socket.value.send(packet.serialized(), to: address)
            } catch {
                refusal = error
            }
        }
        defer { refusals[transmission.router] = refusal?.code }
        guard let refusal, refusals[transmission.router] != refusal.code else { return nil }
        return LogEntry(.notice, "(\(transmission.router)): send advert error \(refusal.code) (\(refusal))")
    }
}

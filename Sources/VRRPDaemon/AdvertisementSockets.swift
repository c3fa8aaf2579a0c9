import LinuxSystem
import VRRPCore
import Wire

/// The raw sockets through which virtual routers talk: one for each device, address family and IP protocol, shared by
/// all routers that have the three in common, for groups and for peers alike.
struct AdvertisementSockets {
    /// What tells one socket from another.
    private struct Place: Hashable {
        let device: String
        let family: AddressFamily
        let protocolNumber: UInt8
    }

    /// What the routers want of one socket.
    private struct Need {
        /// The interface that the routers were configured with; a virtual one of theirs may stand on it.
        var interface: String
        /// Tells the link of the groups in the device's stead, which must not.
        var speaker: String?
        var groups: Set<IPAddress> = []
        var virtualRouterIDs: Set<UInt8> = []
    }

    private struct Door {
        let interfaceIndex: Int32
        var need: Need
        let socket: Box<RawIPSocket>
    }

    /// Names a router in a packet, and in what it sends.
    private struct Key: Hashable {
        let interface: String
        let virtualRouterID: UInt8
    }

    private struct Sender: Hashable {
        let router: String
        let interface: String
    }

    /// Packets of virtual router IDs that nobody has are heard too (`log_unknown_vrids`).
    var hearsStrangers = false
    /// In octets, for each socket (`vrrp_rx_bufs_policy`).
    var bufferSize = 1 << 20

    private var doors: [Place: Door] = [:]
    private var placesByIndex: [Int32: [Place]] = [:]
    /// The devices that routers send from.
    private var exits: [Sender: String] = [:]
    /// Of routers with authentication headers.
    private var authenticationKeys: [Key: [UInt8]] = [:]
    /// By virtual router: keepalived counts packets from 1 in the IPv4 header.
    private var identifications: [String: UInt16] = [:]
    /// The last refusal of the kernel, by virtual router: one line says it until it changes.
    private var refusals: [String: Int32] = [:]
    private var batch = PacketArena()
    /// By interface index.
    private var paces: [Int32: ListeningPace] = [:]
    /// Until when an interface is left alone, by its index.
    private var pauses: [Int32: Instant] = [:]

    /// Opens, reopens and closes what the routers need on the interfaces as they are now. A socket that stays keeps the
    /// packets that wait in it. What could be opened is open when an error is thrown.
    mutating func match(
        _ routers: [VirtualRouterConfiguration], _ interfaces: [String: Interface], _ loop: borrowing EventLoop
    ) throws(SystemError) {
        var needs: [Place: Need] = [:]
        exits = [:]
        authenticationKeys = [:]
        for router in routers { note(router, &needs) }
        for place in doors.keys where needs[place] == nil { doors[place] = nil }
        var failure: SystemError?
        for (place, need) in needs {
            do throws(SystemError) {
                try match(place, need, interfaces, loop)
            } catch {
                failure = failure ?? error
            }
        }
        placesByIndex = Dictionary(grouping: doors.keys) { doors[$0]?.interfaceIndex ?? 0 }
        if let failure { throw failure }
    }

    private mutating func note(_ router: VirtualRouterConfiguration, _ needs: inout [Place: Need]) {
        var protocolNumber = VRRPPacket.protocolNumber
        if case .header(let key) = router.authentication {
            protocolNumber = AuthenticationHeader.protocolNumber
            authenticationKeys[Key(interface: router.interface, virtualRouterID: router.virtualRouterID)] = key
        }
        let place = { Place(device: $0, family: router.family, protocolNumber: protocolNumber) }
        let ear = place(router.listeningDevice)
        needs[ear, default: Need(interface: router.interface)].virtualRouterIDs.insert(router.virtualRouterID)
        if router.unicastPeers.isEmpty {
            needs[ear]?.groups.insert(router.multicastGroup ?? router.family.vrrpGroup)
        }
        if case .macvlan? = router.virtualInterface?.kind, ear.device != router.interface {
            needs[ear]?.speaker = router.interface
        }
        let exit = place(router.sendingDevice)
        if needs[exit] == nil { needs[exit] = Need(interface: router.interface) }
        exits[Sender(router: router.name, interface: router.interface)] = exit.device
        // A packet without the header is heard as well, so that its lack is counted.
        guard protocolNumber == AuthenticationHeader.protocolNumber else { return }
        let bare = Place(device: ear.device, family: ear.family, protocolNumber: VRRPPacket.protocolNumber)
        needs[bare, default: Need(interface: router.interface)].virtualRouterIDs.insert(router.virtualRouterID)
        guard let need = needs[ear] else { return }
        needs[bare]?.groups.formUnion(need.groups)
        needs[bare]?.speaker = need.speaker
    }

    private mutating func match(
        _ place: Place, _ need: Need, _ interfaces: [String: Interface], _ loop: borrowing EventLoop
    ) throws(SystemError) {
        let index = interfaces[place.device]?.index
        let speaker = need.speaker.flatMap { interfaces[$0]?.index }
        if let door = doors[place], door.interfaceIndex == index {
            for group in need.groups.subtracting(door.need.groups) {
                try door.socket.value.join(group)
                if let speaker { try? door.socket.value.join(group, on: speaker) }
            }
            for group in door.need.groups.subtracting(need.groups) {
                door.socket.value.leave(group)
                if let speaker { door.socket.value.leave(group, on: speaker) }
            }
            doors[place]?.need = need
            try filter(door.socket, place, need)
            return
        }
        doors[place] = nil
        guard let index else { return }
        let socket = Box(
            try RawIPSocket(
                place.family, protocolNumber: place.protocolNumber, interface: place.device, interfaceIndex: index,
                groups: need.groups.sorted()))
        if let speaker {
            for group in need.groups { try? socket.value.join(group, on: speaker) }
        }
        socket.value.setReceiveBuffer(bufferSize)
        try filter(socket, place, need)
        try loop.watch(socket.value.descriptor, as: EventSource.packets(interfaceIndex: index).token)
        doors[place] = Door(interfaceIndex: index, need: need, socket: socket)
    }

    /// Has the kernel drop what is meant for virtual routers of others: a flood of that costs us nothing, and nobody
    /// counts it. Whatever carries one of our IDs is heard and counted, however wrong it is.
    private func filter(_ socket: Box<RawIPSocket>, _ place: Place, _ need: Need) throws(SystemError) {
        let wanted = hearsStrangers && !need.virtualRouterIDs.isEmpty ? Set(0...UInt8.max) : need.virtualRouterIDs
        let header = place.protocolNumber == AuthenticationHeader.protocolNumber ? AuthenticationHeader.length : 0
        // RFC 9568 §5.2: the virtual router ID is the second octet of every version.
        try socket.value.attach(SocketFilter(wanting: wanted, atOffset: UInt32(header + 1), of: place.family))
    }

    /// Describes the sockets as keepalived's log does.
    var descriptions: [String] {
        let order = { (door: (key: Place, value: Door)) in (door.value.interfaceIndex, door.key.protocolNumber) }
        return doors.sorted { order($0) < order($1) }.map { place, door in
            let index = "\(door.interfaceIndex)"
            let padded = String(repeating: " ", count: max(0, 3 - index.count)) + index
            let groups = door.need.groups.sorted().map { "address(\($0))" }.joined(separator: ", ")
            let kind = groups.isEmpty ? "unicast" : "multicast, \(groups)"
            return "VRRP sockpool: [ifindex(\(padded)), family(\(place.family.rawValue)), "
                + "proto(\(place.protocolNumber)), fd(\(door.socket.value.descriptor)) \(kind)]"
        }
    }

    /// How many packets the kernel has dropped because nobody came for them in time.
    var lossCount: Int { doors.values.reduce(0) { $0 + $1.socket.value.lossCount() } }
}

// MARK: - Receiving

extension AdvertisementSockets {
    /// At most this many packets of a socket are taken at a time, so that a flood cannot hold us up.
    private static let budget = 1024

    /// What waits at one interface.
    mutating func receive(interfaceIndex: Int32) -> [Datagram] {
        var datagrams: [Datagram] = []
        for place in placesByIndex[interfaceIndex] ?? [] {
            guard let door = doors[place] else { continue }
            for _ in 0..<Self.budget / PacketBatch.capacity {
                try? door.socket.value.receive(into: &batch.value)
                for index in 0..<batch.value.count {
                    guard let packet = batch.value.packet(index) else { continue }
                    if let datagram = datagram(packet, place, door.need.interface) { datagrams.append(datagram) }
                }
                if !batch.value.isFull { break }
            }
        }
        return datagrams
    }

    private func datagram(_ packet: ReceivedPacket, _ place: Place, _ interface: String) -> Datagram? {
        var datagram = Datagram(
            interface: interface, source: packet.source, destination: packet.destination, hopLimit: packet.hopLimit,
            payload: [])
        if place.protocolNumber == AuthenticationHeader.protocolNumber {
            let opened = AuthenticationHeader.open(packet) {
                authenticationKeys[Key(interface: interface, virtualRouterID: $0)]
            }
            guard let opened else { return nil }
            datagram.authentication = opened.header
            datagram.payload = opened.message
        } else {
            datagram.payload = packet.headerLength == 0 ? packet.octets : Array(packet.octets[packet.headerLength...])
        }
        return datagram
    }
}

// MARK: - Streams of packets

extension AdvertisementSockets {
    /// When an interface that is left alone must be listened to again.
    var nextDeadline: Instant? { pauses.values.min() }

    /// Leaves an interface alone for a moment when too much comes there, and listens again when nothing came.
    mutating func keepPace(
        interfaceIndex: Int32, hasHeard: Bool, at now: Instant, _ loop: borrowing EventLoop
    ) {
        guard hasHeard, let end = paces[interfaceIndex, default: ListeningPace()].hear(at: now) else {
            return resume(interfaceIndex, loop)
        }
        guard pauses.updateValue(end, forKey: interfaceIndex) == nil else { return }
        for descriptor in descriptors(interfaceIndex) {
            loop.pause(descriptor, watchedAs: EventSource.packets(interfaceIndex: interfaceIndex).token)
        }
    }

    /// The interfaces whose pause is over: what has come meanwhile waits there.
    func pausesOver(at now: Instant) -> [Int32] {
        pauses.filter { $0.value <= now }.keys.sorted()
    }

    /// Listens everywhere again.
    mutating func resumeAll(_ loop: borrowing EventLoop) {
        for index in pauses.keys { resume(index, loop) }
    }

    private mutating func resume(_ interfaceIndex: Int32, _ loop: borrowing EventLoop) {
        guard pauses.removeValue(forKey: interfaceIndex) != nil else { return }
        for descriptor in descriptors(interfaceIndex) {
            loop.resume(descriptor, watchedAs: EventSource.packets(interfaceIndex: interfaceIndex).token)
        }
    }

    private func descriptors(_ interfaceIndex: Int32) -> [Int32] {
        (placesByIndex[interfaceIndex] ?? []).compactMap { doors[$0]?.socket.value.descriptor }
    }
}

// MARK: - Sending

extension AdvertisementSockets {
    /// What Linux gives packets to a single host when it is not told otherwise.
    private static let ordinaryHopLimit: UInt8 = 64

    /// Sends to every destination, with the header that RFC 9568 §5.1 asks for. Returns what is new about failing.
    mutating func send(_ transmission: Transmission) -> LogEntry? {
        let identification = (identifications[transmission.router] ?? 0) &+ 1
        identifications[transmission.router] = identification
        let isSealed = transmission.authentication != nil
        let sender = Sender(router: transmission.router, interface: transmission.interface)
        let place = Place(
            device: exits[sender] ?? transmission.interface, family: transmission.source.family,
            protocolNumber: isSealed ? AuthenticationHeader.protocolNumber : VRRPPacket.protocolNumber)
        guard let door = doors[place] else { return nil }
        var refusal: SystemError?
        for (destination, payload) in zip(transmission.destinations, transmission.payloads) {
            let packet = IPPacket(
                source: transmission.source, destination: destination,
                hopLimit: transmission.hopLimit ?? Self.ordinaryHopLimit, protocolNumber: VRRPPacket.protocolNumber,
                trafficClass: 0xc0, identification: identification, payload: payload)
            let octets =
                transmission.authentication.map { AuthenticationHeader.sealed(packet, with: $0) } ?? packet.serialized()
            do {
                try door.socket.value.send(octets, to: destination)
            } catch {
                refusal = error
            }
        }
        defer { refusals[transmission.router] = refusal?.code }
        guard let refusal, refusals[transmission.router] != refusal.code else { return nil }
        return LogEntry(.notice, "(\(transmission.router)): send advert error \(refusal.code) (\(refusal))")
    }
}

/// Where received packets are put, shared by all sockets.
private final class PacketArena {
    var value = PacketBatch()
}

extension VirtualRouterConfiguration {
    /// Where advertisements are heard. A frame whose source is a virtual MAC address that is ours as well reaches the
    /// interface with that address, and not the one below it.
    var listeningDevice: String {
        guard let virtualInterface, unicastPeers.isEmpty else { return interface }
        return virtualInterface.name
    }

    /// Where advertisements leave. Peers answer to the address of the interface below.
    var sendingDevice: String {
        guard let virtualInterface, unicastPeers.isEmpty, !virtualInterface.transmitsOnBase else { return interface }
        return virtualInterface.name
    }
}

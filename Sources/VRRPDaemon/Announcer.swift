import KeepalivedConfiguration
import LinuxSystem
import VRRPCore
import Wire

/// Tells the neighbors of an interface where addresses are now.
struct Announcer {
    /// The least time between two frames of a kind on an interface, and for interfaces that have one of their own.
    var spacing = AnnouncementSpacing()
    var interfaceSpacing: [String: AnnouncementSpacing] = [:]
    /// Whether anybody reads a line for each frame.
    var logsDetail = false

    /// Frames that wait, by interface and family.
    private var queues: [Lane: Queue] = [:]
    /// By interface index.
    private var sockets: [Int32: Box<PacketSocket>] = [:]

    /// Sends `count` rounds over all addresses, each on its own interface. Returns lines in keepalived's words.
    ///
    /// All frames leave before a word is said about them; those that must keep their distance leave when it is reached.
    mutating func announce(
        _ addresses: [VirtualAddress], count: Int, for router: String, from origin: Origin, at now: Instant
    ) -> [LogEntry] {
        let items = addresses.compactMap { item(for: $0, of: router, from: origin) }
        var refusals: [String: SystemError] = [:]
        for _ in 0..<count {
            for item in items {
                if let error = send(item, at: now) { refusals[item.device] = error }
            }
        }
        for item in items where item.isVirtualMAC { settle(item, at: now) }
        let failed = refusals.sorted { $0.key < $1.key }.map { device, error in
            LogEntry(.notice, "(\(router)) cannot announce on \(device): \(error)")
        }
        return logsDetail ? Self.lines(about: items, count, router) + failed : failed
    }

    /// Sends one frame for an address that is not a virtual one.
    mutating func announceSource(_ address: IPAddress, on name: String, from origin: Origin, at now: Instant) {
        let virtual = VirtualAddress(IPPrefix(host: address), interface: name)
        guard let item = item(for: virtual, of: "", from: origin) else { return }
        _ = send(item, at: now)
    }

    /// Forgets what waits to be said about addresses of a router on their interfaces: whoever has given them up is
    /// silent.
    mutating func withdraw(_ addresses: [VirtualAddress], of router: String) {
        let gone = Set(addresses.map(\.place))
        for lane in queues.keys {
            queues[lane]?.waiting.removeAll { $0.item.router == router && gone.contains($0.item.place) }
            if queues[lane]?.waiting.isEmpty == true { queues[lane]?.spare() }
        }
    }

    private static func lines(about items: [Item], _ count: Int, _ router: String) -> [LogEntry] {
        let queued = items.map { item in
            LogEntry(.detail, "(\(router)) Sending/queueing \(item.kind)s on \(item.spelledPlace)")
        }
        let sent = (0..<count).flatMap { _ in
            items.map { LogEntry(.detail, "Sending \($0.kind) on \($0.spelledPlace)") }
        }
        return queued + sent
    }
}

// MARK: - Frames

extension Announcer {
    /// What frames are made from: the interfaces as they are, and below each virtual one its base.
    struct Origin {
        var interfaces: [String: Interface]
        var bases: [String: String] = [:]
    }

    private struct Lane: Hashable {
        let interfaceIndex: Int32
        let family: AddressFamily
    }

    private struct Item {
        let router: String
        let address: IPAddress
        let device: String
        /// Whose spacing counts: a virtual interface has that of the one below it.
        let base: String
        let lane: Lane
        let isVirtualMAC: Bool
        var frame: [UInt8]

        var kind: String { lane.family == .ipv4 ? "gratuitous ARP" : "unsolicited Neighbour Advert" }
        var place: VirtualAddress.Place { VirtualAddress.Place(interface: device, address: address) }
        var spelledPlace: String { "\(device) for \(address)" }
    }

    /// Nil where there is nobody to tell: the interface is gone, is loopback, or has no Ethernet address.
    private func item(for address: VirtualAddress, of router: String, from origin: Origin) -> Item? {
        let device = address.interface
        let base = origin.bases[device]
        guard let interface = origin.interfaces[device], !interface.isLoopback,
            let mac = interface.macAddress, mac != .zero
        else { return nil }
        let frame = announcement(of: address.prefix.address, from: mac, isRouter: { Self.forwardsIPv6(device) })
        return Item(
            router: router, address: address.prefix.address, device: device,
            base: base ?? device,
            lane: Lane(interfaceIndex: interface.index, family: address.prefix.address.family),
            isVirtualMAC: base != nil && interface.kind == "macvlan", frame: frame.serialized())
    }

    private static func forwardsIPv6(_ interface: String) -> Bool {
        let text = try? FileSystem.read("/proc/sys/net/ipv6/conf/\(interface)/forwarding")
        return text?.first == UInt8(ascii: "1")
    }
}

// MARK: - Sending

extension Announcer {
    private struct Waiting {
        let item: Item
        var at: Instant
    }

    /// The frames of one interface and family that wait, and when the next one may leave.
    private struct Queue {
        var waiting: [Waiting] = []
        var freeAt = Instant.zero

        mutating func spare() { waiting = [] }
    }

    /// When a frame that waits is due.
    var nextDeadline: Instant? {
        queues.values.lazy.flatMap(\.waiting).map(\.at).min()
    }

    /// Sends what is due.
    mutating func meetDeadline(at now: Instant) {
        for lane in queues.keys {
            guard let queue = queues[lane], queue.waiting.contains(where: { $0.at <= now }) else { continue }
            queues[lane]?.waiting.removeAll { $0.at <= now }
            for waiting in queue.waiting where waiting.at <= now { _ = transmit(waiting.item) }
        }
    }

    /// Sends at once, or puts the frame behind those that wait.
    private mutating func send(_ item: Item, at now: Instant) -> SystemError? {
        let spacing = spacing(of: item)
        guard spacing > .zero else { return transmit(item) }
        let due = max(queues[item.lane]?.freeAt ?? .zero, now)
        queues[item.lane, default: Queue()].freeAt = due + spacing
        if due <= now { return transmit(item) }
        queues[item.lane]?.waiting.append(Waiting(item: item, at: due))
        return nil
    }

    private func spacing(of item: Item) -> Duration {
        let spacing = interfaceSpacing[item.base] ?? spacing
        return item.lane.family == .ipv4 ? spacing.arp : spacing.neighbor
    }

    private mutating func transmit(_ item: Item) -> SystemError? {
        do throws(SystemError) {
            try socket(for: item.lane.interfaceIndex).value.send(item.frame)
            return nil
        } catch {
            sockets[item.lane.interfaceIndex] = nil
            return error
        }
    }

    private mutating func socket(for index: Int32) throws(SystemError) -> Box<PacketSocket> {
        if let socket = sockets[index] { return socket }
        let socket = Box(try PacketSocket.sender(interfaceIndex: index))
        sockets[index] = socket
        return socket
    }

    /// Has the last word about a virtual MAC address.
    ///
    /// A master that died without taking its addresses away may answer each gratuitous ARP request from the same MAC
    /// address, and the switches then send traffic to it. A reply is answered by nobody.
    private mutating func settle(_ item: Item, at now: Instant) {
        guard case .v4(let address) = item.address else { return }
        var reply = item
        var packet = ARPPacket.gratuitous(address, from: MACAddress(octets: item.frame[6..<12]) ?? .zero)
        packet.operation = .reply
        reply.frame.replaceSubrange(14..., with: packet.serialized())
        for delay in Self.settlingDelays {
            queues[item.lane, default: Queue()].waiting.append(Waiting(item: reply, at: now + delay))
        }
    }

    private static let settlingDelays: [Duration] = [.milliseconds(2), .milliseconds(20), .milliseconds(200)]
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

import LinuxSystem
import Netlink
import Testing
import Wire

/// A namespace with a bridge, into which hosts are plugged.
struct Hub: ~Copyable {
    let namespace: NamespaceDescriptor
    let bridge: Int32

    init() throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        var routes = try RouteSocket(in: namespace)
        try routes.createBridge("lan")
        bridge = try routes.link(named: "lan").index
        self.namespace = namespace
    }

    /// A new host, 198.18.0.`number`/24, whose port carries frames.
    func plug(_ number: UInt8) throws -> Host {
        let host = try NamespaceBroker.shared.createNetwork()
        var routes = try RouteSocket(in: namespace)
        try routes.createVeth(
            VethEnd("port\(number)", master: bridge, isUp: true),
            VethEnd("eth0", namespace: host.number, macAddress: MACAddress(rawValue: 0x0200_0000_0000 + UInt64(number)))
        )
        let port = try routes.link(named: "port\(number)").index
        var hostRoutes = try RouteSocket(in: host)
        let index = try hostRoutes.link(named: "eth0").index
        let address = IPv4Address(198, 18, 0, number)
        let prefix = try #require(IPPrefix(.v4(address), length: 24))
        try hostRoutes.addAddress(AddressRecord(prefix, interfaceIndex: index))
        try hostRoutes.setLink(index, isUp: true)
        try waitUntilOperational("eth0", in: host)
        try waitUntilOperational("port\(number)", in: namespace)
        return Host(namespace: host, interfaceIndex: index, port: port, address: address)
    }
}

struct Host: ~Copyable {
    let namespace: NamespaceDescriptor
    let interfaceIndex: Int32
    let port: Int32
    let address: IPv4Address

    /// A member of VRRP's group that hears and sends one protocol.
    func member(_ protocolNumber: UInt8) throws -> RawIPSocket {
        let index = interfaceIndex
        return try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
            try RawIPSocket(
                protocolNumber: protocolNumber, interface: "eth0", interfaceIndex: index, group: .vrrpGroup)
        }
    }

    /// Sends one octet to the group in a packet of a protocol.
    func send(_ octet: UInt8, protocol number: UInt8 = 112) throws {
        let packet = IPPacket(
            source: .v4(address), destination: .v4(.vrrpGroup), hopLimit: 255, protocolNumber: number,
            payload: [octet])
        try member(number).send(packet.serialized(), to: .vrrpGroup)
    }
}

/// Returns when frames pass through an interface, a moment after both its ends are up.
func waitUntilOperational(_ name: String, in namespace: borrowing NamespaceDescriptor) throws {
    let monitor = try RouteMonitor(.links, in: namespace)
    var routes = try RouteSocket(in: namespace)
    let loop = try EventLoop()
    try loop.watch(monitor.descriptor, as: 0)
    let deadline = MonotonicClock.now + .seconds(10)
    while try routes.link(named: name).operationalState != 6, try !loop.wait(until: deadline).isEmpty {
        _ = try monitor.receive()
    }
}

/// The last octet of the next packet that a socket hears; nil when none came for 5 seconds.
func nextOctet(_ socket: borrowing RawIPSocket) throws -> UInt8? {
    let loop = try EventLoop()
    try loop.watch(socket.descriptor, as: 0)
    let deadline = MonotonicClock.now + .seconds(5)
    repeat {
        if let packet = try socket.receive() { return packet.last }
    } while try !loop.wait(until: deadline).isEmpty
    return nil
}

/// What a monitor tells until `isLast` has been told; what there is when nothing came for 5 seconds.
func notifications(
    of monitor: borrowing RouteMonitor, until isLast: (RouteNotification) -> Bool
) throws -> [RouteNotification] {
    let loop = try EventLoop()
    try loop.watch(monitor.descriptor, as: 0)
    var told: [RouteNotification] = []
    while !told.contains(where: isLast), try !loop.wait(until: MonotonicClock.now + .seconds(5)).isEmpty {
        told += try monitor.receive()
    }
    return told
}

import CLinux
import Glibc
import LinuxSystem
import Netlink
import Testing
import VRRPCore
import Wire

@testable import VRRPDaemon

/// Runs work on a thread of its own in a network namespace of its own.
///
/// What it opens is there, and so is what it reads and writes below `/proc/sys/net`. Expectations belong outside: the
/// thread does not know which test it works for.
func inPrivateNetwork<Outcome: Sendable>(_ body: @escaping @Sendable () throws -> Outcome) async throws -> Outcome {
    try await withCheckedThrowingContinuation { continuation in
        startThread(named: "test") {
            continuation.resume(
                with: Result {
                    try #require(clinux_unshare(CLONE_NEWNET) == 0)
                    return try body()
                })
        }
    }
}

/// The namespace at the other end of a cable from `eth0` here: 198.18.0.1/24 and 198.18.0.2/24, up, and IPv6 without
/// duplicate address detection.
struct Peer: ~Copyable {
    let namespace: NamespaceDescriptor
    let interfaceIndex: Int32

    init() throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        try Self.switchOffDuplicateDetection()
        try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
            try Self.switchOffDuplicateDetection()
        }
        var routes = try RouteSocket()
        try routes.createVeth(
            VethEnd("eth0", macAddress: MACAddress(rawValue: 0x0200_0000_0001)),
            VethEnd("eth0", namespace: namespace.number, macAddress: MACAddress(rawValue: 0x0200_0000_0002)))
        var farRoutes = try RouteSocket(in: namespace)
        try Self.prepare(&farRoutes, IPPrefix("198.18.0.2/24")!)
        try Self.prepare(&routes, IPPrefix("198.18.0.1/24")!)
        try Self.waitForCarrier(&routes)
        interfaceIndex = try farRoutes.link(named: "eth0").index
        self.namespace = namespace
    }

    /// Opens a socket at the far end.
    func socket(
        _ family: AddressFamily, protocolNumber: UInt8 = 112, groups: [IPAddress] = []
    ) throws -> RawIPSocket {
        let index = interfaceIndex
        return try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
            try RawIPSocket(
                family, protocolNumber: protocolNumber, interface: "eth0", interfaceIndex: index, groups: groups)
        }
    }

    /// Opens a socket at the far end that sees every frame.
    func capture() throws -> PacketSocket {
        let index = interfaceIndex
        return try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
            try PacketSocket.capture(interfaceIndex: index)
        }
    }

    private static func switchOffDuplicateDetection() throws(SystemError) {
        for name in ["all", "default"] {
            try FileSystem.overwrite("/proc/sys/net/ipv6/conf/\(name)/accept_dad", with: Array("0".utf8))
        }
    }

    private static func prepare(_ routes: inout RouteSocket, _ prefix: IPPrefix) throws {
        let index = try routes.link(named: "eth0").index
        try routes.addAddress(AddressRecord(prefix, interfaceIndex: index))
        try routes.setLink(index, isUp: true)
    }

    private static func waitForCarrier(_ routes: inout RouteSocket) throws {
        let monitor = try RouteMonitor(.links)
        let loop = try EventLoop()
        try loop.watch(monitor.descriptor, as: 0)
        let deadline = MonotonicClock.now + .seconds(5)
        while try routes.link(named: "eth0").operationalState != 6, try !loop.wait(until: deadline).isEmpty {
            _ = try monitor.receive()
        }
    }
}

/// Waits until a descriptor can be read; false when it cannot within 5 seconds.
func becomesReadable(_ descriptor: Int32) throws -> Bool {
    let loop = try EventLoop()
    try loop.watch(descriptor, as: 0)
    return try !loop.wait(until: MonotonicClock.now + .seconds(5)).isEmpty
}

/// The next packets that a socket hears, as many as asked for; fewer when no more came for 5 seconds.
func packets(_ count: Int, from socket: borrowing RawIPSocket) throws -> [ReceivedPacket] {
    var batch = PacketBatch()
    var packets: [ReceivedPacket] = []
    while packets.count < count, try becomesReadable(socket.descriptor) {
        try socket.receive(into: &batch)
        packets += (0..<batch.count).compactMap { batch.packet($0) }
    }
    return packets
}

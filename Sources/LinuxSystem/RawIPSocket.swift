import CLinux
import Glibc
import Wire

/// A door to one IP protocol on one interface; headers are the caller's own in both directions.
public struct RawIPSocket: ~Copyable, Sendable {
    private let socket: OwnedDescriptor
    private let interfaceIndex: Int32
    public let family: AddressFamily

    /// Opens a socket that sends and receives packets of the protocol on the interface.
    ///
    /// - Parameters:
    ///   - protocolNumber: such as 112 for VRRP.
    ///   - groups: multicast groups of the family to be a member of; our own packets to them are not heard.
    public init(
        _ family: AddressFamily, protocolNumber: UInt8, interface: String, interfaceIndex: Int32, groups: [IPAddress]
    ) throws(SystemError) {
        let domain = family == .ipv4 ? AF_INET : AF_INET6
        let socket = OwnedDescriptor(
            owning: try systemCall("socket(SOCK_RAW, \(protocolNumber))") {
                Glibc.socket(domain, Int32(SOCK_RAW.rawValue) | closeOnExec | nonblocking, Int32(protocolNumber))
            })
        try systemCall("bind to \(interface)") {
            unsafe interface.withCString {
                unsafe setsockopt(socket.number, SOL_SOCKET, SO_BINDTODEVICE, $0, socklen_t(interface.utf8.count + 1))
            }
        }
        switch family {
        case .ipv4: try Self.prepareIPv4(socket.number, interfaceIndex)
        case .ipv6: try Self.prepareIPv6(socket.number, interfaceIndex)
        }
        for group in groups {
            try Self.setMembership(socket.number, interfaceIndex, group, IP_ADD_MEMBERSHIP, IPV6_JOIN_GROUP)
        }
        // What came before the socket was bound may have come in by another interface.
        while try socket.read() != nil {}
        self.socket = socket
        self.interfaceIndex = interfaceIndex
        self.family = family
    }

    /// Opens a socket for IPv4.
    public init(
        protocolNumber: UInt8, interface: String, interfaceIndex: Int32, group: IPv4Address?
    ) throws(SystemError) {
        try self.init(
            .ipv4, protocolNumber: protocolNumber, interface: interface, interfaceIndex: interfaceIndex,
            groups: group.map { [.v4($0)] } ?? [])
    }

    public var descriptor: Int32 { socket.number }

    private static func prepareIPv4(_ socket: Int32, _ interfaceIndex: Int32) throws(SystemError) {
        try setOption(socket, ipLevel, IP_HDRINCL, to: Int32(1))
        var membership = ip_mreqn()
        membership.imr_ifindex = interfaceIndex
        try setOption(socket, ipLevel, IP_MULTICAST_IF, to: membership)
        try setOption(socket, ipLevel, IP_MULTICAST_LOOP, to: Int32(0))
        try setOption(socket, ipLevel, IP_MULTICAST_ALL, to: Int32(0))
    }

    private static func prepareIPv6(_ socket: Int32, _ interfaceIndex: Int32) throws(SystemError) {
        try setOption(socket, ipv6Level, IPV6_HDRINCL, to: Int32(1))
        try setOption(socket, ipv6Level, Int32(CLINUX_IPV6_FREEBIND), to: Int32(1))
        try setOption(socket, ipv6Level, IPV6_MULTICAST_IF, to: interfaceIndex)
        try setOption(socket, ipv6Level, IPV6_MULTICAST_LOOP, to: Int32(0))
        try setOption(socket, ipv6Level, IPV6_MULTICAST_ALL, to: Int32(0))
        // The header does not come with the packet: these two say what stood in it.
        try setOption(socket, ipv6Level, IPV6_RECVPKTINFO, to: Int32(1))
        try setOption(socket, ipv6Level, IPV6_RECVHOPLIMIT, to: Int32(1))
    }

    /// Hears a group of the socket's family from now on.
    ///
    /// - Parameter other: makes another interface a member, which tells the link so; nothing is heard there.
    public borrowing func join(_ group: IPAddress, on other: Int32? = nil) throws(SystemError) {
        try Self.setMembership(socket.number, other ?? interfaceIndex, group, IP_ADD_MEMBERSHIP, IPV6_JOIN_GROUP)
    }

    /// Hears a group no longer, or ends the membership of another interface; where there is none it is as good.
    public borrowing func leave(_ group: IPAddress, on other: Int32? = nil) {
        try? Self.setMembership(socket.number, other ?? interfaceIndex, group, IP_DROP_MEMBERSHIP, IPV6_LEAVE_GROUP)
    }

    private static func setMembership(
        _ socket: Int32, _ interfaceIndex: Int32, _ group: IPAddress, _ optionIPv4: Int32, _ optionIPv6: Int32
    ) throws(SystemError) {
        switch group {
        case .v4(let address):
            var membership = ip_mreqn()
            membership.imr_ifindex = interfaceIndex
            membership.imr_multiaddr.s_addr = address.rawValue.bigEndian
            try setOption(socket, ipLevel, optionIPv4, to: membership)
        case .v6(let address):
            try setOption(
                socket, ipv6Level, optionIPv6, to: IPv6Membership(address, interfaceIndex: interfaceIndex))
        }
    }

    /// Sends a packet with its own header; the kernel fills in IPv4's checksum and length.
    ///
    /// The source need not be an address of this host. An IPv6 packet goes to the destination in its header.
    public borrowing func send(_ packet: [UInt8], to destination: IPAddress) throws(SystemError) {
        switch destination {
        case .v4(let host):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = host.rawValue.bigEndian
            try systemCall("sendto \(destination)") {
                unsafe packet.withUnsafeBytes { packet in
                    unsafe withSocketAddress(address) { pointer, length in
                        unsafe sendto(socket.number, packet.baseAddress, packet.count, 0, pointer, length)
                    }
                }
            }
        case .v6:
            try systemCall("sendto \(destination)") {
                unsafe packet.withUnsafeBytes {
                    unsafe clinux_send_ipv6(socket.number, $0.baseAddress, $0.count, interfaceIndex)
                }
            }
        }
    }

    /// Sends an IPv4 packet.
    public borrowing func send(_ packet: [UInt8], to destination: IPv4Address) throws(SystemError) {
        try send(packet, to: .v4(destination))
    }

    /// The next packet, or nil when there is none now: in IPv4 from its header on, in IPv6 what follows the header.
    public borrowing func receive() throws(SystemError) -> [UInt8]? {
        do {
            return try socket.read()
        } catch let error where error.code == ENETDOWN {
            return nil
        }
    }

    /// Refills a batch with packets that wait; it stays empty when there are none now.
    public borrowing func receive(into batch: inout PacketBatch) throws(SystemError) {
        do {
            try batch.fill(from: socket.number, family)
        } catch let error where error.code == ENETDOWN || error.code == EAGAIN {
        }
    }

    /// Keeps packets that a filter does not want out of the buffer, from now on; an earlier filter ends with that.
    public borrowing func attach(_ filter: SocketFilter) throws(SystemError) {
        try filter.attach(to: socket.number)
    }

    /// Lets this many octets of packets wait, also where ordinary sockets may not have so many.
    public borrowing func setReceiveBuffer(_ octets: Int) {
        // Without the right to exceed the limit, the limit it is.
        try? setOption(socket.number, SOL_SOCKET, SO_RCVBUFFORCE, to: Int32(clamping: octets))
    }

    /// How many packets were lost because the buffer was full; what a filter kept out is not among them.
    public borrowing func lossCount() -> Int {
        var information = [UInt32](repeating: 0, count: 9)
        var length = socklen_t(information.count * MemoryLayout<UInt32>.size)
        let result = unsafe getsockopt(socket.number, SOL_SOCKET, SO_MEMINFO, &information, &length)
        return result == 0 ? Int(information[8]) : 0
    }
}

private let ipLevel = Int32(IPPROTO_IP)
private let ipv6Level = Int32(IPPROTO_IPV6)

/// `ipv6_mreq`, whose own address is a union that Swift does not copy as octets.
private struct IPv6Membership: BitwiseCopyable {
    let high: UInt64
    let low: UInt64
    let interfaceIndex: Int32
    let padding: UInt32 = 0

    init(_ group: IPv6Address, interfaceIndex: Int32) {
        (high, low) = (group.high.bigEndian, group.low.bigEndian)
        self.interfaceIndex = interfaceIndex
    }
}

import CLinux
import Glibc
import Wire

/// A door to one IP protocol on one interface, IPv4; headers are the caller's own in both directions.
public struct RawIPSocket: ~Copyable, Sendable {
    private let socket: OwnedDescriptor

    /// Opens a socket that sends and receives packets of the protocol on the interface.
    ///
    /// - Parameters:
    ///   - protocolNumber: such as 112 for VRRP.
    ///   - group: a multicast group to be a member of; our own packets to it are not heard.
    public init(
        protocolNumber: UInt8, interface: String, interfaceIndex: Int32, group: IPv4Address?
    ) throws(SystemError) {
        let socket = OwnedDescriptor(
            owning: try systemCall("socket(SOCK_RAW, \(protocolNumber))") {
                Glibc.socket(AF_INET, Int32(SOCK_RAW.rawValue) | closeOnExec | nonblocking, Int32(protocolNumber))
            })
        try systemCall("bind to \(interface)") {
            unsafe interface.withCString {
                unsafe setsockopt(socket.number, SOL_SOCKET, SO_BINDTODEVICE, $0, socklen_t(interface.utf8.count + 1))
            }
        }
        try setOption(socket.number, ipLevel, IP_HDRINCL, to: Int32(1))
        var membership = ip_mreqn()
        membership.imr_ifindex = interfaceIndex
        try setOption(socket.number, ipLevel, IP_MULTICAST_IF, to: membership)
        try setOption(socket.number, ipLevel, IP_MULTICAST_LOOP, to: Int32(0))
        try setOption(socket.number, ipLevel, IP_MULTICAST_ALL, to: Int32(0))
        if let group {
            membership.imr_multiaddr.s_addr = group.rawValue.bigEndian
            try setOption(socket.number, ipLevel, IP_ADD_MEMBERSHIP, to: membership)
        }
        // What came before the socket was bound may have come in by another interface.
        while try socket.read() != nil {}
        self.socket = socket
    }

    public var descriptor: Int32 { socket.number }

    /// Sends a packet with its own header; the kernel fills in the checksum and the length.
    public borrowing func send(_ packet: [UInt8], to destination: IPv4Address) throws(SystemError) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = destination.rawValue.bigEndian
        try systemCall("sendto \(destination)") {
            unsafe packet.withUnsafeBytes { packet in
                unsafe withSocketAddress(address) { pointer, length in
                    unsafe sendto(socket.number, packet.baseAddress, packet.count, 0, pointer, length)
                }
            }
        }
    }

    /// The next packet from its IPv4 header on, or nil when there is none now.
    public borrowing func receive() throws(SystemError) -> [UInt8]? {
        do {
            return try socket.read()
        } catch let error where error.code == ENETDOWN {
            return nil
        }
    }
}

private let ipLevel = Int32(IPPROTO_IP)

import CLinux
import Glibc
import Wire

/// Sends ICMPv6 messages to one host; the kernel chooses the source and computes the checksum.
public struct ICMPv6Socket: ~Copyable, Sendable {
    private let socket: OwnedDescriptor

    /// Opens a socket in the calling thread's network namespace; answers are left to others.
    public init(to address: IPv6Address, interface: String, interfaceIndex: Int32) throws(SystemError) {
        let socket = OwnedDescriptor(
            owning: try systemCall("socket(ICMPv6)") {
                Glibc.socket(AF_INET6, Int32(SOCK_RAW.rawValue) | closeOnExec | nonblocking, Int32(IPPROTO_ICMPV6))
            })
        try systemCall("bind to \(interface)") {
            unsafe interface.withCString {
                unsafe setsockopt(socket.number, SOL_SOCKET, SO_BINDTODEVICE, $0, socklen_t(interface.utf8.count + 1))
            }
        }
        // `ICMP6_FILTER`: a bit for each type that is not wanted.
        let nothing = ICMPv6Filter()
        try setOption(socket.number, Int32(IPPROTO_ICMPV6), 1, to: nothing)
        try StreamSocket.connect(
            socket.number, to: .v6(address), port: 0, interfaceIndex: address.isLinkLocal ? interfaceIndex : 0)
        self.socket = socket
    }

    /// Sends a message; what stands for its checksum does not matter.
    public borrowing func send(_ message: [UInt8]) throws(SystemError) {
        let number = socket.number
        try systemCall("send") {
            unsafe message.withUnsafeBytes { unsafe Glibc.send(number, $0.baseAddress, $0.count, 0) }
        }
    }
}

/// `icmp6_filter`, with every type in it.
private struct ICMPv6Filter: BitwiseCopyable {
    let blocked: (UInt64, UInt64, UInt64, UInt64) = (.max, .max, .max, .max)
}

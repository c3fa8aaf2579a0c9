import Glibc
import LinuxSystem

/// A UDP socket of a node of a lab, connected to that of another node; a thread waits in it for at most a second.
struct BenchSocket: ~Copyable, Sendable {
    private let socket: OwnedDescriptor
    private static let port: UInt16 = 7

    /// Opens the socket of 10.0.0.`own` for 10.0.0.`peer`.
    init(in namespace: borrowing NamespaceDescriptor, own: UInt8, peer: UInt8) throws(SystemError) {
        let socket = try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
            let number = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            guard number >= 0 else { throw SystemError("socket", code: errno) }
            return OwnedDescriptor(owning: number)
        }
        // As large as root may have it; for others the standard must do.
        var room: Int32 = 8 << 20
        _ = unsafe setsockopt(socket.number, SOL_SOCKET, SO_RCVBUFFORCE, &room, socklen_t(MemoryLayout<Int32>.size))
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        try Self.check(
            unsafe setsockopt(socket.number, SOL_SOCKET, SO_RCVTIMEO, &patience, size), "setsockopt(SO_RCVTIMEO)")
        try Self.check(unsafe Self.with(own) { unsafe bind(socket.number, $0, $1) }, "bind")
        try Self.check(unsafe Self.with(peer) { unsafe connect(socket.number, $0, $1) }, "connect")
        self.socket = socket
    }

    /// Sends a datagram; false when the kernel does not take it now.
    borrowing func send(_ octets: [UInt8]) -> Bool {
        unsafe octets.withUnsafeBytes { unsafe Glibc.send(socket.number, $0.baseAddress, $0.count, 0) } > 0
    }

    /// Waits for a datagram; false when none came within a second.
    borrowing func receive(into buffer: inout [UInt8]) -> Bool {
        unsafe buffer.withUnsafeMutableBytes { unsafe recv(socket.number, $0.baseAddress, $0.count, 0) } > 0
    }

    private static func with(_ host: UInt8, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = (0x0a00_0000 | UInt32(host)).bigEndian
        return unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func check(_ result: Int32, _ call: String) throws(SystemError) {
        guard result >= 0 else { throw SystemError(call, code: errno) }
    }
}

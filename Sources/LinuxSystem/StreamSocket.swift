import CLinux
import Glibc
import Wire

/// A TCP connection that is made while the caller does other things.
public struct StreamSocket: ~Copyable, Sendable {
    private let socket: OwnedDescriptor

    /// Begins to connect. When the descriptor becomes readable the other side has spoken, or the attempt has failed.
    public init(to address: IPAddress, port: UInt16) throws(SystemError) {
        let family = address.family == .ipv4 ? AF_INET : AF_INET6
        let socket = OwnedDescriptor(
            owning: try systemCall("socket") {
                Glibc.socket(family, Int32(SOCK_STREAM.rawValue) | closeOnExec | nonblocking, 0)
            })
        do throws(SystemError) {
            try Self.connect(socket.number, to: address, port: port)
        } catch {
            if error.code != EINPROGRESS { throw error }
        }
        self.socket = socket
    }

    /// Connects any Internet socket; the interface counts for addresses that mean something on one link only.
    static func connect(
        _ number: Int32, to address: IPAddress, port: UInt16, interfaceIndex: Int32 = 0
    ) throws(SystemError) {
        let target = Self.socketAddress(address, port, interfaceIndex)
        try systemCall("connect to \(address) port \(port)") {
            unsafe target.withUnsafeBytes { octets in
                unsafe octets.withMemoryRebound(to: sockaddr.self) {
                    unsafe Glibc.connect(number, $0.baseAddress, socklen_t(target.count))
                }
            }
        }
    }

    /// `sockaddr_in` or `sockaddr_in6`, octet by octet: Swift does not take the latter for plain octets.
    private static func socketAddress(_ address: IPAddress, _ port: UInt16, _ interfaceIndex: Int32) -> [UInt8] {
        let family = address.family == .ipv4 ? AF_INET : AF_INET6
        let head =
            unsafe withUnsafeBytes(of: sa_family_t(family)) { unsafe Array($0) } + [
                UInt8(port >> 8), UInt8(port & 0xff),
            ]
        let scope = unsafe withUnsafeBytes(of: interfaceIndex) { unsafe Array($0) }
        switch address {
        case .v4(let address): return head + address.octets + [UInt8](repeating: 0, count: 8)
        case .v6(let address): return head + [0, 0, 0, 0] + address.octets + scope
        }
    }

    public var descriptor: Int32 { socket.number }

    /// Our own port, chosen by the kernel; nil when it has chosen none.
    public var localPort: UInt16? {
        // Family, then the port in network order: alike for both families.
        var octets = [UInt8](repeating: 0, count: MemoryLayout<sockaddr_in6>.size)
        var length = socklen_t(octets.count)
        let result = unsafe octets.withUnsafeMutableBytes { octets in
            unsafe octets.withMemoryRebound(to: sockaddr.self) {
                unsafe getsockname(socket.number, $0.baseAddress, &length)
            }
        }
        let port = UInt16(octets[2]) << 8 | UInt16(octets[3])
        return result == 0 && port != 0 ? port : nil
    }

    /// Whether the connection stands, asked when the descriptor can be written to for the first time.
    ///
    /// - Throws: why it could not be made.
    public borrowing func finishConnecting() throws(SystemError) {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        let number = socket.number
        try systemCall("getsockopt(SO_ERROR)") { unsafe getsockopt(number, SOL_SOCKET, SO_ERROR, &code, &length) }
        if code != 0 { throw SystemError("connect", code: code) }
    }

    /// Reads what is there now: nil when there is nothing yet, empty at the end.
    public borrowing func read() throws(SystemError) -> [UInt8]? { try socket.read(atMost: 4096) }

    /// Sends everything; more than the kernel takes at once is an error.
    public borrowing func send(_ octets: [UInt8]) throws(SystemError) {
        let number = socket.number
        let sent = try systemCall("send") {
            unsafe octets.withUnsafeBytes {
                unsafe Glibc.send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
        }
        if sent < octets.count { throw SystemError("send", code: EAGAIN) }
    }
}

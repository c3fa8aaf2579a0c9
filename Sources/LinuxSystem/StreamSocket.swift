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
        let number = socket.number
        let target = Self.socketAddress(family, address, port)
        do throws(SystemError) {
            try systemCall("connect to \(address) port \(port)") {
                unsafe target.withUnsafeBytes { octets in
                    unsafe octets.withMemoryRebound(to: sockaddr.self) {
                        unsafe connect(number, $0.baseAddress, socklen_t(target.count))
                    }
                }
            }
        } catch {
            if error.code != EINPROGRESS { throw error }
        }
        self.socket = socket
    }

    /// `sockaddr_in` or `sockaddr_in6`, octet by octet: Swift does not take the latter for plain octets.
    private static func socketAddress(_ family: Int32, _ address: IPAddress, _ port: UInt16) -> [UInt8] {
        let head =
            unsafe withUnsafeBytes(of: sa_family_t(family)) { unsafe Array($0) } + [
                UInt8(port >> 8), UInt8(port & 0xff),
            ]
        switch address {
        case .v4(let address): return head + address.octets + [UInt8](repeating: 0, count: 8)
        case .v6(let address): return head + [0, 0, 0, 0] + address.octets + [0, 0, 0, 0]
        }
    }

    public var descriptor: Int32 { socket.number }

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

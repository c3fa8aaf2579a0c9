import CLinux
import Glibc

/// One end of a Unix datagram socket, connected to a path such as `/dev/log` or to an abstract name such as `@log`; it
/// never waits for the other end.
public struct DatagramSender: ~Copyable, Sendable {
    private let socket: OwnedDescriptor

    /// Connects; fails when nobody listens at the path, or when the path does not fit a socket address.
    public init(to path: String) throws(SystemError) {
        let socket = OwnedDescriptor(
            owning: try systemCall("socket(AF_UNIX)") {
                Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | closeOnExec | nonblocking, 0)
            })
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let octets = Array(path.utf8)
        // One octet remains for the terminating zero.
        guard octets.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw SystemError("connect to \(path)", code: ENAMETOOLONG)
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: octets) }
        // A name in the abstract space begins with a zero, and ends where the address ends.
        let isAbstract = octets.first == UInt8(ascii: "@")
        if isAbstract { unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0[0] = 0 } }
        let used = MemoryLayout<sa_family_t>.size + octets.count
        try systemCall("connect to \(path)") {
            unsafe withSocketAddress(address) { pointer, length in
                unsafe connect(socket.number, pointer, isAbstract ? socklen_t(used) : length)
            }
        }
        self.socket = socket
    }

    /// Sends one datagram; a full queue is an error (`EAGAIN`).
    public borrowing func send(_ octets: [UInt8]) throws(SystemError) {
        try systemCall("send") {
            unsafe octets.withUnsafeBytes {
                unsafe Glibc.send(socket.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
        }
    }
}

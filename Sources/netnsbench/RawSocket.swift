import CLinux
import Glibc
import LinuxSystem

/// A netlink socket without a library.
struct RawSocket: ~Copyable {
    private let number: Int32
    private let acknowledgments: Int
    /// `NETLINK_ROUTE`.
    private static let route: Int32 = 0

    /// Opens one where the thread stands.
    ///
    /// - Parameter acknowledgments: how many answers each `send` brings.
    init(acknowledgments: Int) throws(SystemError) {
        number = socket(AF_NETLINK, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), Self.route)
        self.acknowledgments = acknowledgments
        try Self.check(number, "socket")
    }

    deinit {
        close(number)
    }

    /// Moves the thread into a new network namespace.
    static func freshNetwork() throws(SystemError) -> Int32 {
        try check(clinux_unshare(NamespaceKinds.network.rawValue), "unshare")
        let descriptor = unsafe open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
        try check(descriptor, "open")
        return descriptor
    }

    static func check(_ result: Int32, _ call: String) throws(SystemError) {
        guard result >= 0 else { throw SystemError(call, code: errno) }
    }

    /// Sends messages with one system call, and reads until each has been answered.
    func send(_ messages: [UInt8]) throws(SystemError) {
        let sent = unsafe messages.withUnsafeBytes { unsafe Glibc.send(number, $0.baseAddress, $0.count, 0) }
        try Self.check(Int32(sent), "send")
        var answered = 0
        while answered < acknowledgments {
            let answer = unsafe [UInt8](unsafeUninitializedCapacity: 8192) { buffer, used in
                used = max(unsafe recv(number, buffer.baseAddress, buffer.count, 0), 0)
            }
            answered += try Self.count(answer)
        }
    }

    private static func count(_ answer: [UInt8]) throws(SystemError) -> Int {
        var (offset, count) = (0, 0)
        while offset + 20 <= answer.count {
            let word = { (at: Int) in (0..<4).reduce(UInt32(0)) { $0 | UInt32(answer[at + $1]) << (8 * UInt32($1)) } }
            let code = Int32(bitPattern: word(offset + 16))
            if code != 0 { throw SystemError("netlink", code: -code) }
            count += 1
            offset += Int(word(offset) + 3) & ~3
        }
        return count
    }
}

import CLinux
import Glibc

/// A connection between two programs of this machine that carries whole messages, and open files with them.
public struct LocalConnection: ~Copyable, Sendable {
    private let socket: OwnedDescriptor

    /// In octets; more than the kernel takes at once by default is refused.
    public static let largestMessage = 160 << 10

    /// Connects to who listens at a path.
    ///
    /// - Throws: `ENOENT` when there is nothing, `ECONNREFUSED` when who listened there has ended.
    public init(to path: String) throws(SystemError) {
        let socket = try Self.socket()
        let number = socket.number
        let address = try Self.address(path)
        try systemCall("connect to \(path)") {
            unsafe address.withUnsafeBytes { octets in
                unsafe octets.withMemoryRebound(to: sockaddr.self) {
                    unsafe Glibc.connect(number, $0.baseAddress, socklen_t(address.count))
                }
            }
        }
        self.socket = socket
    }

    init(owning socket: consuming OwnedDescriptor) {
        self.socket = socket
    }

    /// Becomes readable when a message has come, and when the other side has gone.
    public var descriptor: Int32 { socket.number }

    /// What came over a connection at once.
    public struct Message: Sendable {
        /// Never empty.
        public var octets: [UInt8]
        public var files: PassedFiles
    }

    /// Sends a message, and waits while the other side is behind.
    ///
    /// - Parameter descriptors: at most four that the other side gets as its own; they stay open here.
    public borrowing func send(_ octets: [UInt8], passing descriptors: [Int32] = []) throws(SystemError) {
        let number = socket.number
        try systemCall("send a message") {
            unsafe octets.withUnsafeBytes { octets in
                unsafe descriptors.withUnsafeBufferPointer { descriptors in
                    unsafe clinux_send_message(
                        number, octets.baseAddress, octets.count, descriptors.baseAddress, Int32(descriptors.count))
                }
            }
        }
    }

    /// Waits for the next message; nil when the other side has gone.
    public borrowing func receive() throws(SystemError) -> Message? {
        var descriptors = [Int32](repeating: -1, count: CLINUX_PASSED)
        var count: Int32 = 0
        let number = socket.number
        var failure: SystemError?
        let octets = unsafe [UInt8](unsafeUninitializedCapacity: Self.largestMessage) { buffer, used in
            do throws(SystemError) {
                used = try systemCall("receive a message") {
                    unsafe clinux_receive_message(number, buffer.baseAddress, buffer.count, &descriptors, &count)
                }
            } catch {
                failure = error
            }
        }
        let files = PassedFiles(Array(descriptors.prefix(Int(count))))
        if let failure {
            if failure.code == ECONNRESET { return nil }
            throw failure
        }
        return octets.isEmpty ? nil : Message(octets: octets, files: files)
    }

    static func socket() throws(SystemError) -> OwnedDescriptor {
        try OwnedDescriptor.socket(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), protocol: 0)
    }

    /// `sockaddr_un`, octet by octet; a path that is too long is `ENAMETOOLONG`.
    static func address(_ path: String) throws(SystemError) -> [UInt8] {
        let octets = unsafe withUnsafeBytes(of: sa_family_t(AF_UNIX)) { unsafe Array($0) } + Array(path.utf8) + [0]
        guard octets.count <= MemoryLayout<sockaddr_un>.size else {
            throw SystemError("socket at \(path)", code: ENAMETOOLONG)
        }
        return octets
    }
}

/// Open files that came with a message; they are closed when the last one who knows this value lets go of it.
public final class PassedFiles: Sendable {
    /// Their numbers here, in the order in which they were passed.
    public let numbers: [Int32]

    init(_ numbers: [Int32]) {
        self.numbers = numbers
    }

    deinit {
        for number in numbers { close(number) }
    }
}

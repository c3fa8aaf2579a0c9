import CLinux
import Glibc

/// A file descriptor that is closed exactly once: when its owner goes.
public struct OwnedDescriptor: ~Copyable, Sendable {
    /// The number, to lend to a call; it must not outlive the owner.
    public let number: Int32

    /// Takes over a descriptor that nobody else closes.
    public init(owning number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// A second descriptor for the same open file.
    public borrowing func duplicate() throws(SystemError) -> OwnedDescriptor {
        OwnedDescriptor(owning: try systemCall("fcntl(F_DUPFD_CLOEXEC)") { fcntl(number, F_DUPFD_CLOEXEC, 3) })
    }

    /// A descriptor for the open file of one that somebody else closes.
    public static func duplicate(of number: Int32) throws(SystemError) -> OwnedDescriptor {
        OwnedDescriptor(owning: try systemCall("fcntl(F_DUPFD_CLOEXEC)") { fcntl(number, F_DUPFD_CLOEXEC, 3) })
    }

    /// Reads what is there now: nil when there is nothing yet, empty at the end.
    public borrowing func read(atMost count: Int = 65536) throws(SystemError) -> [UInt8]? {
        var failure: Int32 = 0
        let octets = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            let length = unsafe Glibc.read(number, buffer.baseAddress, count)
            failure = length < 0 ? errno : 0
            used = max(length, 0)
        }
        switch failure {
        case 0: return octets
        case EAGAIN, EINTR: return nil
        default: throw SystemError("read", code: failure)
        }
    }

    /// Makes reads and writes answer at once, for everyone who shares the open file.
    public borrowing func setNonblocking() throws(SystemError) {
        let flags = try systemCall("fcntl(F_GETFL)") { fcntl(number, F_GETFL) }
        try systemCall("fcntl(F_SETFL)") { fcntl(number, F_SETFL, flags | O_NONBLOCK) }
    }

    /// Writes everything; a descriptor that cannot take more now is an error.
    public borrowing func write(_ octets: [UInt8]) throws(SystemError) {
        var rest = octets[...]
        while !rest.isEmpty {
            let written = try systemCall("write") {
                unsafe rest.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress, $0.count) }
            }
            rest = rest.dropFirst(written)
        }
    }

    /// Names a file without opening it (`O_PATH`).
    public static let pathOnly: Int32 = 0o10000000

    /// Opens a file as it is found below a directory that stands for the root, also for the links on the way.
    ///
    /// - Parameter followingLinks: when false, a symbolic link anywhere on the way is an error (`ELOOP`).
    public static func open(
        _ path: String, below root: borrowing OwnedDescriptor, _ flags: Int32, mode: mode_t = 0,
        followingLinks: Bool
    ) throws(SystemError) -> OwnedDescriptor {
        let root = root.number
        return OwnedDescriptor(
            owning: try systemCall("open \(path)") {
                unsafe clinux_open_in_root(root, path, flags | O_CLOEXEC, mode, followingLinks)
            })
    }

    /// Sets the permission bits of the open file, whatever the umask.
    public borrowing func setMode(_ mode: mode_t) throws(SystemError) {
        try systemCall("fchmod") { fchmod(number, mode) }
    }

    /// Gives the file to a user and a group by their numbers, whatever they are called.
    public borrowing func setOwner(_ owner: UInt32, group: UInt32) throws(SystemError) {
        try systemCall("fchown") { fchown(number, owner, group) }
    }

    /// Opens a file; `mode` counts when it is made.
    public static func open(_ path: String, _ flags: Int32, mode: mode_t = 0) throws(SystemError) -> OwnedDescriptor {
        OwnedDescriptor(
            owning: try systemCall("open \(path)") { unsafe Glibc.open(path, flags | O_CLOEXEC, mode) })
    }
}

/// The two ends of a pipe, closed in programs that are started.
public struct Pipe: ~Copyable, Sendable {
    private var readEnd: OwnedDescriptor?
    private var writeEnd: OwnedDescriptor?

    /// Makes a pipe; with `nonblocking` both ends answer at once.
    public init(nonblocking: Bool = false) throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        try systemCall("pipe2") { unsafe clinux_pipe(&ends, O_CLOEXEC | (nonblocking ? O_NONBLOCK : 0)) }
        readEnd = OwnedDescriptor(owning: ends[0])
        writeEnd = OwnedDescriptor(owning: ends[1])
    }

    /// Hands the end over; it can be taken once.
    public mutating func takeReadEnd() -> OwnedDescriptor {
        guard let end = readEnd.take() else { preconditionFailure("the read end was taken before") }
        return end
    }

    /// Hands the end over; it can be taken once.
    public mutating func takeWriteEnd() -> OwnedDescriptor {
        guard let end = writeEnd.take() else { preconditionFailure("the write end was taken before") }
        return end
    }
}

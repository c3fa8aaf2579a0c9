import Glibc
import LinuxSystem

/// A request that the kernel refused, or that never reached it.
public struct NetlinkError: Error, Hashable, Sendable {
    /// What was asked for, such as `add address 192.168.1.100/24 to eth0`.
    public let request: String
    /// The kernel's reason, as in errno(3).
    public let code: Int32
    /// The kernel's own sentence, where it gave one.
    public let message: String?

    public init(_ request: String, code: Int32, message: String? = nil) {
        self.request = request
        self.code = code
        self.message = message
    }

    init(_ request: String, _ error: SystemError) {
        self.init(request, code: error.code, message: error.call)
    }

    /// The thing is there already.
    public var isAlreadyThere: Bool { code == EEXIST }
    /// The thing, or what it hangs on, is not there.
    public var isNotThere: Bool { [ENOENT, ENODEV, EADDRNOTAVAIL, ESRCH, ENXIO].contains(code) }
}

extension NetlinkError: CustomStringConvertible {
    public var description: String {
        let reason = unsafe String(cString: strerror(code))
        return message.map { "\(request): \(reason) (\($0))" } ?? "\(request): \(reason)"
    }
}

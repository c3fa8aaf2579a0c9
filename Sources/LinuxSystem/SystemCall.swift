import CLinux
import Glibc

/// A system call that the kernel refused.
public struct SystemError: Error, Hashable, Sendable {
    /// What was tried: the call, and on what.
    public let call: String
    /// The kernel's reason, as in errno(3).
    public let code: Int32

    public init(_ call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    /// Takes the reason from this thread's `errno`.
    init(_ call: String) {
        self.init(call, code: errno)
    }
}

extension SystemError: CustomStringConvertible {
    public var description: String {
        "\(call): \(unsafe String(cString: strerror(code)))"
    }
}

/// Makes a system call again while signals interrupt it, and turns -1 into an error that names the call.
@discardableResult
func systemCall<Result: SignedInteger>(
    _ name: @autoclosure () -> String, _ call: () -> Result
) throws(SystemError) -> Result {
    while true {
        let result = call()
        if result != -1 { return result }
        let code = errno
        if code != EINTR { throw SystemError(name(), code: code) }
    }
}

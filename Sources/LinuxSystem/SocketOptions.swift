import CLinux
import Glibc

let closeOnExec = Int32(SOCK_CLOEXEC.rawValue)
let nonblocking = Int32(SOCK_NONBLOCK.rawValue)

/// Sets a socket option whose value is an integer or a structure.
func setOption<Value: BitwiseCopyable>(
    _ socket: Int32, _ level: Int32, _ option: Int32, to value: Value
) throws(SystemError) {
    try systemCall("setsockopt(\(level), \(option))") {
        unsafe withUnsafeBytes(of: value) {
            unsafe setsockopt(socket, level, option, $0.baseAddress, socklen_t($0.count))
        }
    }
}

/// Lends a socket address to a call in the shape that the call wants.
func withSocketAddress<Address: BitwiseCopyable, Result>(
    _ address: Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
) -> Result {
    unsafe withUnsafePointer(to: address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe body($0, socklen_t(MemoryLayout<Address>.size))
        }
    }
}

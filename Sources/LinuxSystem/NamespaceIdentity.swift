import CLinux
import Glibc

extension NamespaceDescriptor {
    /// A number that the kernel gives to no other network namespace until it is booted again (`SO_NETNS_COOKIE`, Linux
    /// 5.14); an inode is given to the next one as soon as it is free.
    public func cookie() throws(SystemError) -> UInt64 {
        try NamespaceBroker.shared.enter(self) { () throws(SystemError) in
            let socket = OwnedDescriptor(
                owning: try systemCall("socket") {
                    Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | closeOnExec, 0)
                })
            var cookie: UInt64 = 0
            var length = socklen_t(MemoryLayout<UInt64>.size)
            try systemCall("getsockopt(SO_NETNS_COOKIE)") {
                unsafe getsockopt(socket.number, SOL_SOCKET, Self.cookieOption, &cookie, &length)
            }
            return cookie
        }
    }

    /// `SO_NETNS_COOKIE`, which older headers do not have.
    private static let cookieOption: Int32 = 71
}

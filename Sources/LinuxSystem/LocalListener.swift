import Glibc

/// A place in the file system where programs of this machine can connect.
public struct LocalListener: ~Copyable, Sendable {
    private let socket: OwnedDescriptor

    /// Listens at a path, in the place of what was there; only who may enter its directory can connect.
    public init(at path: String) throws(SystemError) {
        let socket = try LocalConnection.socket()
        let number = socket.number
        let address = try LocalConnection.address(path)
        FileSystem.remove(path)
        try systemCall("bind to \(path)") {
            unsafe address.withUnsafeBytes { octets in
                unsafe octets.withMemoryRebound(to: sockaddr.self) {
                    unsafe bind(number, $0.baseAddress, socklen_t(address.count))
                }
            }
        }
        try systemCall("listen at \(path)") { listen(number, Self.backlog) }
        self.socket = socket
    }

    private static let backlog: Int32 = 16

    /// Becomes readable when somebody wants to connect.
    public var descriptor: Int32 { socket.number }

    /// Waits for the next who connects.
    public borrowing func accept() throws(SystemError) -> LocalConnection {
        let number = socket.number
        let connection = try systemCall("accept") { Glibc.accept(number, nil, nil) }
        let owned = OwnedDescriptor(owning: connection)
        try systemCall("fcntl(F_SETFD)") { fcntl(owned.number, F_SETFD, FD_CLOEXEC) }
        return LocalConnection(owning: owned)
    }
}

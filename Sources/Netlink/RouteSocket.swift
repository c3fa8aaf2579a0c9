import CMNL
import Glibc
import LinuxSystem

/// A netlink connection to one network namespace: a request is one round trip and either done or an error.
public struct RouteSocket: ~Copyable, Sendable {
    private let socket: MNLSocket
    private var sequence: UInt32 = 0

    /// Connects to a namespace; the socket stays there, and may be used from any thread, one at a time.
    public init(in namespace: borrowing NamespaceDescriptor) throws(NetlinkError) {
        do {
            socket = try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
                try MNLSocket(bus: NETLINK_ROUTE)
            }
        } catch {
            throw NetlinkError("open a route socket", error)
        }
    }

    /// Connects to the calling thread's namespace.
    public init() throws(NetlinkError) {
        do {
            socket = try MNLSocket(bus: NETLINK_ROUTE)
        } catch {
            throw NetlinkError("open a route socket", error)
        }
    }

    /// Asks for one thing and waits for the kernel's word.
    mutating func request<Extra: BitwiseCopyable, Space>(
        _ what: String, type: Int, flags: Int32 = 0, extra: Extra, _ space: Space.Type,
        _ body: (AttributeWriter<Space>) -> Void = { _ in }
    ) throws(NetlinkError) {
        sequence += 1
        var buffer = MessageBuffer()
        buffer.add(type: type, flags: flags | NLM_F_ACK, sequence: sequence, extra: extra, space, body)
        try socket.exchange(buffer, what)
    }

    /// Lists a table. A table that changed meanwhile is read again, so that the answer is of one moment.
    mutating func dump<Extra: BitwiseCopyable>(
        _ what: String, type: Int, extra: Extra
    ) throws(NetlinkError) -> [ReceivedMessage] {
        for _ in 0..<20 {
            sequence += 1
            var buffer = MessageBuffer()
            buffer.add(type: type, flags: NLM_F_DUMP, sequence: sequence, extra: extra, Never.self)
            if let messages = try socket.collect(buffer, sequence, what) { return messages }
        }
        throw NetlinkError(what, code: EINTR, message: "the table changed during each of 20 readings")
    }
}

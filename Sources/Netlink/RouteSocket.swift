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
        sequence &+= 1
        var buffer = MessageBuffer()
        buffer.add(type: type, flags: flags | NLM_F_ACK, sequence: sequence, extra: extra, space, body)
        try socket.exchange(buffer, what)
    }

    /// Asks for many things of one kind with few system calls, and waits for the kernel's word on each.
    ///
    /// - Returns: for each item its refusal, or nil when it was done.
    mutating func requestEach<Item, Extra: BitwiseCopyable, Space>(
        _ items: [Item], type: Int, flags: Int32 = 0, _ space: Space.Type, describe: (Item) -> String,
        extra: (Item) -> Extra, _ body: (Item, AttributeWriter<Space>) -> Void
    ) -> [NetlinkError?] {
        submit(items, describe: describe) { item, buffer, sequence in
            buffer.add(type: type, flags: flags | NLM_F_ACK, sequence: sequence, extra: extra(item), space) {
                body(item, $0)
            }
        }
    }

    /// As `perform`, but tells for each request its refusal, or nil when it was done.
    mutating func submit(_ requests: [RouteRequest]) -> [NetlinkError?] {
        submit(requests, describe: \.description) { request, buffer, sequence in
            request.add(to: &buffer, sequence: sequence)
        }
    }

    private mutating func submit<Item>(
        _ items: [Item], describe: (Item) -> String, _ add: (Item, inout MessageBuffer, UInt32) -> Void
    ) -> [NetlinkError?] {
        var results = [NetlinkError?](repeating: nil, count: items.count)
        for start in stride(from: 0, to: items.count, by: Self.batchSize) {
            let range = start..<min(start + Self.batchSize, items.count)
            let first = sequence &+ 1
            var buffer = MessageBuffer()
            for index in range {
                sequence &+= 1
                add(items[index], &buffer, sequence)
            }
            do throws(NetlinkError) {
                for (number, refusal) in try socket.submit(buffer, describe(items[start])) {
                    let index = start + Int(number &- first)
                    results[index] = NetlinkError(
                        describe(items[index]), code: refusal.code, message: refusal.message)
                }
            } catch {
                for index in range { results[index] = error }
            }
        }
        return results
    }

    /// So that requests fit into one message buffer, and their answers into the socket's.
    private static let batchSize = 100

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

import Glibc
import LinuxSystem
import Wire

extension Node {
    /// Runs a closure inside the node, on a thread of its own: what it connects to, listens on or looks up is this
    /// node's network.
    ///
    /// The closure may block; the task that called does not hold up any other. Sockets that it opens stay in the node
    /// for ever, also after it has returned them.
    ///
    /// It must not start a task, a queue, a `Process` of Foundation, or anything else that keeps threads: a thread
    /// begins in the namespace of the one that started it, and if it belongs to a pool, unrelated work would run in
    /// this node from then on. Where that has happened the call throws. A closure cannot be canceled: give what it
    /// waits for a limit.
    ///
    /// - Parameters:
    ///   - seesFiles: whether it also has the node's files and hostname; the harness's own when false. `/proc` then
    ///     knows only the node's processes, which the closure is none of.
    ///   - body: system calls, and what they need; what it returns may be a socket.
    /// - Returns: what the closure returns.
    /// - Throws: what the closure throws, or `LabError.threadsLeft`.
    public func enter<Value: ~Copyable & Sendable>(
        seesFiles: Bool = false, _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let (handle, kinds): (Int32, NamespaceKinds) =
            seesFiles
            ? (try host().descriptor, [.network, .mount, .hostname, .messages]) : (namespace.number, .network)
        let visit = await withCheckedContinuation { continuation in
            NamespaceVisit(in: handle, kinds, body) { continuation.resume(returning: $0) }
        }
        let value = try visit.take()
        guard visit.threadsLeft == 0 else { throw LabError.threadsLeft(node: name, count: visit.threadsLeft) }
        return value
    }

    /// Opens a socket of the node's, to be used from anywhere: it belongs to the namespace in which it was opened.
    ///
    /// - Parameters: as socket(2), such as `AF_INET` and `Int32(SOCK_STREAM.rawValue)`; it is closed in programs that
    ///   are started.
    public func socket(
        _ domain: Int32, _ type: Int32, protocol number: Int32 = 0
    ) throws(LabError) -> OwnedDescriptor {
        try translated { () throws(SystemError) in
            try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
                try OwnedDescriptor.socket(domain, type, protocol: number)
            }
        }
    }
}

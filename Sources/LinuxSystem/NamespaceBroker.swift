import CLinux
import Glibc
import Synchronization

/// The one thread that enters namespaces: it does what must be done there, hands out descriptors, and comes back.
///
/// A socket belongs for ever to the namespace in which it was opened, so nothing else ever has to stand in one. Work
/// given to the broker is system calls only: a task or queue started from here would carry the namespace away with it.
public final class NamespaceBroker: Sendable {
    public static let shared = NamespaceBroker()

    private let jobs: Mutex<[@Sendable () -> Void]> = Mutex([])
    private let wake: Semaphore

    private init() {
        wake = Semaphore()
        startThread(named: "netns-broker") { [self] in
            while true {
                wake.wait()
                let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
                job?()
            }
        }
    }

    /// Makes a network namespace without a name: it lives as long as somebody holds it.
    public func createNetwork() throws(SystemError) -> NamespaceDescriptor {
        try perform { () throws(SystemError) in
            let home = try OwnedDescriptor.open(Self.ownNetwork, O_RDONLY)
            try systemCall("unshare(CLONE_NEWNET)") { clinux_unshare(NamespaceKinds.network.rawValue) }
            defer { clinux_setns(home.number, NamespaceKinds.network.rawValue) }
            return NamespaceDescriptor(try OwnedDescriptor.open(Self.ownNetwork, O_RDONLY))
        }
    }

    /// Runs system calls with the broker's thread inside a network namespace.
    public func enter<Result: ~Copyable & Sendable>(
        _ namespace: borrowing NamespaceDescriptor, _ body: @escaping @Sendable () throws(SystemError) -> Result
    ) throws(SystemError) -> Result {
        let number = namespace.number
        return try perform { () throws(SystemError) in
            let home = try OwnedDescriptor.open(Self.ownNetwork, O_RDONLY)
            try systemCall("setns") { clinux_setns(number, NamespaceKinds.network.rawValue) }
            defer { clinux_setns(home.number, NamespaceKinds.network.rawValue) }
            return try body()
        }
    }

    private static let ownNetwork = "/proc/thread-self/ns/net"

    /// Has the broker's thread run the work while the caller waits.
    private func perform<Result: ~Copyable & Sendable>(
        _ body: @escaping @Sendable () throws(SystemError) -> Result
    ) throws(SystemError) -> Result {
        let answer = Answer<Result>()
        jobs.withLock { $0.append { answer.settle(body) } }
        wake.signal()
        return try answer.wait()
    }

    /// Where one thread leaves what another waits for.
    private final class Answer<Value: ~Copyable & Sendable>: Sendable {
        private let result = Mutex<Swift.Result<Value, SystemError>?>(nil)
        private let settled = Semaphore()

        func settle(_ body: () throws(SystemError) -> Value) {
            result.withLock { result in
                do throws(SystemError) {
                    result = .success(try body())
                } catch {
                    result = .failure(error)
                }
            }
            settled.signal()
        }

        func wait() throws(SystemError) -> Value {
            settled.wait()
            guard let result = result.withLock({ $0.take() }) else {
                preconditionFailure("the broker settled nothing")
            }
            return try result.get()
        }
    }
}

/// A network namespace, held open.
public struct NamespaceDescriptor: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor

    /// Takes over an open namespace file.
    public init(_ descriptor: consuming OwnedDescriptor) {
        self.descriptor = descriptor
    }

    /// Holds the network namespace of a process.
    public init(ofProcess pid: Int32) throws(SystemError) {
        self.init(try OwnedDescriptor.open("/proc/\(pid)/ns/net", O_RDONLY))
    }

    /// The network namespace of the calling thread.
    public static func current() throws(SystemError) -> NamespaceDescriptor {
        NamespaceDescriptor(try OwnedDescriptor.open("/proc/thread-self/ns/net", O_RDONLY))
    }

    public var number: Int32 { descriptor.number }
}

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
    public func enter<Result: ~Copyable>(
        _ namespace: borrowing NamespaceDescriptor, _ body: @Sendable () throws(SystemError) -> sending Result
    ) throws(SystemError) -> sending Result {
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
    private func perform<Result: ~Copyable>(
        _ body: @Sendable () throws(SystemError) -> sending Result
    ) throws(SystemError) -> sending Result {
        let done = Semaphore()
        nonisolated(unsafe) var result: Swift.Result<Result, SystemError>?
        // The closure does not outlive this call: `done` is awaited below.
        withoutActuallyEscaping(body) { body in
            jobs.withLock { jobs in
                jobs.append {
                    do throws(SystemError) {
                        unsafe result = .success(try body())
                    } catch {
                        unsafe result = .failure(error)
                    }
                    done.signal()
                }
            }
            wake.signal()
            done.wait()
        }
        guard let result = unsafe result.take() else { preconditionFailure("the broker did not answer") }
        return try result.get()
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

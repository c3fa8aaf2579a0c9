import CLinux
import Glibc
import Synchronization

/// The threads that enter namespaces: they do what must be done there, hand out descriptors, and come back.
///
/// A socket belongs for ever to the namespace in which it was opened, so nothing else ever has to stand in one. Work
/// given to the broker is system calls only: a task or queue started from here would carry the namespace away with it.
/// There are a few threads, because making a namespace keeps a processor busy and the kernel makes several at a time.
public final class NamespaceBroker: Sendable {
    public static let shared = NamespaceBroker()

    /// Told where the thread is at home.
    private typealias Job = @Sendable (borrowing Home) -> Void

    private let jobs: Mutex<[Job]> = Mutex([])
    private let wake: Semaphore

    /// Starts a broker's threads, which live as long as the process.
    init(threads: Int = ThisProcess.parallelism) {
        wake = Semaphore()
        for _ in 0..<threads {
            startThread(named: "netns-broker") { [self] in
                let home = Home()
                while true {
                    wake.wait()
                    let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
                    job?(home)
                }
            }
        }
    }

    /// Makes a network namespace without a name: it lives as long as somebody holds it.
    public func createNetwork() throws(SystemError) -> NamespaceDescriptor {
        try createNetwork { () throws(SystemError) in try .current() }
    }

    /// Makes a network namespace and runs system calls in it before anybody else can; it lives on in the descriptors
    /// that they leave.
    public func createNetwork<Result: ~Copyable & Sendable>(
        _ body: @escaping @Sendable () throws(SystemError) -> Result
    ) throws(SystemError) -> Result {
        try perform { home throws(SystemError) in
            try home.leave { () throws(SystemError) in
                try systemCall("unshare(CLONE_NEWNET)") { clinux_unshare(NamespaceKinds.network.rawValue) }
                return try body()
            }
        }
    }

    /// Runs system calls with one of the broker's threads inside a network namespace.
    public func enter<Result: ~Copyable & Sendable>(
        _ namespace: borrowing NamespaceDescriptor, _ body: @escaping @Sendable () throws(SystemError) -> Result
    ) throws(SystemError) -> Result {
        let number = namespace.number
        return try perform { home throws(SystemError) in
            try home.leave { () throws(SystemError) in
                try systemCall("setns") { clinux_setns(number, NamespaceKinds.network.rawValue) }
                return try body()
            }
        }
    }

    /// The namespace that a thread belongs to.
    private struct Home: ~Copyable {
        /// Opened once; an error until then is the error of every job.
        private let namespace = Result { () throws(SystemError) in try NamespaceDescriptor.current() }

        /// Runs a body that goes elsewhere, and comes back.
        borrowing func leave<Result: ~Copyable>(
            _ body: () throws(SystemError) -> Result
        ) throws(SystemError) -> Result {
            let number: Int32
            switch namespace {
            case .success(let home): number = home.number
            case .failure(let error): throw error
            }
            defer { clinux_setns(number, NamespaceKinds.network.rawValue) }
            return try body()
        }
    }

    /// Has one of the threads run the work while the caller waits.
    private func perform<Result: ~Copyable & Sendable>(
        _ body: @escaping @Sendable (borrowing Home) throws(SystemError) -> Result
    ) throws(SystemError) -> Result {
        let answer = Answer<Result>()
        jobs.withLock { $0.append { home in answer.settle { () throws(SystemError) in try body(home) } } }
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

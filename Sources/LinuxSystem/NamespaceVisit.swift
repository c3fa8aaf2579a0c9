import CLinux
import Glibc
import Synchronization

/// Work that a thread of its own does inside other namespaces, so that it may block, and call any library.
///
/// The thread ends with the work and so never has to come back. A thread that the work starts begins in the same
/// namespace, and goes on there: pools of threads, as those of tasks and queues, would be spoiled for the whole
/// process. What is left behind is counted.
public final class NamespaceVisit<Value: ~Copyable & Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let left = Mutex(0)

    /// Starts the visit.
    ///
    /// - Parameters:
    ///   - handle: a pidfd, or a namespace file when only its own kind is entered; it must stay open until the end.
    ///   - kinds: with `.mount`, the work sees the other's files instead of the caller's.
    ///   - finished: called on a thread outside when the result can be taken.
    @discardableResult
    public init(
        in handle: Int32, _ kinds: NamespaceKinds, _ work: @escaping @Sendable () throws -> Value,
        finished: @escaping @Sendable (NamespaceVisit) -> Void
    ) {
        // Who is told of the end goes on, and may need a new thread for that: it must not begin where the visit was.
        startThread(named: "netns-visit") { [self] in
            let ended = Latch()
            startThread(named: "netns-visitor") { [self] in
                let number = FileSystem.target(ofLink: "/proc/thread-self")?.split(separator: "/").last.map(String.init)
                let threads = Set(FileSystem.names(in: "/proc/self/task"))
                visitors.withLock { $0 = $0.intersection(threads).union([number ?? ""]) }
                visit(handle, kinds, work)
                ended.open()
            }
            ended.wait()
            finished(self)
        }
    }

    private func visit(_ handle: Int32, _ kinds: NamespaceKinds, _ work: () throws -> Value) {
        do {
            let place = try VisitedPlace(entering: handle, kinds)
            result.withLock { result in
                do {
                    result = .success(try work())
                } catch {
                    result = .failure(error)
                }
            }
            let count = place.threadsLeft
            left.withLock { $0 = count }
        } catch {
            result.withLock { $0 = .failure(error) }
        }
    }

    /// How many threads the work has started that were still in its network namespace when it had ended.
    public var threadsLeft: Int { left.withLock { $0 } }

    /// What the work came to; to be taken once, after the end.
    public func take() throws -> Value {
        guard let result = result.withLock({ $0.take() }) else { preconditionFailure("the visit has not ended") }
        return try result.get()
    }
}

/// Threads of visits, by their numbers in the kernel. They stay in their places until they have ended, a moment after
/// their visits; those that have are taken out by the next one.
private let visitors: Mutex<Set<String>> = Mutex([])

/// What a visitor remembers of where it came from.
private struct VisitedPlace: ~Copyable {
    private let home: OwnedDescriptor?
    private let threads: Set<String>
    private let network: String?

    private static let tasks = "/proc/self/task"

    init(entering handle: Int32, _ kinds: NamespaceKinds) throws(SystemError) {
        try systemCall("setns") { clinux_setns(handle, kinds.subtracting(.mount).rawValue) }
        // Before the mounts are another's: there /proc knows nothing of this process.
        let threads = Set(FileSystem.names(in: Self.tasks))
        let network = FileSystem.target(ofLink: "/proc/thread-self/ns/net")
        let home = try kinds.contains(.mount) ? Self.changeMounts(handle) : nil
        self.home = home
        self.threads = threads
        self.network = network
    }

    /// Enters the other's mounts, and returns the way back.
    private static func changeMounts(_ handle: Int32) throws(SystemError) -> OwnedDescriptor {
        let home = try OwnedDescriptor.open("/proc/thread-self/ns/mnt", O_RDONLY)
        // Threads share their directories, and whoever does cannot enter another's mounts.
        try systemCall("unshare(CLONE_FS)") { clinux_unshare(CLONE_FS) }
        try systemCall("setns") { clinux_setns(handle, NamespaceKinds.mount.rawValue) }
        return home
    }

    /// Threads that were not there before, stand in the same network, and are no visitors themselves.
    var threadsLeft: Int {
        switch home {
        case .some(let home): clinux_setns(home.number, NamespaceKinds.mount.rawValue)
        case .none: break
        }
        let fresh = FileSystem.names(in: Self.tasks).filter { !threads.contains($0) }
        let suspects = fresh.filter { FileSystem.target(ofLink: "\(Self.tasks)/\($0)/ns/net") == network }
        return visitors.withLock { visitors in suspects.count { !visitors.contains($0) } }
    }
}

extension OwnedDescriptor {
    /// Opens a socket in the calling thread's network namespace; as socket(2), and closed in programs that are started.
    public static func socket(_ domain: Int32, _ type: Int32, protocol number: Int32) throws(SystemError) -> Self {
        OwnedDescriptor(
            owning: try systemCall("socket(\(domain), \(type))") { Glibc.socket(domain, type | closeOnExec, number) })
    }
}

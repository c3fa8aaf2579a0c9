import CLinux
import Glibc
import Synchronization

/// Starts a thread that is never joined; it ends with its body.
public func startThread(named name: String, _ body: @escaping @Sendable () -> Void) {
    let box = unsafe Unmanaged.passRetained(ThreadBody(name, body))
    var thread = pthread_t()
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let code = unsafe pthread_create(&thread, &attributes, runThreadBody, box.toOpaque())
    unsafe pthread_attr_destroy(&attributes)
    precondition(code == 0, "pthread_create for \(name): error \(code)")
}

/// Runs a body for each number of 0..<count on several threads, the caller's among them, and returns when all are done.
///
/// - Throws: the first error; numbers that nobody has begun with by then are left out.
public func concurrently<Failure: Error>(
    _ count: Int, _ body: @escaping @Sendable (Int) throws(Failure) -> Void
) throws(Failure) {
    let work = Work(count, body)
    let others = min(ThisProcess.parallelism, count) - 1
    for _ in 0..<max(others, 0) {
        startThread(named: "lab-worker") {
            work.run()
            work.done.signal()
        }
    }
    work.run()
    for _ in 0..<max(others, 0) { work.done.wait() }
    if let failure = work.failure { throw failure }
}

/// Numbers that several threads take one after another.
private final class Work<Failure: Error>: Sendable {
    private struct Progress {
        var next = 0
        var failure: Failure?
    }

    let done = Semaphore()
    private let count: Int
    private let body: @Sendable (Int) throws(Failure) -> Void
    private let progress = Mutex(Progress())

    init(_ count: Int, _ body: @escaping @Sendable (Int) throws(Failure) -> Void) {
        self.count = count
        self.body = body
    }

    var failure: Failure? { progress.withLock { $0.failure } }

    /// Takes numbers until there are none, or until one has failed.
    func run() {
        while let number = take() {
            do throws(Failure) {
                try body(number)
            } catch {
                progress.withLock { $0.failure = $0.failure ?? error }
            }
        }
    }

    private func take() -> Int? {
        progress.withLock { progress in
            guard progress.next < count, progress.failure == nil else { return nil }
            defer { progress.next += 1 }
            return progress.next
        }
    }
}

private final class ThreadBody: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(_ name: String, _ body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }
}

private func runThreadBody(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument = unsafe argument else { return nil }
    let thread = unsafe Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue()
    unsafe clinux_name_thread(thread.name)
    thread.body()
    return nil
}

/// Lets one thread wait for another.
@safe final class Semaphore: @unchecked Sendable {
    // Shared with the kernel by address, so it lives on the heap and never moves.
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() {
        unsafe sem_init(semaphore, 0, 0)
    }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    func signal() {
        unsafe sem_post(semaphore)
    }

    func wait() {
        while unsafe sem_wait(semaphore) == -1 && errno == EINTR {}
    }
}

import CLinux
import Glibc

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

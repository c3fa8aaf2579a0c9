/// A gate that one thread opens once and others wait before; it stays open.
public final class Latch: Sendable {
    private let semaphore = Semaphore()

    public init() {}

    /// Lets everyone pass from now on; opening it again changes nothing.
    public func open() {
        semaphore.signal()
    }

    /// Returns at once when the gate is open; blocks the thread otherwise.
    public func wait() {
        semaphore.wait()
        semaphore.signal()
    }
}

import LinuxSystem

/// A wakeup that two threads know.
final class Doorbell: Sendable {
    private let wakeup: Wakeup

    init() throws(SystemError) { wakeup = try Wakeup() }

    var descriptor: Int32 { wakeup.descriptor }
    func signal() { wakeup.signal() }
    func clear() { wakeup.clear() }
}

import Synchronization

/// A number that threads share and that may not be there yet.
final class Number: Sendable {
    private let storage = Mutex<Int32?>(nil)

    var value: Int32? {
        get { storage.withLock { $0 } }
        set { storage.withLock { $0 = newValue } }
    }
}

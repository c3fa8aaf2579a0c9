import Glibc
import LinuxSystem

/// A file without a name that takes up what is left of a file system, and goes with whoever holds it.
final class Ballast: Sendable {
    private let file: OwnedDescriptor

    init(in root: borrowing OwnedDescriptor) throws(SystemError) {
        file = try OwnedDescriptor.open(".", below: root, OwnedDescriptor.unnamed | O_RDWR, followingLinks: true)
    }

    /// Takes block after block until there is none.
    func grow(by blockSize: Int) throws(SystemError) {
        let block = [UInt8](repeating: 0, count: blockSize)
        while true {
            do throws(SystemError) {
                try file.write(block)
            } catch let error where error.code == ENOSPC {
                return
            }
        }
    }
}

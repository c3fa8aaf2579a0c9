import CLinux
import Glibc

/// Tells when something in a directory was written, made, moved, removed or given other rights (`inotify(7)`).
public struct DirectoryMonitor: ~Copyable, Sendable {
    private let source: OwnedDescriptor

    public init() throws(SystemError) {
        source = OwnedDescriptor(
            owning: try systemCall("inotify_init1") { inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK)) })
    }

    /// Readable when something happened.
    public var descriptor: Int32 { source.number }

    /// Watches a directory, or goes on doing so; not the directories in it.
    public borrowing func watch(_ directory: String) throws(SystemError) {
        let events =
            IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF
            | IN_MOVE_SELF | IN_ONLYDIR
        let number = source.number
        try systemCall("inotify_add_watch \(directory)") {
            unsafe inotify_add_watch(number, directory, UInt32(events))
        }
    }

    /// Forgets what happened: whoever asks looks at the files themselves.
    public borrowing func clear() {
        for _ in 0..<64 {
            guard let octets = try? source.read(), !octets.isEmpty else { return }
        }
    }
}

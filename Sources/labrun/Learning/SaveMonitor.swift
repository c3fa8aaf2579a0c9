import Glibc
import LinuxSystem
import Wire

/// Tells when somebody saves a file or presses a key.
///
/// inotify is quick, but says nothing of what other machines and some containers' mounts do; so the files are looked at
/// once a second as well.
final class SaveMonitor: Sendable {
    enum Event: Hashable, Sendable {
        /// Files differ from what they were, and have been quiet since.
        case saved
        case key(Character)
    }

    /// An editor writes a file in several steps.
    private static let calm: Duration = .milliseconds(150)
    private static let period: Duration = .seconds(1)
    private static let changes: EventLoop.Token = 0
    private static let keys: EventLoop.Token = 1
    private static let end: EventLoop.Token = 2

    let events: AsyncStream<Event>
    private let continuation: AsyncStream<Event>.Continuation
    private let directories: [String]
    private let wakeup: Wakeup

    /// - Parameter takesKeys: whether the standard input is a terminal for this purpose; it gives keys at once then.
    init(directories: [String], takesKeys: Bool) throws(SystemError) {
        self.directories = directories
        wakeup = try Wakeup()
        (events, continuation) = AsyncStream.makeStream()
        let loop = try EventLoop()
        let monitor = try DirectoryMonitor()
        try loop.watch(monitor.descriptor, as: Self.changes)
        try loop.watch(wakeup.descriptor, as: Self.end)
        if takesKeys {
            TerminalMode(of: STDIN_FILENO)?.makeImmediate()
            try loop.watch(STDIN_FILENO, as: Self.keys)
        }
        startThread(named: "saves") { [self] in
            watch(loop, monitor)
            continuation.finish()
        }
    }

    func stop() { wakeup.signal() }

    private func watch(_ loop: borrowing EventLoop, _ monitor: borrowing DirectoryMonitor) {
        var seen = snapshot()
        // What was saved before this moment is in the snapshot and would never differ from it.
        continuation.yield(.saved)
        var quietAt: Instant?
        while true {
            // A directory that is made, or replaced, later is watched from then on.
            for directory in directories { try? monitor.watch(directory) }
            let deadline = quietAt ?? MonotonicClock.now + Self.period
            guard let tokens = try? loop.wait(until: deadline), !tokens.contains(Self.end) else { return }
            if tokens.contains(Self.changes) { monitor.clear() }
            if tokens.contains(Self.keys) { readKeys(loop) }
            let present = snapshot()
            if present != seen {
                seen = present
                quietAt = MonotonicClock.now + Self.calm
            } else if let due = quietAt, MonotonicClock.now >= due {
                quietAt = nil
                continuation.yield(.saved)
            }
        }
    }

    private func readKeys(_ loop: borrowing EventLoop) {
        var octets = [UInt8](repeating: 0, count: 64)
        let count = unsafe read(STDIN_FILENO, &octets, octets.count)
        guard count > 0 else {
            // Whoever typed is gone; saves still count.
            loop.unwatch(STDIN_FILENO)
            return
        }
        for octet in octets.prefix(count) { continuation.yield(.key(Character(UnicodeScalar(octet)))) }
    }

    /// Every file of the directories, as far as it can be told that it is another.
    private func snapshot() -> [String: FileStamp] {
        directories.reduce(into: [:]) { stamps, directory in
            for name in FileSystem.names(in: directory) {
                stamps["\(directory)/\(name)"] = FileSystem.stamp(of: "\(directory)/\(name)")
            }
        }
    }
}

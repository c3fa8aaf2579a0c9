import CLinux
import Glibc

/// Whether a descriptor would answer at once, without changing it for others who share it.
public enum Readiness {
    /// True when there is something, or when reading would fail or end at once.
    public static func canRead(_ descriptor: Int32) -> Bool { poll(descriptor, Int16(POLLIN)) }

    /// True when at least a page fits, or when writing would fail at once.
    public static func canWrite(_ descriptor: Int32) -> Bool { poll(descriptor, Int16(POLLOUT)) }

    private static func poll(_ descriptor: Int32, _ events: Int16) -> Bool {
        var request = pollfd(fd: descriptor, events: events, revents: 0)
        return unsafe Glibc.poll(&request, 1, 0) > 0
    }
}

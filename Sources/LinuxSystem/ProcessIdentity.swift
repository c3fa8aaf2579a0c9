import Glibc

/// A process as the machine knows it: its number, and when it started, because numbers are used again.
public struct ProcessIdentity: Hashable, Sendable {
    public var pid: Int32
    /// Since the machine was booted, in hundredths of a second (`/proc/PID/stat`, field 22).
    public var start: UInt64
    /// Its name, at most 15 octets.
    public var name: String
    /// The process that must collect it.
    public var parent: Int32
    /// It is dead, and nobody has collected it yet.
    public var isZombie: Bool

    /// Looks a process up; nil when there is none of that number.
    public init?(_ pid: Int32) {
        guard let octets = try? FileSystem.readSystemFile("/proc/\(pid)/stat") else { return nil }
        let text = String(decoding: octets, as: UTF8.self)
        // The name stands in parentheses and may have some of its own.
        guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")") else { return nil }
        let words = text[text.index(after: close)...].split(separator: " ")
        guard words.count > 19, let parent = Int32(words[1]), let start = UInt64(words[19]) else { return nil }
        self.pid = pid
        self.start = start
        self.parent = parent
        name = String(text[text.index(after: open)..<close])
        isZombie = words[0] == "Z"
    }

    /// Whether it is still there, dead or alive.
    public var isPresent: Bool { ProcessIdentity(pid)?.start == start }

    /// The numbers of all processes that this one can see.
    public static var allNumbers: [Int32] { FileSystem.names(in: "/proc").compactMap { Int32($0) } }
}

extension FileSystem {
    /// The lines of one of the kernel's files, of any length; none when it cannot be read.
    public static func systemLines(of path: String) -> [Substring] {
        guard let file = try? OwnedDescriptor.open(path, O_RDONLY | O_NOCTTY) else { return [] }
        var octets: [UInt8] = []
        while let part = try? file.read(), !part.isEmpty { octets += part }
        return String(decoding: octets, as: UTF8.self).split(separator: "\n")
    }
}

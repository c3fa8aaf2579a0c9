import CLinux
import Glibc

/// A named pipe that takes what is written whether somebody reads or not, and never makes the writer wait.
public struct NamedPipe: ~Copyable, Sendable {
    private let path: String
    private let file: OwnedDescriptor
    /// Removed with its owner.
    private let isOurs: Bool

    /// Makes the pipe, readable by everyone and writable by its owner, or takes one that is there.
    ///
    /// Anything else at the path is refused, a symbolic link too.
    public init(at path: String, owner: UserAccount?) throws(SystemError) {
        let code = unsafe mkfifo(path, 0o600) == 0 ? 0 : errno
        if code != 0, code != EEXIST { throw SystemError("mkfifo \(path)", code: code) }
        do {
            file = try Self.opened(path, isNew: code == 0, owner)
        } catch {
            if code == 0 { unsafe unlink(path) }
            throw error
        }
        self.path = path
        isOurs = code == 0
    }

    private static func opened(
        _ path: String, isNew: Bool, _ owner: UserAccount?
    ) throws(SystemError) -> OwnedDescriptor {
        let file = try open(path)
        guard isNew else { return file }
        let number = file.number
        if let owner { try systemCall("chown \(path)") { fchown(number, owner.user, owner.group) } }
        try file.setMode(0o644)
        return file
    }

    /// First looks at what is there, then opens exactly that: opening a device would have effects.
    private static func open(_ path: String) throws(SystemError) -> OwnedDescriptor {
        let found = try OwnedDescriptor.open(path, OwnedDescriptor.pathOnly | O_NOFOLLOW)
        guard try found.status().st_mode & S_IFMT == S_IFIFO else {
            throw SystemError("\(path) is not a named pipe", code: EEXIST)
        }
        // With an end for reading of our own, a pipe without readers takes lines too.
        return try OwnedDescriptor.open("/proc/self/fd/\(found.number)", O_RDWR | O_NONBLOCK)
    }

    /// Writes a text of less than a page whole or, when it does not fit, not at all: then it returns false.
    public borrowing func write(_ text: String) -> Bool {
        (try? file.write(Array(text.utf8))) != nil
    }

    deinit {
        var (mine, present) = (stat(), stat())
        guard isOurs, unsafe fstat(file.number, &mine) == 0, unsafe lstat(path, &present) == 0,
            mine.st_dev == present.st_dev, mine.st_ino == present.st_ino
        else { return }
        unsafe unlink(path)
    }
}

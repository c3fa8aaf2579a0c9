import Glibc
import LinuxSystem
import Testing

@Suite("Connections between programs of one machine") struct LocalConnectionTests {
    @Test("Messages arrive whole and in order, with the files that were passed, until the other side goes")
    func messages() throws {
        let path = "/tmp/netnskit-local-\(getpid())-1"
        let listener = try LocalListener(at: path)
        defer { FileSystem.remove(path) }
        var pipe = try Pipe()
        let readEnd = pipe.takeReadEnd()
        try send([[1], [2, 3]], to: path, passing: pipe.takeWriteEnd())
        let server = try listener.accept()
        let first = try #require(try server.receive())
        #expect(first.octets == [1])
        let second = try #require(try server.receive())
        #expect(second.octets == [2, 3])
        #expect(first.files.numbers.count == 1)
        #expect(second.files.numbers.isEmpty)
        // The sender's own is closed by now.
        try OwnedDescriptor.duplicate(of: try #require(first.files.numbers.first)).write([7])
        #expect(try readEnd.read() == [7])
        #expect(try server.receive() == nil)
    }

    private func send(_ messages: [[UInt8]], to path: String, passing file: consuming OwnedDescriptor) throws {
        let client = try LocalConnection(to: path)
        for (number, message) in messages.enumerated() {
            try client.send(message, passing: number == 0 ? [file.number] : [])
        }
    }

    @Test("A place where nobody listens any more refuses, and one that never was is absent")
    func absence() throws {
        let path = "/tmp/netnskit-local-\(getpid())-2"
        do { _ = try LocalListener(at: path) }
        defer { FileSystem.remove(path) }
        let refused = #expect(throws: SystemError.self) { _ = try LocalConnection(to: path) }
        #expect(refused?.code == ECONNREFUSED)
        let absent = #expect(throws: SystemError.self) { _ = try LocalConnection(to: path + "-3") }
        #expect(absent?.code == ENOENT)
    }

    @Test("A path that no socket can have is an error, and not cut")
    func longPath() {
        let path = "/tmp/" + String(repeating: "x", count: 120)
        let error = #expect(throws: SystemError.self) { _ = try LocalListener(at: path) }
        #expect(error?.code == ENAMETOOLONG)
    }

    @Test("A lock is held while its owner lives, and a file alone is no lock")
    func locks() throws {
        let path = "/tmp/netnskit-lock-\(getpid())"
        #expect(!LockedFile.isHeld(path))
        do {
            guard let lock = try LockedFile(claiming: path) else {
                Issue.record("somebody else holds the lock")
                return
            }
            #expect(LockedFile.isHeld(path))
            withExtendedLifetime(lock) {}
        }
        try FileSystem.write(path, [], mode: 0o600)
        #expect(!LockedFile.isHeld(path))
        FileSystem.remove(path)
    }

    @Test("A private directory is made for its owner alone, and nothing else is taken for one")
    func privateDirectory() throws {
        let path = "/tmp/netnskit-private-\(getpid())"
        defer { unsafe rmdir(path) }
        let made = unsafe mkdir(path, 0o755)
        #expect(made == 0)
        try FileSystem.makePrivateDirectory(path)
        #expect(FileSystem.way(to: path)?.last.map { $0.mode & 0o777 } == 0o700)
        let link = path + "-link"
        try FileSystem.link(link, to: path)
        defer { FileSystem.remove(link) }
        let error = #expect(throws: SystemError.self) { try FileSystem.makePrivateDirectory(link) }
        #expect(error?.code == ENOTDIR)
    }
}

import Glibc
import LinuxSystem
import Testing

@Suite("How programs stand with the kernel")
struct ProcessStandingTests {
    /// What a shell says of itself, started with a standing.
    private static func report(_ standing: ProcessStanding?) throws -> [Substring] {
        var pipe = try Pipe()
        let reader = pipe.takeReadEnd()
        let writer = pipe.takeWriteEnd()
        var request = ProgramRequest("/bin/sh", ["sh", "-c", "nice; ulimit -Sn; umask"])
        request.descriptors = [nil, writer.number, nil]
        request.standing = standing
        let process = try ChildProcess(request)
        _ = try process.collect(blocking: true)
        let text = String(decoding: try reader.read() ?? [], as: UTF8.self)
        _ = consume writer
        return text.split(separator: "\n")
    }

    @Test("A program that is started with an earlier standing does not notice what its parent asked for since")
    func earlierStanding() async throws {
        let reports = try await onOwnThread {
            let before = try Self.report(nil)
            let standing = ProcessStanding.current
            // Of this thread alone; it ends with the test.
            try ThisProcess.setNiceness(5)
            return (before, try Self.report(nil), try Self.report(standing))
        }
        #expect(reports.0.first == "0")
        #expect(reports.1.first == "5")
        #expect(reports.2 == reports.0)
    }

    @Test("A limit for open files that is high enough is left alone")
    func openFiles() throws {
        let before = try Self.report(nil)[1]
        try ThisProcess.allowOpenFiles(1)
        #expect(try Self.report(nil)[1] == before)
    }
}

@Suite("Looking up names")
struct NameLookupTests {
    private func addresses(of name: String) throws -> [String] {
        let lookup = try NameLookup(name)
        let loop = try EventLoop()
        try loop.watch(lookup.descriptor, as: 3)
        #expect(try loop.wait(until: nil) == [3])
        return try #require(lookup.addresses).map { "\($0)" }
    }

    @Test("A name becomes its addresses, a number stays what it is, and nonsense is nothing")
    func names() throws {
        #expect(try addresses(of: "192.0.2.7") == ["192.0.2.7"])
        #expect(try addresses(of: "2001:db8::7") == ["2001:db8::7"])
        let local = try addresses(of: "localhost")
        #expect(local.contains("127.0.0.1") || local.contains("::1"))
        #expect(try addresses(of: "no-such-host.invalid") == [])
    }
}

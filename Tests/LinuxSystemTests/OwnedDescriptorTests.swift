import Glibc
import LinuxSystem
import Testing
import Wire

@Suite struct OwnedDescriptorTests {
    @Test("What was written into a pipe comes out of it, then nothing yet, then the end")
    func pipe() throws {
        var pipe = try Pipe(nonblocking: true)
        let readEnd = pipe.takeReadEnd()
        let writeEnd = pipe.takeWriteEnd()
        try writeEnd.write([1, 2, 3])
        #expect(try readEnd.read() == [1, 2, 3])
        #expect(try readEnd.read() == nil)
        _ = consume writeEnd
        #expect(try readEnd.read() == [])
    }

    @Test("A pipe ends with the last of its writers, not with the first")
    func duplicates() throws {
        var pipe = try Pipe(nonblocking: true)
        let readEnd = pipe.takeReadEnd()
        let first = pipe.takeWriteEnd()
        let second = try first.duplicate()
        _ = consume first
        #expect(try readEnd.read() == nil)
        _ = consume second
        #expect(try readEnd.read() == [])
    }

    @Test("A read brings at most what was asked for and leaves the rest")
    func shortReads() throws {
        var pipe = try Pipe()
        let readEnd = pipe.takeReadEnd()
        try pipe.takeWriteEnd().write([1, 2, 3])
        #expect(try readEnd.read(atMost: 2) == [1, 2])
        #expect(try readEnd.read() == [3])
    }

    @Test("Writing more than a nonblocking pipe holds is an error, not a wait")
    func fullPipe() throws {
        var pipe = try Pipe(nonblocking: true)
        let readEnd = pipe.takeReadEnd()
        let writeEnd = pipe.takeWriteEnd()
        #expect(throws: SystemError("write", code: EAGAIN)) {
            try writeEnd.write([UInt8](repeating: 0, count: 1 << 20))
        }
        #expect(try readEnd.read() != nil)
    }

    @Test("A descriptor can be made nonblocking later")
    func nonblocking() throws {
        var pipe = try Pipe()
        let readEnd = pipe.takeReadEnd()
        let writeEnd = pipe.takeWriteEnd()
        try readEnd.setNonblocking()
        #expect(try readEnd.read() == nil)
        try writeEnd.write([9])
        #expect(try readEnd.read() == [9])
    }

    @Test("A file that cannot be opened is an error that names it")
    func missingFile() {
        let error = SystemError("open /nowhere/file", code: ENOENT)
        #expect(throws: error) { _ = try OwnedDescriptor.open("/nowhere/file", O_RDONLY) }
        #expect("\(error)" == "open /nowhere/file: No such file or directory")
    }

    @Test("Two clocks are brought to one within a second, and time never goes back")
    func clocks() {
        let first = MonotonicClock.now
        let wall = first.nanoseconds + MonotonicClock.offsetToRealTime
        let second = MonotonicClock.now
        #expect(first <= second)
        #expect(abs(wall / 1_000_000_000 - Int64(time(nil))) <= 1)
    }
}

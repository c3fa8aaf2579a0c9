import KeepalivedConfiguration
import LinuxSystem
import Testing
import VRRPCore

@testable import VRRPDaemon

@Suite("Tracked files")
struct TrackedFileTests {
    @Test(
        "A file holds the number that C's strtol finds in it",
        arguments: [
            ("7", 7), ("-12\n", -12), (" \t+5 apples", 5), ("0x10", 16), ("010", 8), ("", 0), ("apples", 0),
            ("-", 0), ("0x", 0), ("08", 0), ("1073741823", 1_073_741_823),
        ])
    func number(text: String, value: Int) {
        #expect(TrackedNumber(Array(text.utf8))?.value == value)
    }

    @Test("A number beyond all reason is none", arguments: ["1073741824", "-9999999999999999999999", "0xffffffffff"])
    func unreasonable(text: String) {
        #expect(TrackedNumber(Array(text.utf8)) == nil)
    }

    private func write(_ text: String, to path: String) throws {
        try FileSystem.replace(path, with: Array(text.utf8), mode: 0o644)
    }

    @Test("A file that is not there counts as 0; it may come, change, be replaced and go, and each time it is heard")
    func life() throws {
        try withTemporaryDirectory { directory in
            let loop = try EventLoop()
            var files = TrackedFiles()
            let path = "\(directory)/weight"
            let first = files.adopt([TrackFile(name: "f", path: path)], loop)
            #expect(first.events == [.fileValue(name: "f", 0)])
            try write("12", to: path)
            #expect(try loop.wait(until: nil) == [EventSource.trackedFiles.token])
            #expect(files.look().events == [.fileValue(name: "f", 12)])
            #expect(files.look().events == [])
            try FileSystem.write(path, Array("-3\n".utf8), mode: 0o644)
            #expect(try loop.wait(until: nil) == [EventSource.trackedFiles.token])
            #expect(files.look().events == [.fileValue(name: "f", -3)])
            _ = try ChildProcess(ProgramRequest("/bin/rm", ["rm", path])).collect(blocking: true)
            #expect(try loop.wait(until: nil) == [EventSource.trackedFiles.token])
            #expect(files.look().events == [.fileValue(name: "f", 0)])
        }
    }

    @Test("A directory that is not there is waited for, and one that goes with its file makes it 0")
    func missingDirectory() throws {
        try withTemporaryDirectory { directory in
            let loop = try EventLoop()
            var files = TrackedFiles()
            let path = "\(directory)/a/b/weight"
            _ = files.adopt([TrackFile(name: "f", path: path)], loop)
            try FileSystem.makeDirectories("\(directory)/a")
            #expect(try loop.wait(until: nil) == [EventSource.trackedFiles.token])
            #expect(files.look().events == [])
            try FileSystem.makeDirectories("\(directory)/a/b")
            #expect(try loop.wait(until: nil) == [EventSource.trackedFiles.token])
            _ = files.look()
            try write("5", to: path)
            #expect(try loop.wait(until: nil) == [EventSource.trackedFiles.token])
            #expect(files.look().events == [.fileValue(name: "f", 5)])
            _ = try ChildProcess(ProgramRequest("/bin/rm", ["rm", "-r", "\(directory)/a"])).collect(blocking: true)
            #expect(try loop.wait(until: nil) == [EventSource.trackedFiles.token])
            #expect(files.look().events == [.fileValue(name: "f", 0)])
        }
    }

    @Test("What cannot be a number's file counts as 0, and is said once")
    func directoryInPlace() throws {
        try withTemporaryDirectory { directory in
            let loop = try EventLoop()
            var files = TrackedFiles()
            let outcome = files.adopt([TrackFile(name: "f", path: directory)], loop)
            #expect(outcome.events == [.fileValue(name: "f", 0)])
            #expect(outcome.log.map(\.text) == ["Track file f counts as 0: read \(directory): Is a directory"])
            #expect(files.look().log == [])
        }
    }

    @Test("A number beyond all reason leaves the value as it was, with a word")
    func tooLarge() throws {
        try withTemporaryDirectory { directory in
            let loop = try EventLoop()
            var files = TrackedFiles()
            let path = "\(directory)/weight"
            try write("7", to: path)
            _ = files.adopt([TrackFile(name: "f", path: path)], loop)
            try write("99999999999", to: path)
            let outcome = files.look()
            #expect(outcome.events == [])
            #expect(outcome.log.map(\.text) == ["Track file f holds a number that is too large - ignoring it"])
            #expect(files.values == ["f": 7])
        }
    }

    @Test("A value for the start is written where there is no file, and into a file only when told to")
    func initialValue() throws {
        try withTemporaryDirectory { directory in
            let loop = try EventLoop()
            var files = TrackedFiles()
            try write("9", to: "\(directory)/kept")
            try write("9", to: "\(directory)/overwritten")
            let outcome = files.adopt(
                [
                    TrackFile(name: "new", path: "\(directory)/new", initialValue: 3),
                    TrackFile(name: "kept", path: "\(directory)/kept", initialValue: 3),
                    TrackFile(
                        name: "overwritten", path: "\(directory)/overwritten", initialValue: 3, overwrites: true),
                ], loop)
            #expect(
                outcome.events == [
                    .fileValue(name: "new", 3), .fileValue(name: "kept", 9), .fileValue(name: "overwritten", 3),
                ])
            #expect(try contents(of: "\(directory)/new") == "3\n")
            #expect(try contents(of: "\(directory)/kept") == "9")
        }
    }

    @Test("A reload keeps the values that are known, and does not write the value for the start again")
    func reload() throws {
        try withTemporaryDirectory { directory in
            let loop = try EventLoop()
            var files = TrackedFiles()
            let file = TrackFile(name: "f", path: "\(directory)/f", initialValue: 3, overwrites: true)
            _ = files.adopt([file], loop)
            try write("8", to: file.path)
            #expect(files.adopt([file], loop).events == [.fileValue(name: "f", 8)])
            #expect(files.adopt([file], loop).events == [])
            #expect(files.adopt([], loop).events == [])
            #expect(files.values == [:])
        }
    }
}

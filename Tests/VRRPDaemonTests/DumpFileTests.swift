import Glibc
import LinuxSystem
import Testing

@Suite("Dump files")
struct DumpFileTests {
    @Test("A dump replaces a link that lies in its place, and leaves the link's target alone")
    func symbolicLink() throws {
        try withTemporaryDirectory { directory in
            try FileSystem.replace("\(directory)/victim", with: Array("precious".utf8), mode: 0o644)
            #expect(unsafe symlink("\(directory)/victim", "\(directory)/keepalived.stats") == 0)
            try FileSystem.replace("\(directory)/keepalived.stats", with: Array("dump".utf8), mode: 0o600)
            #expect(try contents(of: "\(directory)/victim") == "precious")
            #expect(try contents(of: "\(directory)/keepalived.stats") == "dump")
            #expect(mode(of: "\(directory)/keepalived.stats") == 0o600)
        }
    }

    @Test("What cannot be read to its end is refused", arguments: ["/tmp", "/dev/zero"])
    func notRegular(path: String) {
        #expect(throws: SystemError.self) { try FileSystem.read(path) }
    }

    @Test("A file beyond the limit is refused")
    func tooLong() throws {
        try withTemporaryDirectory { directory in
            try FileSystem.replace("\(directory)/x", with: [1, 2, 3, 4], mode: 0o600)
            #expect(try FileSystem.read("\(directory)/x", atMost: 4) == [1, 2, 3, 4])
            #expect(throws: SystemError.self) { try FileSystem.read("\(directory)/x", atMost: 3) }
        }
    }
}

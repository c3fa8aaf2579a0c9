import Glibc
import LinuxSystem
import Testing

@Suite("Directories") struct DirectoryTests {
    @Test("A directory tells what is in it")
    func entries() throws {
        let names = try FileSystem.entries(of: "/proc/self")
        #expect(names.contains("status"))
        #expect(names.contains("fd"))
        #expect(names.contains(".."))
    }

    @Test("What is no directory is an error that names it")
    func noDirectory() {
        let error = #expect(throws: SystemError.self) { try FileSystem.entries(of: "/proc/self/status") }
        #expect(error == SystemError("opendir /proc/self/status", code: ENOTDIR))
    }
}

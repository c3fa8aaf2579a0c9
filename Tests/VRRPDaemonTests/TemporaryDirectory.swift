import Glibc
import LinuxSystem
import Testing

/// A directory that is gone after the test.
func withTemporaryDirectory(_ body: (String) throws -> Void) throws {
    var template = Array("/tmp/vrrpd-test-XXXXXX".utf8CString)
    try #require(unsafe mkdtemp(&template) != nil)
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { _ = try? ChildProcess(ProgramRequest("/bin/rm", ["rm", "-r", path])).collect(blocking: true) }
    try body(path)
}

/// Permission bits of the file itself, or of the link; 0 where nothing is.
func mode(of path: String) -> mode_t {
    var status = stat()
    return unsafe lstat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
}

func exists(_ path: String) -> Bool {
    unsafe access(path, F_OK) == 0
}

func contents(of path: String) throws -> String {
    String(decoding: try FileSystem.read(path), as: UTF8.self)
}

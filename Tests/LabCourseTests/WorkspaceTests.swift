import LabCourse
import LinuxSystem
import Testing

@Suite("A learner's directory")
struct WorkspaceTests {
    @Test("files are read under the names that the text has for them, with mode and owner")
    func files() async throws {
        try await withTemporaryDirectory { directory in
            try FileSystem.makeDirectories(directory)
            try FileSystem.replace("\(directory)/notify.sh", with: Array("#!/bin/sh\n".utf8), mode: 0o700)
            let workspace = Workspace(directory: directory)
            let file = try #require(try workspace.file("/etc/keepalived/notify.sh"))
            #expect(file.text == "#!/bin/sh\n")
            #expect(file.mode == 0o700)
            // Whoever has the directory that stands for /etc/keepalived stands for root.
            #expect(file.owner == 0)
            #expect(try workspace.files() == [file])
            #expect(try workspace.file("/etc/keepalived/keepalived.conf") == nil)
        }
    }
}

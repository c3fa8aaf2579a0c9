import Foundation
import LabCourse
import LinuxSystem
import Testing

@Suite struct ArtifactsTests {
    @Test("Runs that begin at the same moment get a number each")
    func numbers() async throws {
        try await withTemporaryDirectory { root in
            let directories = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<16 {
                    group.addTask { try Artifacts(below: root, program: "/bin/labrun", options: []).directory }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(directories.count == 16)
            #expect(directories.contains("\(root)/0001") && directories.contains("\(root)/0016"))
        }
    }

    @Test("A run comes after the highest number that is there, and is the latest")
    func next() async throws {
        try await withTemporaryDirectory { root in
            try FileSystem.makeDirectories("\(root)/0041")
            try FileSystem.makeDirectories("\(root)/notes")
            #expect(try Artifacts(below: root, program: "/bin/labrun", options: []).directory == "\(root)/0042")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(root)/latest") == "0042")
        }
    }

    @Test("A place that takes no directories is refused", arguments: ["/proc/none", "/dev/null", "/proc"])
    func refused(_ root: String) {
        #expect(throws: SystemError.self) { try Artifacts(below: root, program: "/bin/labrun", options: []) }
    }

    @Test("The way to repeat a run survives the shell, whatever its words hold")
    func reproduction() async throws {
        try await withTemporaryDirectory { root in
            let options = ["--daemon", "/opt/it's here/vrrpd", "--empty", "", "$(x)"]
            let artifacts = try Artifacts(below: root, program: "/opt/a b/labrun", options: options)
            let scenario = try artifacts.write(.example([])).directory
            let directory = "\(artifacts.directory)/\(scenario)"
            let script = String(decoding: try FileSystem.read("\(directory)/reproduce.sh"), as: UTF8.self)
            #expect(
                script == """
                    #!/bin/sh
                    exec '/opt/a b/labrun' run step2/crash --daemon '/opt/it'\\''s here/vrrpd' --empty '' '$(x)'

                    """)
        }
    }
}

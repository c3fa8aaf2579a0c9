import Foundation
import LinuxSystem
import Testing

@testable import labrun

@Suite struct RunStoreTests {
    @Test("A run is a numbered directory with a document; nothing else is taken for one")
    func runs() throws {
        try Self.withRoot { root in
            for name in ["0001", "0002", "notes", "12x"] { try Self.makeRun("\(root)/\(name)") }
            try FileSystem.makeDirectories("\(root)/0003")
            try FileSystem.link("\(root)/0004", to: "0002")
            try FileSystem.link("\(root)/latest", to: "0002")
            try FileSystem.makeDirectories("\(root)/0005")
            try FileSystem.link("\(root)/0005/run.json", to: "../0001/run.json")
            #expect(RunStore(below: root).runs.map(\.number) == [1, 2])
        }
    }

    @Test("The last are kept, and the current one whatever its number")
    func surplus() throws {
        try Self.withRoot { root in
            for number in 1...5 { try Self.makeRun("\(root)/000\(number)") }
            let store = RunStore(below: root)
            #expect(store.surplus(keeping: 2).map(\.number) == [1, 2, 3])
            #expect(store.surplus(keeping: 2, sparing: "\(root)/0001").map(\.number) == [2, 3])
            #expect(store.surplus(keeping: 0).count == 5)
            #expect(store.surplus(keeping: 9).isEmpty)
        }
    }

    @Test("Runs that have too much together go, the oldest first; the last stays however much it has")
    func size() throws {
        try Self.withRoot { root in
            for number in 1...4 { try Self.makeRun("\(root)/000\(number)", octets: 1000) }
            let store = RunStore(below: root)
            #expect(store.surplus(keeping: 20, octets: 2500).map(\.number) == [1, 2])
            #expect(store.surplus(keeping: 20, octets: 10).map(\.number) == [1, 2, 3])
        }
    }

    @Test("Removing a run follows no link out of it")
    func links() throws {
        try Self.withRoot { root in
            try Self.makeRun("\(root)/0001")
            try FileSystem.makeDirectories("\(root)/precious/deep")
            try FileSystem.link("\(root)/0001/way", to: "../precious")
            try FileSystem.makeDirectories("\(root)/0001/step2-crash/files")
            try FileSystem.link("\(root)/0001/step2-crash/files/way", to: "\(root)/precious")
            try FileSystem.removeTree("\(root)/0001")
            #expect(!FileSystem.exists("\(root)/0001"))
            #expect(FileSystem.isDirectory("\(root)/precious/deep"))
            try FileSystem.link("\(root)/0002", to: "precious")
            try FileSystem.removeTree("\(root)/0002")
            #expect(FileSystem.isDirectory("\(root)/precious/deep"))
        }
    }

    @Test("A copy has directories and files with their modes, and no links")
    func copy() throws {
        try Self.withRoot { root in
            try FileSystem.makeDirectories("\(root)/a/b")
            try FileSystem.replace("\(root)/a/b/x.sh", with: [1, 2], mode: 0o755)
            try FileSystem.link("\(root)/a/way", to: "/etc")
            try FileSystem.copyTree("\(root)/a", to: "\(root)/c")
            #expect(try FileSystem.read("\(root)/c/b/x.sh") == [1, 2])
            #expect(FileSystem.linkStatus("\(root)/c/b/x.sh").map { $0.mode & 0o777 } == 0o755)
            #expect(FileSystem.linkStatus("\(root)/c/way") == nil)
        }
    }

    private static func makeRun(_ path: String, octets: Int = 10) throws {
        try FileSystem.makeDirectories(path)
        try FileSystem.replace("\(path)/run.json", with: Array(repeating: 0x20, count: octets), mode: 0o644)
    }

    private static func withRoot(_ body: (String) throws -> Void) throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: root) }
        try FileSystem.makeDirectories(root)
        try body(root)
    }
}

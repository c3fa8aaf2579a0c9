import Foundation
import LabCourse
import LinuxSystem
import Testing

@Suite struct WorkspaceWritingTests {
    private static let path = "/etc/keepalived/keepalived.conf"

    @Test("A file that was there is kept beside the new one, under the next free number, with its rights")
    func backups() throws {
        try withDirectory { root in
            let workspace = Workspace(directory: root)
            let place = "\(root)/keepalived.conf"
            let first = try workspace.write(SourceFile(Self.path, "one"))
            #expect(first.place == place)
            #expect(first.backup == nil && first.isNew)
            try FileSystem.setMode(place, 0o600)
            let second = try workspace.write(SourceFile(Self.path, "two", mode: 0o644))
            #expect(second.backup == "\(place).bak-1")
            let third = try workspace.write(SourceFile(Self.path, "three", mode: 0o700))
            #expect(third.backup == "\(place).bak-2")
            #expect(try text(place) == "three")
            #expect(try text("\(place).bak-1") == "one")
            #expect(try text("\(place).bak-2") == "two")
            #expect(FileSystem.way(to: "\(place).bak-1")?.last.map { $0.mode & 0o777 } == 0o600)
            #expect(FileSystem.way(to: place)?.last.map { $0.mode & 0o777 } == 0o700)
        }
    }

    @Test("A copy of somebody else's is never overwritten")
    func takenName() throws {
        try withDirectory { root in
            let place = "\(root)/keepalived.conf"
            try FileSystem.replace(place, with: Array("mine".utf8), mode: 0o644)
            try FileSystem.replace("\(place).bak-1", with: Array("precious".utf8), mode: 0o644)
            #expect(try Workspace(directory: root).write(SourceFile(Self.path, "new")).backup == "\(place).bak-2")
            #expect(try text("\(place).bak-1") == "precious")
            #expect(try text("\(place).bak-2") == "mine")
        }
    }

    @Test("What is there already is not written again, but gets its rights")
    func same() throws {
        try withDirectory { root in
            let workspace = Workspace(directory: root)
            _ = try workspace.write(SourceFile(Self.path, "one", mode: 0o644))
            let written = try workspace.write(SourceFile(Self.path, "one", mode: 0o700))
            #expect(written.backup == nil && !written.isNew)
            #expect(FileSystem.names(in: root) == ["keepalived.conf"])
            #expect(FileSystem.way(to: "\(root)/keepalived.conf")?.last.map { $0.mode & 0o777 } == 0o700)
        }
    }

    @Test("A link is replaced, and what it points to stays")
    func link() throws {
        try withDirectory { root in
            let target = "\(root)/real"
            try FileSystem.replace(target, with: Array("real".utf8), mode: 0o644)
            try FileSystem.link("\(root)/keepalived.conf", to: target)
            let written = try Workspace(directory: root).write(SourceFile(Self.path, "new"))
            #expect(try text(target) == "real")
            #expect(try text("\(root)/keepalived.conf") == "new")
            #expect(try text(#require(written.backup)) == "real")
        }
    }

    @Test("Kept copies and what editors leave are not among somebody's files")
    func besides() throws {
        try withDirectory { root in
            for name in ["keepalived.conf", "keepalived.conf.bak-1", "notify.sh~", ".notify.sh.swp", "notify.sh"] {
                try FileSystem.replace("\(root)/\(name)", with: [], mode: 0o644)
            }
            #expect(try Workspace(directory: root).files().map(\.name) == ["keepalived.conf", "notify.sh"])
        }
    }

    @Test(
        "Where a directory stands for /etc/keepalived, its owner stands for root",
        .enabled(if: UserAccount.own.user == 0))
    func owners() throws {
        try withDirectory { root in
            for name in ["mine", "theirs"] { try FileSystem.replace("\(root)/\(name)", with: [], mode: 0o644) }
            let (me, other) = (FileStatus(owner: 1234, group: 1234, mode: 0), FileStatus(owner: 99, group: 99, mode: 0))
            for path in [root, "\(root)/mine"] { FileSystem.give(path, toLike: me) }
            FileSystem.give("\(root)/theirs", toLike: other)
            #expect(try Workspace(directory: root).files().map(\.owner) == [0, 99])
            let written = try Workspace(directory: root).write(SourceFile("/etc/keepalived/new", "x"))
            #expect(FileSystem.way(to: written.place)?.last?.owner == 1234)
        }
    }

    private func text(_ path: String) throws -> String { String(decoding: try FileSystem.read(path), as: UTF8.self) }

    private func withDirectory(_ body: (String) throws -> Void) throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: root) }
        try body(root)
    }
}

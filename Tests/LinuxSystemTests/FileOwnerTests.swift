import Foundation
import LinuxSystem
import Testing

@Suite struct FileOwnerTests {
    @Test("What is handed over can be read by everybody, keeps its other bits, and nothing beyond a link is touched")
    func modes() throws {
        try Self.withDirectory { place in
            try FileSystem.makeDirectories("\(place)/run/inner")
            for (name, mode) in [("run/a", 0o600), ("run/inner/b.sh", 0o700), ("run/w", 0o222), ("outside", 0o600)] {
                try FileSystem.write("\(place)/\(name)", [], mode: 0o600)
                try FileSystem.setMode("\(place)/\(name)", UInt32(mode))
            }
            try FileSystem.setMode("\(place)/run/inner", 0o700)
            try FileSystem.link("\(place)/run/link", to: "../outside")
            try FileSystem.link("\(place)/run/up", to: "..")
            #expect(try FileSystem.addName("\(place)/run/second", to: "\(place)/outside"))
            FileSystem.handOver("\(place)/run", to: nil)
            let modes = ["run/a", "run/inner", "run/inner/b.sh", "outside"].map { name in
                FileSystem.way(to: "\(place)/\(name)")?.last.map { $0.mode & 0o7777 }
            }
            #expect(modes == [0o644, 0o755, 0o755, 0o600])
        }
    }

    @Test("Links are given away, never what they lead to", .enabled("only root gives files away") { getuid() == 0 })
    func owners() throws {
        try Self.withDirectory { place in
            try FileSystem.makeDirectories("\(place)/run")
            try FileSystem.write("\(place)/run/a", [], mode: 0o600)
            try FileSystem.write("\(place)/outside", [], mode: 0o600)
            try FileSystem.link("\(place)/run/link", to: "../outside")
            FileSystem.handOver("\(place)/run", to: FileOwner(user: 4242, group: 4243))
            let given = FileOwner(user: 4242, group: 4243)
            #expect(FileOwner(of: "\(place)/run") == given && FileOwner(of: "\(place)/run/a") == given)
            #expect(FileOwner(of: "\(place)/outside") == FileOwner(user: 0, group: 0))
            let link = try FileManager.default.attributesOfItem(atPath: "\(place)/run/link")
            #expect(link[.ownerAccountID] as? Int == 4242)
        }
    }

    @Test("What is not there is nothing to hand over, and has no owner")
    func nothing() throws {
        try Self.withDirectory { place in
            FileSystem.handOver("\(place)/none", to: nil)
            #expect(FileOwner(of: "\(place)/none") == nil)
        }
    }

    private static func withDirectory(_ body: (String) throws -> Void) throws {
        let place = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileSystem.makeDirectories(place)
        defer { try? FileManager.default.removeItem(atPath: place) }
        try body(place)
    }
}

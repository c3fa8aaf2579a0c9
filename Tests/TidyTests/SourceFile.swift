import Foundation

/// A text file of the repository, by lines.
struct SourceFile: Sendable {
    /// From the repository's root, such as `Sources/Wire/Frame.swift`.
    let path: String
    let lines: [String]

    init(_ path: String, _ text: String) {
        self.path = path
        lines = text.components(separatedBy: "\n")
    }

    /// The lines without comments, so that a word in prose is not taken for a call.
    var code: [String] {
        lines.map { line in
            var isQuoted = false
            var previous: Character = " "
            for index in line.indices {
                let character = line[index]
                if character == "\"", previous != "\\" { isQuoted.toggle() }
                if character == "/", previous == "/", !isQuoted { return String(line[..<index].dropLast()) }
                previous = character
            }
            return line
        }
    }

    var isSwift: Bool { path.hasSuffix(".swift") }
    /// Part of what is built for others, the course's labs included and the pages of documentation not.
    var isProduct: Bool { path.hasPrefix("Sources/") && !isPage || path.hasPrefix("Labs/") }

    /// A page of a documentation catalog, or what it shows.
    var isPage: Bool { path.contains(".docc/") }

    /// The target that the file belongs to.
    var target: String {
        let parts = path.split(separator: "/")
        return parts.count > 2 && parts[0] != "Labs" ? String(parts[1]) : String(parts[0])
    }

    /// Every text file of the repository, without what was built or recorded.
    static let all: [SourceFile] = {
        let skipped: Set = [".git", "labrun-out", "Package.resolved"]
        func files(at path: String) -> [SourceFile] {
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: root + path) else {
                let text = try? String(contentsOfFile: root + path, encoding: .utf8)
                return text.map { [SourceFile(String(path.dropFirst()), $0)] } ?? []
            }
            return names.sorted().filter { !skipped.contains($0) && !$0.hasPrefix(".build") }
                .flatMap { files(at: "\(path)/\($0)") }
        }
        return files(at: "")
    }()

    static func named(_ path: String) -> SourceFile? {
        all.first { $0.path == path }
    }

    /// The directory of Package.swift.
    private static let root: String = {
        var directory = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        repeat {
            directory.deleteLastPathComponent()
        } while directory.path != "/" && !FileManager.default.fileExists(atPath: directory.path + "/Package.swift")
        return directory.path
    }()
}

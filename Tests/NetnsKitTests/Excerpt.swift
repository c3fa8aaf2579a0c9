import Foundation
import Testing

/// Code of a test that also stands in a document, word for word.
struct Excerpt {
    let lines: [String]

    /// The lines of a test's file between `// NAME: begin` and `// NAME: end`, as far to the left as they go.
    init(_ name: String, of file: String = #filePath) throws {
        let all = try String(contentsOfFile: file, encoding: .utf8).components(separatedBy: "\n")
        let begin = try #require(all.firstIndex { $0.hasSuffix("// \(name): begin") })
        let end = try #require(all.firstIndex { $0.hasSuffix("// \(name): end") })
        let indentation = all[begin].prefix { $0 == " " }.count
        lines = all[(begin + 1)..<end].map { String($0.dropFirst(indentation)) }
    }

    /// Whether a document of the repository has these lines, one after the other.
    func stands(in document: String) throws -> Bool {
        let text = "\n" + (try Self.contents(of: document)) + "\n"
        return !lines.isEmpty && text.contains("\n" + lines.joined(separator: "\n") + "\n")
    }

    /// A file of the repository, from its root on.
    static func contents(of path: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
}

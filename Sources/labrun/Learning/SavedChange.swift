import LabCourse

/// What somebody saved, in a few words.
struct SavedChange {
    /// More lines than this are only counted.
    private static let shown = 3

    let text: String

    init(from old: [SourceFile], to new: [SourceFile]) {
        let parts = new.compactMap { file -> String? in
            guard let before = old.first(where: { $0.path == file.path }) else { return "\(file.name) is new" }
            if before == file { return nil }
            if before.contents == file.contents { return "\(file.name) has mode \(String(file.mode, radix: 8))" }
            return "\(file.name) saved\(Self.lines(before, file))"
        }
        let gone = old.filter { file in !new.contains { $0.path == file.path } }.map { "\($0.name) is gone" }
        text = (parts + gone).joined(separator: "; ")
    }

    /// The lines that are new, with their numbers.
    private static func lines(_ old: SourceFile, _ new: SourceFile) -> String {
        let difference = TextDifference(from: old.lines, to: new.lines)
        var number = 0
        var changed: [String] = []
        for line in difference.lines {
            if case .removed = line { continue }
            number += 1
            guard case .added(let text) = line, text.contains(where: { $0 != " " }) else { continue }
            changed.append("line \(number) \(text.split(separator: " ").joined(separator: " "))")
        }
        if changed.isEmpty { return "" }
        return changed.count > shown ? ", \(changed.count) lines are new" : ", " + changed.joined(separator: ", ")
    }
}

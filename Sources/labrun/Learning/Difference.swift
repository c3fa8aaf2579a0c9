import LabCourse

/// What distinguishes two sets of files, in the lines that differ.
enum Difference {
    /// A header for each file that differs, and its lines with `-` and `+`; fits the terminal's width.
    static func lines(from old: [SourceFile], to new: [SourceFile]) -> [String] {
        let paths = (old + new).map(\.path).reduce(into: [String]()) { paths, path in
            if !paths.contains(path) { paths.append(path) }
        }
        return paths.flatMap { path -> [String] in
            let (before, after) = (old.first { $0.path == path }, new.first { $0.path == path })
            guard before != after else { return [] }
            guard let after else { return ["  \(path) is missing"] }
            let octal = String(after.mode, radix: 8)
            let mode = before?.mode == after.mode ? "" : ", mode \(octal)"
            let owner = after.owner == 0 ? "" : ", owner \(after.owner)"
            let head = "  \(path)\(before == nil ? " (new" : " (changed")\(mode)\(owner))"
            return [head] + changes(before?.lines ?? [], after.lines)
        }
    }

    private static func changes(_ old: [String], _ new: [String]) -> [String] {
        let changes = new.difference(from: old)
        let lines = changes.map { change -> (offset: Int, rank: Int, text: String) in
            switch change {
            case .remove(let offset, let element, _): (offset, 0, "    - " + Terminal.printable(element))
            case .insert(let offset, let element, _): (offset, 1, "    + " + Terminal.printable(element))
            }
        }
        return lines.filter { $0.text.count > 6 }.sorted { ($0.offset, $0.rank) < ($1.offset, $1.rank) }
            .map { String($0.text.prefix(Terminal.width)) }
    }
}

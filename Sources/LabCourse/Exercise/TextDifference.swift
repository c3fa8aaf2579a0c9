/// How one text becomes another, line by line, in as few changes as there can be.
public struct TextDifference: Hashable, Sendable {
    /// A line of the old text, of the new one, or of both.
    public enum Line: Hashable, Sendable {
        /// As the old text has it.
        case kept(String)
        case removed(String)
        case added(String)
    }

    /// Every line, in the order in which a person would read them.
    public let lines: [Line]

    /// Compares two texts.
    ///
    /// - Parameter key: what a line means: lines that mean the same are equal. A line that means nothing is kept where
    ///   it is old, and left out where it is new.
    public init(from old: [String], to new: [String], by key: (String) -> String? = { $0 }) {
        let added = new.filter { key($0) != nil }
        let changes = added.compactMap(key).difference(from: old.compactMap(key))
        let removals = Self.lowered(Set(changes.removals.map(Self.offset)), in: old.compactMap(key))
        let insertions = Self.lowered(Set(changes.insertions.map(Self.offset)), in: added.compactMap(key))
        var lines: [Line] = []
        var (position, next) = (0, 0)
        func insert() {
            while insertions.contains(next) {
                lines.append(.added(added[next]))
                next += 1
            }
        }
        for line in old {
            guard key(line) != nil else {
                // What comes in the place of a line stands next to it.
                if case .removed = lines.last { insert() }
                lines.append(.kept(line))
                continue
            }
            if removals.contains(position) {
                lines.append(.removed(line))
            } else {
                insert()
                lines.append(.kept(line))
                next += 1
            }
            position += 1
        }
        insert()
        self.lines = lines
    }

    /// Moves each run of changed lines down as far as it says the same there: a block then goes with its own brace.
    private static func lowered(_ changed: Set<Int>, in lines: [String]) -> Set<Int> {
        var result = changed
        for start in changed.sorted(by: >) where !changed.contains(start - 1) {
            var first = start
            guard var end = (start...lines.count).first(where: { !result.contains($0) }) else { continue }
            while end < lines.count, lines[first] == lines[end], !result.contains(end) {
                result.remove(first)
                result.insert(end)
                first += 1
                end += 1
            }
        }
        return result
    }

    private static func offset(_ change: CollectionDifference<String>.Change) -> Int {
        switch change {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }

    /// Whether the texts mean the same.
    public var isEmpty: Bool {
        lines.allSatisfy { if case .kept = $0 { true } else { false } }
    }

    /// The changes in the unified form that `patch` reads, each with some lines around it; nothing when there are none.
    public func unified(from old: String, to new: String, context: Int = 3) -> [String] {
        let hunks = hunks(context: context)
        guard !hunks.isEmpty else { return [] }
        return ["--- \(old)", "+++ \(new)"] + hunks.flatMap(text)
    }

    /// Which lines are shown together: changes, and what lies between those that are close.
    private func hunks(context: Int) -> [Range<Int>] {
        var hunks: [Range<Int>] = []
        for index in lines.indices {
            if case .kept = lines[index] { continue }
            let hunk = max(index - context, 0)..<min(index + context + 1, lines.count)
            if let last = hunks.last, hunk.lowerBound <= last.upperBound {
                hunks[hunks.count - 1] = last.lowerBound..<hunk.upperBound
            } else {
                hunks.append(hunk)
            }
        }
        return hunks
    }

    private func text(of hunk: Range<Int>) -> [String] {
        let before = counts(of: lines[..<hunk.lowerBound])
        let inside = counts(of: lines[hunk])
        // A range without lines is named by the line before it.
        let old = "\(before.old + (inside.old == 0 ? 0 : 1)),\(inside.old)"
        let new = "\(before.new + (inside.new == 0 ? 0 : 1)),\(inside.new)"
        return ["@@ -\(old) +\(new) @@"]
            + lines[hunk].map { line in
                switch line {
                case .kept(let text): " " + text
                case .removed(let text): "-" + text
                case .added(let text): "+" + text
                }
            }
    }

    private func counts(of lines: ArraySlice<Line>) -> (old: Int, new: Int) {
        lines.reduce((0, 0)) { counts, line in
            switch line {
            case .kept: (counts.0 + 1, counts.1 + 1)
            case .removed: (counts.0 + 1, counts.1)
            case .added: (counts.0, counts.1 + 1)
            }
        }
    }
}

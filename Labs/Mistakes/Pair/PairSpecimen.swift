import LabCourse

extension Specimen {
    /// A specimen of the pair of step 4, which a run shows, too.
    static func pair(
        _ id: String, _ changes: [Change], isFoundInFiles: Bool = true, isFoundOnWire: Bool = true
    ) -> Specimen {
        Specimen(id, in: "step4", changes, isFoundInFiles: isFoundInFiles, isFoundOnWire: isFoundOnWire)
    }
}

extension Specimen.Change {
    /// Puts a line in the place of each one of the instance that begins with a keyword.
    static func setting(_ keyword: String, _ line: String, in path: String) -> Self {
        changingLines(in: path) { $0.first == Substring(keyword) ? [line] : nil }
    }

    /// Adds lines behind the one with `virtual_router_id`, which every instance has.
    static func adding(_ lines: String..., to path: String) -> Self {
        Self(path) { file in
            let text = file.lines.flatMap { line in
                words(line).first == "virtual_router_id" ? [line] + lines.map { "    \($0)" } : [line]
            }
            return file.with(text)
        }
    }

    /// Adds an address to the first list of addresses.
    static func extendingAddresses(by line: String, in path: String) -> Self {
        Self(path) { file in
            let text = file.lines.flatMap { words($0).first == "virtual_ipaddress" ? [$0, "        \(line)"] : [$0] }
            return file.with(text)
        }
    }

    /// Takes a block away, from its keyword to the next closing brace.
    static func removingBlock(_ keyword: String, from path: String) -> Self {
        Self(path) { file in
            var isInside = false
            let text = file.lines.filter { line in
                if words(line).first == Substring(keyword) { isInside = true }
                defer { if words(line).first == "}" { isInside = false } }
                return !isInside
            }
            return file.with(text)
        }
    }

    /// Puts other lines in the place of those that a closure wants changed; one that changes nothing is a mistake of
    /// the catalogue.
    private static func changingLines(in path: String, _ change: @escaping @Sendable ([Substring]) -> [String]?) -> Self
    {
        Self(path) { file in
            let text = file.lines.flatMap { line in
                change(words(line)).map { $0.map { "    \($0)" } } ?? [line]
            }
            precondition(text != file.lines, "nothing to change in \(path)")
            return file.with(text)
        }
    }

    private static func words(_ line: String) -> [Substring] { line.split { $0 == " " || $0 == "\t" } }
}

extension SourceFile {
    fileprivate func with(_ lines: [String]) -> SourceFile {
        var changed = self
        changed.contents = Array(lines.joined(separator: "\n").utf8)
        return changed
    }
}

import LabCourse

extension DiagnosesView {
    /// Of a longer file only what stands around a mark is shown.
    private static let (longestFile, context, longestLine) = (240, 6, 400)

    /// Nil for a run that was about nobody's files.
    init?(_ document: RunDocument) {
        guard !document.files.isEmpty || !document.diagnoses.isEmpty else { return nil }
        let files = document.files
        let anchor = { (place: Diagnosis.Place) -> LinkView in
            let number = files.firstIndex { $0.path == place.file }
            let name = place.file.split(separator: "/").last.map(String.init) ?? place.file
            let line = place.line.map { ":\($0)" } ?? ""
            let target = number.map { "#file-\($0)" + (place.line.map { "-\($0)" } ?? "") } ?? "#files"
            return LinkView(address: target, name: name + line)
        }
        list = document.diagnoses.enumerated().map { number, diagnosis in
            DiagnosisView(
                code: diagnosis.code.rawValue, severity: diagnosis.severity.rawValue, anchor: "mistake-\(number)",
                sentence: CheckView.cut(diagnosis.sentence), remedy: CheckView.cut(diagnosis.remedy),
                message: diagnosis.message.map(CheckView.cut), places: diagnosis.places.prefix(8).map(anchor),
                sights: diagnosis.sights.prefix(6).map { CheckView.cut("\($0.source): \($0.text)") })
        }
        self.files = files.enumerated().map { FileView($0.element, $0.offset, document.diagnoses) }
        let severities: [Diagnosis.Severity] = [.error, .warning, .note]
        let counts = severities.compactMap { severity -> String? in
            let count = document.diagnoses.count { $0.severity == severity }
            return count == 0 ? nil : Figures.count(count, severity.rawValue)
        }
        let found = counts.isEmpty ? "Nothing is wrong" : counts.joined(separator: ", ")
        summary = "\(found) in \(Figures.count(files.count, "file"))."
    }

    fileprivate static func lines(_ file: FileRecord, _ number: Int, _ diagnoses: [Diagnosis]) -> [FileView.Line] {
        var marks: [Int: [(Int, Diagnosis)]] = [:]
        for (index, diagnosis) in diagnoses.enumerated() {
            for line in diagnosis.places.filter({ $0.file == file.path }).compactMap(\.line) {
                marks[line, default: []].append((index, diagnosis))
            }
        }
        let lines = file.text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        let isShort = lines.count <= longestFile
        return lines.enumerated().compactMap { index, text in
            let line = index + 1
            let isNear = marks.keys.contains { abs($0 - line) <= context }
            guard isShort || isNear || line <= context else { return nil }
            let own = marks[line] ?? []
            let worst = own.map(\.1.severity).max()
            return FileView.Line(
                number: line, anchor: "file-\(number)-\(line)",
                text: text.count > longestLine ? String(text.prefix(longestLine)) + "…" : String(text),
                isMarked: !own.isEmpty, severity: worst?.rawValue ?? "",
                marks: own.map { LinkView(address: "#mistake-\($0.0)", name: $0.1.code.rawValue) })
        }
    }
}

extension FileView {
    fileprivate init(_ file: FileRecord, _ number: Int, _ diagnoses: [Diagnosis]) {
        let lines = DiagnosesView.lines(file, number, diagnoses)
        let marked = lines.count(where: \.isMarked)
        let all = file.text.unicodeScalars.count { $0 == "\n" } + 1
        self.init(
            path: file.path, nodes: file.nodes.joined(separator: " and "),
            isOpen: marked > 0 || diagnoses.contains { $0.places.contains { $0.file == file.path } },
            summary: marked == 0 ? "no line is marked" : "\(Figures.count(marked, "line")) marked", lines: lines,
            isCut: lines.count < all)
    }
}

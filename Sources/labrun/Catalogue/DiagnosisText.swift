import LabCourse
import Labs

/// A diagnosis as people read it: its name and place, the line, what is wrong with it, and what to write.
struct DiagnosisText {
    private static let margin = 8
    /// Of more lines than this the first ones are named: what is wrong with them is the same.
    private static let named = 8
    private let diagnosis: Diagnosis

    init(_ diagnosis: Diagnosis) {
        self.diagnosis = diagnosis
    }

    /// Such as `keepalived.conf:45`; several lines of one file share its name.
    private var place: String {
        var files: [(name: String, lines: [String])] = []
        for place in diagnosis.places {
            let name = place.file.split(separator: "/").last.map(String.init) ?? place.file
            if files.last?.name != name { files.append((name, [])) }
            if let line = place.line { files[files.count - 1].lines.append("\(line)") }
        }
        return files.map { name, lines in
            let more = lines.count > Self.named ? ",.." : ""
            return name + (lines.isEmpty ? "" : ":\(lines.prefix(Self.named).joined(separator: ","))\(more)")
        }.joined(separator: " ")
    }

    /// A text from a file that somebody wrote: nothing that a terminal obeys, and no word wider than a line.
    private static func shown(_ text: String) -> String {
        Terminal.printable(text).split(separator: " ").map { Terminal.fitted(String($0), to: 60) }
            .joined(separator: " ")
    }

    /// Fits the terminal's width.
    var lines: [String] {
        let name = Catalogue.mistake(diagnosis.code.rawValue)?.name ?? ""
        var head = "  " + Terminal.column(diagnosis.severity.word, 6) + "\(diagnosis.code.rawValue)  \(name)"
        let place = Terminal.printable(place)
        let room = Terminal.width - head.count - place.count
        var lines: [String] = []
        if room > 1 {
            head += String(repeating: " ", count: room) + place
        } else {
            lines = Terminal.wrapped(place, indent: Self.margin)
        }
        lines.insert(head, at: 0)
        // Two files that disagree are shown side by side; of one file the first line speaks for the others.
        var shown: Set<String> = []
        var told: Set<String> = []
        for place in diagnosis.places where shown.insert(place.file).inserted {
            guard let text = place.text, !text.isEmpty, told.insert(text).inserted else { continue }
            lines += Terminal.wrapped("| " + Self.shown(text), indent: Self.margin)
        }
        lines += Terminal.wrapped(Self.shown(diagnosis.sentence), indent: Self.margin)
        if let message = diagnosis.message { lines += labeled("keepalived:", message) }
        lines += labeled("Fix:", diagnosis.remedy)
        for sight in diagnosis.sights { lines += labeled("Seen:", "\(sight.source): \(sight.text)") }
        return lines
    }

    private func labeled(_ label: String, _ text: String) -> [String] {
        Terminal.wrapped(Self.shown(text), after: String(repeating: " ", count: Self.margin) + label + " ")
    }
}

extension DiagnosisText: CustomStringConvertible {
    var description: String { lines.joined(separator: "\n") }
}

extension Diagnosis.Severity {
    /// In a column of six.
    var word: String {
        switch self {
        case .note: "note"
        case .warning: "warn"
        case .error: "error"
        }
    }
}

import LabCourse
import Labs

/// An entry of the catalogue as people read it.
struct MistakeText {
    private let mistake: Mistake

    init(_ mistake: Mistake) {
        self.mistake = mistake
    }

    /// Fits the terminal's width.
    var lines: [String] {
        var lines = ["\(mistake.code.rawValue)  \(mistake.name)  (\(mistake.severity.rawValue))", ""]
        lines += Self.paragraph("What you see", mistake.symptom)
        lines += Self.paragraph("Why", mistake.reason)
        lines += Self.listing("Wrong", mistake.wrong)
        lines += Self.listing("Right", mistake.right.isEmpty ? "(without these lines)" : mistake.right)
        // Of what is wrong with the machine keepalived has no chance to say anything.
        if let message = mistake.message {
            lines += Self.paragraph("keepalived", message)
        } else if !["VR0", "VR3"].contains(mistake.code.rawValue.prefix(3)) {
            lines += Self.paragraph("keepalived", "says nothing, neither in its log nor with keepalived -t.")
        }
        if mistake.demonstration != nil {
            lines += Self.paragraph("See it", "labrun mistake \(mistake.code.rawValue)")
        }
        return lines
    }

    /// A word in a column of its own, and a text beside it.
    private static func paragraph(_ label: String, _ text: String) -> [String] {
        Terminal.wrapped(text, after: "  " + Terminal.column(label, indent - 2))
    }

    /// Lines of a file stay as they are.
    private static func listing(_ label: String, _ text: String) -> [String] {
        let margin = String(repeating: " ", count: indent)
        var depth = 0
        let lines = text.split(separator: "\n").map { line -> String in
            if line.hasPrefix("}") { depth = max(depth - 1, 0) }
            defer { if line.hasSuffix("{") { depth += 1 } }
            return margin + String(repeating: "    ", count: depth) + line
        }
        // A long line must be whole, so that it can be copied.
        if lines.contains(where: { $0.count > Terminal.width }) {
            return ["  \(label)"] + lines.map { "    " + $0.dropFirst(indent) }
        }
        guard let first = lines.first else { return [] }
        return ["  " + Terminal.column(label, indent - 2) + first.drop { $0 == " " }] + lines.dropFirst()
    }

    private static let indent = 15
}

/// An entry as machines read it.
struct MistakeRecord: Encodable {
    private var v = 1
    private var code: MistakeCode
    private var name: String
    private var severity: Diagnosis.Severity
    private var symptom: String
    private var reason: String
    private var wrong: String
    private var right: String
    private var keepalived: String?
    private var specimens: [String]

    init(_ mistake: Mistake) {
        code = mistake.code
        name = mistake.name
        severity = mistake.severity
        symptom = mistake.symptom
        reason = mistake.reason
        wrong = mistake.wrong
        right = mistake.right
        keepalived = mistake.message
        specimens = mistake.specimens.map(\.id)
    }
}

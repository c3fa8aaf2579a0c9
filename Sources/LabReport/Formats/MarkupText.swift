import Mustache

/// Text between the tags and in the attributes of XML and HTML.
///
/// A template says `CONTENT_TYPE:XML` to have its variables written so, once `MarkupText.registered` was read.
public struct MarkupText: MustacheContentType {
    /// Makes the content type known to templates that are parsed from then on.
    public static let registered: Void = MustacheContentTypes.register(MarkupText(), named: "XML")

    /// Replaces what means something in a tag, scalar by scalar, because an accent may follow, and what XML 1.0 has no
    /// way to write.
    public func escapeText(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "&": escaped += "&amp;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "\r": escaped += "&#13;"
            default: escaped.unicodeScalars.append(Self.isLegal(scalar) ? scalar : "?")
            }
        }
        return escaped
    }

    private static func isLegal(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x9, 0xA, 0x20...0xD7FF, 0xE000...0xFFFD, 0x1_0000...0x10_FFFF: true
        default: false
        }
    }
}

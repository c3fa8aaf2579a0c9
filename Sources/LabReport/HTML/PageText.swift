import Mustache

/// How a text becomes part of a page: as in all markup, and without characters that a page must not have or that turn
/// its reading order around.
struct PageText: MustacheContentType {
    /// What templates ask for in their first line.
    static let name = "PAGE"

    func escapeText(_ text: String) -> String {
        let shown = text.unicodeScalars.map { Self.isShown($0) ? $0 : "\u{fffd}" }
        return MarkupText().escapeText(String(String.UnicodeScalarView(shown)))
    }

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x9, 0xa: true
        case 0..<0x20, 0x7f...0x9f: false
        // Marks and overrides of direction.
        case 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069: false
        case 0xfdd0...0xfdef: false
        default: scalar.value & 0xfffe != 0xfffe
        }
    }
}

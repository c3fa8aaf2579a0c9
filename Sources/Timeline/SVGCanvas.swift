/// Elements of an SVG picture, one after the other, with every text escaped.
struct SVGCanvas {
    private(set) var body = ""

    /// What an element is drawn as: a class of the style sheet.
    typealias Style = String

    mutating func line(_ style: Style, from start: (x: Double, y: Double), to end: (x: Double, y: Double)) {
        body += #"<line class="\#(style)" x1="\#(start.x.tenths)" y1="\#(start.y.tenths)" "#
        body += #"x2="\#(end.x.tenths)" y2="\#(end.y.tenths)"/>"# + "\n"
    }

    /// Several lines in one element: so many of them cost little.
    mutating func lines(_ style: Style, _ lines: [(x: Double, from: Double, to: Double)]) {
        guard !lines.isEmpty else { return }
        let path = lines.map { "M\($0.x.tenths) \($0.from.tenths)V\($0.to.tenths)" }.joined()
        body += #"<path class="\#(style)" d="\#(path)"/>"# + "\n"
    }

    /// A rectangle that is at least one unit wide, so that what is short can still be seen.
    mutating func box(_ style: Style, x: ClosedRange<Double>, y: ClosedRange<Double>, title: String) {
        let width = max(x.upperBound - x.lowerBound, 1)
        body += #"<rect class="\#(style)" x="\#(x.lowerBound.tenths)" y="\#(y.lowerBound.tenths)" "#
        body += #"width="\#(width.tenths)" height="\#((y.upperBound - y.lowerBound).tenths)">"#
        body += "<title>\(Self.escaped(title))</title></rect>\n"
    }

    /// A closed shape around a place; the points are relative to it.
    mutating func shape(_ style: Style, _ outline: [(Double, Double)], x: Double, y: Double, title: String) {
        var (path, last) = ("M\(x.tenths) \(y.tenths)m", (0.0, 0.0))
        for (index, point) in outline.enumerated() {
            let (right, down) = ((point.0 - last.0).tenths, (point.1 - last.1).tenths)
            path += (index == 1 ? "l" : index > 1 && !right.hasPrefix("-") ? " " : "") + right
            path += (down.hasPrefix("-") ? "" : " ") + down
            last = point
        }
        body += #"<path class="\#(style)" d="\#(path)z"><title>\#(Self.escaped(title))</title></path>"# + "\n"
    }

    /// A text that begins at a place, or ends there: how wide it is only the reader's font knows.
    mutating func text(_ style: Style, _ text: String, x: Double, y: Double, endsThere: Bool = false) {
        let anchor = endsThere ? #" text-anchor="end""# : ""
        body += #"<text class="\#(style)" x="\#(x.tenths)" y="\#(y.tenths)"\#(anchor)>"#
        body += Self.escaped(text) + "</text>\n"
    }

    /// Draws what another canvas has, moved down: one part of the picture, which can be told from others by its name.
    ///
    /// - Parameter height: how much room it takes, for those who show the part alone.
    mutating func append(_ other: SVGCanvas, as name: String, y: Double, height: Double) {
        body += #"<g class="\#(name)" transform="translate(0 \#(y.tenths))" data-height="\#(height.tenths)">"# + "\n"
        body += other.body + "</g>\n"
    }

    /// What XML allows: no markup, and no control characters at all.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\t", "\n": escaped += " "
            default:
                let isAllowed =
                    scalar.value >= 0x20 && !(0x7f...0x9f).contains(scalar.value)
                    && scalar.value & 0xfffe != 0xfffe
                escaped.unicodeScalars.append(isAllowed ? scalar : "?")
            }
        }
        return escaped
    }
}

extension Double {
    /// With one decimal: a tenth of a unit is finer than any screen.
    fileprivate var tenths: String {
        let tenths = Int((self * 10).rounded())
        let (whole, rest) = (abs(tenths) / 10, abs(tenths) % 10)
        return (tenths < 0 ? "-" : "") + "\(whole)" + (rest == 0 ? "" : ".\(rest)")
    }
}

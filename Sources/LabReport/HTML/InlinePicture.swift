import Timeline

/// A picture that `Swimlanes` wrote, taken apart so that it can stand in a page.
///
/// The file may come from another machine, so that nothing of it is taken for granted: only the elements and attributes
/// that such pictures have are let through, and a file with anything else is refused as a whole.
struct InlinePicture {
    /// One view: the whole, or a handover.
    struct Panel {
        var body: String
        var height: Double
    }

    let width: Double
    let panels: [Panel]

    init?(_ svg: String) {
        guard svg.utf8.count < 2_000_000, let width = Self.width(of: svg) else { return nil }
        let opening = #"<g class="\#(Swimlanes.panelName)" "#
        var panels: [Panel] = []
        var rest = svg[...]
        while let start = rest.firstRange(of: opening) {
            rest = rest[start.lowerBound...]
            guard let end = rest.firstRange(of: "</g>"), let head = rest.firstIndex(of: ">"), head < end.lowerBound,
                let height = Self.number("data-height", in: rest[...head])
            else { return nil }
            let body = String(rest[rest.index(after: head)..<end.lowerBound])
            guard Self.isHarmless(body) else { return nil }
            panels.append(Panel(body: body, height: height))
            rest = rest[end.upperBound...]
        }
        guard !panels.isEmpty else { return nil }
        self.width = width
        self.panels = panels
    }

    private static func width(of svg: String) -> Double? {
        guard let start = svg.firstRange(of: "<svg "), let end = svg[start.upperBound...].firstIndex(of: ">") else {
            return nil
        }
        return number("width", in: svg[start.lowerBound..<end])
    }

    private static func number(_ name: String, in tag: Substring) -> Double? {
        guard let start = tag.firstRange(of: " \(name)=\"") else { return nil }
        let value = tag[start.upperBound...].prefix { $0 != "\"" }
        guard let number = Double(value), (1...100_000).contains(number) else { return nil }
        return number
    }

    private static let elements: Set<Substring> = ["line", "path", "rect", "text", "title"]
    private static let attributes: Set<Substring> = [
        "class", "x", "y", "x1", "y1", "x2", "y2", "width", "height", "d", "text-anchor",
    ]

    /// Whether there is nothing but elements of pictures, each closed where it was opened.
    private static func isHarmless(_ body: String) -> Bool {
        var open: [Substring] = []
        var rest = body.unicodeScalars[...]
        while let start = rest.firstIndex(of: "<") {
            rest = rest[start...].dropFirst()
            guard let end = rest.firstIndex(of: ">") else { return false }
            var tag = Substring(rest[..<end])
            rest = rest[end...].dropFirst()
            if tag.unicodeScalars.first == "/" {
                guard open.popLast() == tag.dropFirst() else { return false }
                continue
            }
            let isEmpty = tag.unicodeScalars.last == "/"
            if isEmpty { tag = tag.dropLast() }
            guard let name = harmlessName(of: tag) else { return false }
            if !isEmpty { open.append(name) }
        }
        return open.isEmpty
    }

    /// The element of a tag; nil when it or one of its attributes has no place in a picture.
    private static func harmlessName(of tag: Substring) -> Substring? {
        let name = tag.prefix { $0 != " " }
        guard elements.contains(name) else { return nil }
        var rest = tag.dropFirst(name.count)
        while !rest.isEmpty {
            guard rest.first == " " else { return nil }
            let attribute = rest.dropFirst().prefix { $0 != "=" }
            rest = rest.dropFirst(attribute.count + 1)
            guard attributes.contains(attribute), rest.hasPrefix("=\"") else { return nil }
            let value = rest.dropFirst(2).prefix { $0 != "\"" }
            guard value.allSatisfy({ $0.isASCII && $0 != "&" && $0 != "'" }) else { return nil }
            let end = rest.dropFirst(2 + value.count)
            guard end.first == "\"" else { return nil }
            rest = end.dropFirst()
        }
        return name
    }
}

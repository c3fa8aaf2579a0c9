import VRRPCore

/// `NAME [weight N [reverse|noreverse]]`, a line of `track_script`, `track_interface`, `track_file` or `track_process`.
struct TrackedLine: Hashable, Sendable {
    var name: Located<String>
    /// nil: the item's own weight, or none.
    var weight: TrackedWeight?

    static func read(
        _ directive: Directive, in range: ClosedRange<Int>, subject: String, _ diagnostics: inout Diagnostics
    ) -> TrackedLine {
        var line = TrackedLine(name: Located(directive.keyword.text, at: directive.keyword.location))
        guard let first = directive.arguments.first else { return line }
        guard first.text == "weight" else {
            diagnostics.error(
                "\(subject)unknown track option '\(first.text)' - ignoring; write each name on a line of its own",
                at: first.location)
            return line
        }
        let lead = "weight of '\(line.name.value)' not valid!"
        line.weight = TrackedWeight.read(directive, at: 1, in: range, refusal: subject + lead, &diagnostics)
        return line
    }
}

/// How much a tracked item moves a priority, counted the other way round with `reverse`.
struct TrackedWeight: Hashable, Sendable {
    var value = 0
    var isReversed = false

    /// Reads `N [reverse|noreverse]` among the arguments of a directive.
    static func read(
        _ directive: Directive, at index: Int, in range: ClosedRange<Int>, refusal: String,
        _ diagnostics: inout Diagnostics
    ) -> TrackedWeight? {
        guard let word = directive.argument(index, &diagnostics) else { return nil }
        var weight = TrackedWeight()
        do throws(NumberRefusal) {
            weight.value = try Number.integer(word.text, in: range)
        } catch {
            diagnostics.error("\(refusal) \(error.reason) - ignoring", at: word.location)
            return nil
        }
        guard directive.arguments.count > index + 1 else { return weight }
        let option = directive.arguments[index + 1]
        switch option.text {
        case "reverse": weight.isReversed = true
        case "noreverse": break
        default:
            diagnostics.error(
                "unknown weight option '\(option.text)' - ignoring; 'reverse' is known", at: option.location)
            return weight
        }
        directive.expectNoMore(after: index + 2, &diagnostics)
        return weight
    }
}

extension TrackedItem {
    init(_ line: TrackedLine, _ weight: TrackedWeight) {
        self.init(line.name.value, weight: weight.value, isReversed: weight.isReversed)
    }
}

import LabCourse
import Timeline

/// Numbers as people read them.
enum Figures {
    /// Seconds with three decimals, such as `3.611 s`.
    static func seconds(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e9 else { return "?" }
        return Duration.seconds(value).text
    }

    /// The same without the unit.
    static func number(_ value: Double, digits: Int = 3) -> String {
        guard value.isFinite, abs(value) < 1e9 else { return "?" }
        return Duration.seconds(value).decimalSeconds(digits: digits)
    }

    /// Such as `0.359..0.412`.
    static func range(_ bound: [Double]) -> String { bound.map { number($0) }.joined(separator: "..") }

    /// Such as `0.359..0.412 s`.
    static func bound(_ bound: [Double]) -> String {
        guard let low = bound.first, let high = bound.last else { return "" }
        return "\(number(low))..\(seconds(high))"
    }

    /// Such as `0.361 s`, or a range in which every value is as likely.
    static func theory(_ theory: Theory) -> String {
        theory.isExact ? seconds(theory.from) : bound([theory.from, theory.to])
    }

    static func count(_ number: Int, _ noun: String, _ nouns: String? = nil) -> String {
        "\(number) \(number == 1 ? noun : nouns ?? noun + "s")"
    }

    /// Such as `1 failed, 19 passed`, the worst first.
    static func counts(_ verdicts: [Verdict]) -> String {
        [Verdict.fail, .inconclusive, .pass, .skip].compactMap { verdict -> String? in
            let count = verdicts.count { $0 == verdict }
            return count == 0 ? nil : "\(count) \(verdict.participle)"
        }.joined(separator: ", ")
    }

    /// The middle one; of an even number, the mean of the two in the middle.
    static func median(_ values: [Double]) -> Double? {
        let sorted = values.sorted()
        guard let last = sorted.indices.last else { return nil }
        return (sorted[last / 2] + sorted[(last + 1) / 2]) / 2
    }
}

extension Verdict {
    /// How a page shows it: a sign and a word, and a class for the color, which never stands alone.
    var sign: String {
        switch self {
        case .pass: "✓"
        case .fail: "✗"
        case .inconclusive: "?"
        case .skip: "–"
        }
    }

    var word: String {
        switch self {
        case .pass: "PASS"
        case .fail: "FAIL"
        case .inconclusive: "INCONCLUSIVE"
        case .skip: "SKIPPED"
        }
    }

    /// As a part of a row of counts.
    var participle: String {
        switch self {
        case .pass: "passed"
        case .fail: "failed"
        case .inconclusive: "inconclusive"
        case .skip: "skipped"
        }
    }
}

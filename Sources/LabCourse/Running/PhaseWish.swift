/// When faults come, as the command line has it.
public enum PhaseWish: Hashable, Sendable {
    /// So far into an interval after an advertisement, 0..<1.
    case at(Double)
    /// Spread over a part of the interval, within 0...1, as many moments as there are runs.
    case sweep(ClosedRange<Double>)

    /// Reads `0.25` or `0..1`.
    public init?(parsing text: String) {
        if let dots = text.firstRange(of: "..") {
            guard let from = Double(text[..<dots.lowerBound]), let to = Double(text[dots.upperBound...]),
                from >= 0, to <= 1, from < to
            else { return nil }
            self = .sweep(from...to)
        } else {
            guard let phase = Double(text), (0..<1).contains(phase) else { return nil }
            self = .at(phase)
        }
    }

    /// The phase of one of several runs: of a sweep the middles of as many equal parts, so that no fault comes at the
    /// very moment of an advertisement.
    public func phase(ofRun number: Int, of count: Int) -> Double {
        switch self {
        case .at(let phase): return phase
        case .sweep(let range):
            let share = (Double(number) - 0.5) / Double(max(count, 1))
            return range.lowerBound + (range.upperBound - range.lowerBound) * share
        }
    }
}

import Wire

/// Which instant stands where in a panel.
struct SwimlaneScale {
    var window: ClosedRange<Instant>
    /// What is written as zero.
    var origin: Instant
    var left: Double
    var right: Double

    func x(_ instant: Instant) -> Double {
        let length = Double(max((window.upperBound - window.lowerBound).nanoseconds, 1))
        return left + (right - left) * Double((instant - window.lowerBound).nanoseconds) / length
    }

    /// The visible part of a span, or nil when none is.
    func span(from start: Instant, to end: Instant) -> ClosedRange<Double>? {
        guard start <= window.upperBound, end >= window.lowerBound, start <= end else { return nil }
        return x(max(start, window.lowerBound))...x(min(end, window.upperBound))
    }

    /// Round instants, at least 80 units apart, with as many decimals as they need.
    var marks: [(instant: Instant, label: String)] {
        let room = max(Int64((right - left) / 80), 1)
        let least = max((window.upperBound - window.lowerBound).nanoseconds / room, 1)
        var step: Int64 = 1
        var digits = 9
        while step < least {
            for factor: Int64 in [2, 5, 10] where step * factor >= least || factor == 10 {
                step *= factor
                if factor == 10 { digits = max(digits - 1, 0) }
                break
            }
        }
        let first = (window.lowerBound - origin).nanoseconds
        var next = first >= 0 ? (first + step - 1) / step * step : first / step * step
        var marks: [(Instant, String)] = []
        while origin + .nanoseconds(next) <= window.upperBound {
            let offset = Duration.nanoseconds(next)
            marks.append((origin + offset, offset.decimalSeconds(digits: digits) + " s"))
            next += step
        }
        return marks
    }
}

/// Why a cable cannot be impaired as described.
public enum ImpairmentError: Error, Hashable, Sendable {
    /// The named share of frames is not within 0 to 1.
    case badShare(String, Double)
    /// The named duration is negative, or longer than an hour.
    case badLength(String, Duration)
    /// The jitter, first, is greater than the delay: frames would arrive before they are sent.
    case jitterBeyondDelay(Duration, Duration)
    /// The rate, in bits per second, is not within 1 to 10^12.
    case badRate(Int)
    /// The queue, in octets, is none: nothing could ever wait for the rate.
    case badQueue(Int)
    /// Some of the frames' numbers are below 1, or there are none.
    case badOrdinals(Set<Int>)
    /// It would do nothing.
    case harmless
}

extension ImpairmentError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .badShare(let name, let share):
            "a \(name) of \(share) is no share of frames: use 0 for none to 1 for all"
        case .badLength(let name, let length):
            "a \(name) of \(length) is none: use zero to an hour"
        case .jitterBeyondDelay(let jitter, let delay):
            "a jitter of \(jitter) beside a delay of \(delay) would have frames arrive before they are sent: "
                + "use at most the delay"
        case .badRate(let rate):
            "\(rate) bits in a second are no rate: use 1 to 1 000 000 000 000, or nil for no limit"
        case .badQueue(let queue):
            "a queue of \(queue) octets lets nothing wait: use at least the size of a frame"
        case .badOrdinals(let ordinals):
            "\(ordinals.sorted()) are no frames' numbers: they are counted from 1"
        case .harmless:
            "an impairment that does nothing proves nothing: give it a loss, a delay, or another harm"
        }
    }
}

import Timeline
import Wire

/// What a segment does to the frames that it carries.
public struct LinkQuality: Hashable, Sendable {
    /// One way, for each frame and receiver anew; the upper end is the L of the bounds.
    public var delay: ClosedRange<Duration>
    /// Whether a frame may overtake an earlier one from the same sender to the same receiver.
    public var reorders: Bool
    /// For each receiver by itself.
    public var lossPercent: Int
    /// How many frames in a hundred arrive a second time, after a delay of their own.
    public var duplicationPercent: Int

    public init(
        delay: ClosedRange<Duration> = .zero ... .zero, reorders: Bool = false, lossPercent: Int = 0,
        duplicationPercent: Int = 0
    ) {
        self.delay = delay
        self.reorders = reorders
        self.lossPercent = lossPercent
        self.duplicationPercent = duplicationPercent
    }
}

extension LinkQuality: CustomStringConvertible {
    /// As the options of a scenario are printed.
    public var description: String {
        let milliseconds = { (delay: Duration) in (delay * 1000).decimalSeconds(digits: 1) }
        let order = reorders ? "any order" : "in order"
        return "delay \(milliseconds(delay.lowerBound))...\(milliseconds(delay.upperBound)) ms, \(order), "
            + "loss \(lossPercent) %, duplication \(duplicationPercent) %"
    }
}

import Wire

/// What an impairment does to one frame: a pure function of its key, the same on every machine and for ever.
///
/// Each effect draws for itself, so that turning one on leaves the others as they were, and a greater share of losses
/// contains the losses of a smaller one.
public struct Fate: Hashable, Sendable {
    /// Whether the frame reaches nobody, whatever else is true of it.
    public var isLost: Bool
    /// How much longer the frame travels: delay and jitter together, without what a rate makes it wait.
    public var delay: Duration
    /// The bit that is turned over, counted from the first of the frame, the highest of each octet first.
    public var corruptedBit: Int?
    /// Whether the frame arrives twice.
    public var isDuplicated: Bool
    /// Whether the frame waits until the next one has passed it, or until the impairment's patience is over.
    public var isHeldBack: Bool

    /// The fate of a frame that its impairment does not concern.
    public static let unharmed = Fate(isLost: false, delay: .zero, isDuplicated: false, isHeldBack: false)

    init(isLost: Bool, delay: Duration, corruptedBit: Int? = nil, isDuplicated: Bool, isHeldBack: Bool) {
        self.isLost = isLost
        self.delay = delay
        self.corruptedBit = corruptedBit
        self.isDuplicated = isDuplicated
        self.isHeldBack = isHeldBack
    }

    /// Decides about a frame.
    ///
    /// - Parameters:
    ///   - key: which frame of which cable it is.
    ///   - length: the frame's, in octets; one that is only a header is never corrupted.
    ///   - impairment: what can become of it, and how likely each is.
    public init(of key: FateKey, length: Int, under impairment: Impairment) {
        guard impairment.selector.selects(key.frameClass, ordinal: key.ordinal) else {
            self = .unharmed
            return
        }
        let key = key.mixed
        isLost = Draw.loss.share(key) < impairment.loss
        isDuplicated = Draw.duplication.share(key) < impairment.duplication
        isHeldBack = Draw.reordering.share(key) < impairment.reordering
        delay = impairment.delay
        if impairment.jitter > .zero {
            let width = UInt64(impairment.jitter.nanoseconds) * 2 + 1
            let offset = Int64(Draw.jitter.number(key).multipliedFullWidth(by: width).high)
            delay += .nanoseconds(offset) - impairment.jitter
        }
        corruptedBit = nil
        if length > Self.headerLength, Draw.corruption.share(key) < impairment.corruption {
            let width = UInt64(length - Self.headerLength) * 8
            corruptedBit = Self.headerLength * 8 + Int(Draw.place.number(key).multipliedFullWidth(by: width).high)
        }
    }

    /// Of Ethernet: a frame whose addresses were wrong would be somebody else's.
    private static let headerLength = 14

    /// What is drawn for, each with numbers of its own; their values are part of every seed's story.
    private enum Draw: UInt64 {
        case loss = 1
        case jitter
        case duplication
        case reordering
        case corruption
        case place

        func number(_ key: UInt64) -> UInt64 {
            SeededGenerator.scrambled(key &+ rawValue &* 0x9e37_79b9_7f4a_7c15)
        }

        /// From 0 to just below 1.
        func share(_ key: UInt64) -> Double {
            Double(number(key) >> 11) * 0x1p-53
        }
    }
}

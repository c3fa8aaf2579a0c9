import Wire

/// What a bad cable did to one frame, and how exactly it did it.
public struct ImpairedFrame: Hashable, Sendable {
    /// What can become of a frame; several may.
    public enum Effect: String, Hashable, Sendable, CaseIterable {
        /// It reached nobody, as the seed decided.
        case lost
        /// Lost as well, but because too much waited for the cable's rate.
        case overflowed
        /// One bit was turned over.
        case corrupted
        /// By a delay, by a rate, or by both.
        case delayed
        /// Until another one had passed, or nobody came in time.
        case heldBack = "held-back"
        /// It arrived twice.
        case duplicated
    }

    /// The end of the cable, at the event's node.
    public var interface: String
    /// As the node at that end sees it.
    public var direction: CapturedFrame.Direction
    /// What kind of frame it was, and so in which count.
    public var frameClass: FrameClass
    /// Counted from 1, among the frames of its class since the impairment began.
    public var ordinal: Int
    /// In the order in which they are declared.
    public var effects: [Effect]
    /// The bit that was turned over, counted from the first of the frame, the highest of each octet first.
    public var corruptedBit: Int?
    /// How much later it was to pass: delay, jitter and the wait for the rate, without being held back.
    public var intendedDelay: Duration
    /// How much later it passed, being held back included; zero for a frame that is lost.
    public var actualDelay: Duration

    /// Tells of one frame; the defaults are no bit and no delay.
    public init(
        interface: String, direction: CapturedFrame.Direction, frameClass: FrameClass, ordinal: Int,
        effects: [Effect], corruptedBit: Int? = nil, intendedDelay: Duration = .zero, actualDelay: Duration = .zero
    ) {
        self.interface = interface
        self.direction = direction
        self.frameClass = frameClass
        self.ordinal = ordinal
        self.effects = effects
        self.corruptedBit = corruptedBit
        self.intendedDelay = intendedDelay
        self.actualDelay = actualDelay
    }

    /// Whether it went no further.
    public var isLost: Bool { effects.contains(.lost) || effects.contains(.overflowed) }
}

extension ImpairedFrame: CustomStringConvertible {
    /// In one line for people, such as `sent vrrp #3 lost`.
    public var description: String {
        "\(direction.rawValue) \(frameClass) #\(ordinal) \(effects.map(\.rawValue).joined(separator: ", "))"
    }
}

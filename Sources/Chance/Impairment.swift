import Wire

/// What a bad cable does to the frames that pass it in one direction.
///
/// The fate of a frame depends on nothing but the seed, the cable, the direction, the frame's class and its number in
/// that class, so that one ARP more does not change what happens to the advertisements.
public struct Impairment: Hashable, Sendable {
    /// The share of frames that are lost, 0 to 1.
    public var loss: Double
    /// How much longer a frame travels.
    public var delay: Duration
    /// A frame is delayed by up to so much more or less, each length with the same chance; frames may overtake.
    public var jitter: Duration
    /// The share of frames that arrive twice, 0 to 1.
    public var duplication: Double
    /// The share of frames that are held back until the next one has passed them, 0 to 1.
    public var reordering: Double
    /// The share of frames in which one bit is turned over, 0 to 1.
    public var corruption: Double
    /// Bits in a second; nil is no limit.
    public var rate: Int?
    /// Octets that wait for the rate before more are lost.
    public var queue: Int
    public var selector: FrameSelector

    public init(
        loss: Double = 0, delay: Duration = .zero, jitter: Duration = .zero, duplication: Double = 0,
        reordering: Double = 0, corruption: Double = 0, rate: Int? = nil, queue: Int = 128 * 1024,
        on selector: FrameSelector = .all
    ) {
        self.loss = loss
        self.delay = delay
        self.jitter = jitter
        self.duplication = duplication
        self.reordering = reordering
        self.corruption = corruption
        self.rate = rate
        self.queue = queue
        self.selector = selector
    }
}

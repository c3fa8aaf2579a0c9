import Wire

/// What a bad cable does to the frames that pass it in one direction.
///
/// The fate of a frame depends on nothing but the seed, the cable, the direction, the frame's class and its number in
/// that class, so that one ARP more does not change what happens to the advertisements. See `Fate`.
public struct Impairment: Hashable, Sendable {
    /// The share of frames that are lost, 0 to 1.
    public var loss: Double
    /// How much longer a frame travels.
    public var delay: Duration
    /// A frame is delayed by up to so much more or less, each length with the same chance; frames may overtake. At most
    /// the delay itself, since nothing arrives before it was sent.
    public var jitter: Duration
    /// The share of frames that arrive twice, 0 to 1.
    public var duplication: Double
    /// The share of frames that are held back until the next one has passed them, 0 to 1.
    public var reordering: Double
    /// How long a frame is held back at most, when no other comes.
    public var patience: Duration
    /// The share of frames in which one bit beyond the Ethernet header is turned over, 0 to 1.
    public var corruption: Double
    /// Bits in a second; nil is no limit.
    public var rate: Int?
    /// Octets that wait for the rate before more are lost.
    public var queue: Int
    /// Which of the frames that pass in its direction the impairment concerns.
    public var selector: FrameSelector

    /// How long a frame that is held back waits for another, unless somebody says otherwise: 100 ms.
    public static let standardPatience: Duration = .milliseconds(100)
    /// What waits for a rate, unless somebody says otherwise: 128 KiB.
    public static let standardQueue = 128 * 1024

    /// Describes a bad cable by what is bad about it; each default does no harm, so most impairments name one or two.
    public init(
        loss: Double = 0, delay: Duration = .zero, jitter: Duration = .zero, duplication: Double = 0,
        reordering: Double = 0, patience: Duration = Self.standardPatience, corruption: Double = 0, rate: Int? = nil,
        queue: Int = Self.standardQueue, on selector: FrameSelector = .all
    ) {
        self.loss = loss
        self.delay = delay
        self.jitter = jitter
        self.duplication = duplication
        self.reordering = reordering
        self.patience = patience
        self.corruption = corruption
        self.rate = rate
        self.queue = queue
        self.selector = selector
    }

    /// Finds what cannot be meant before any frame suffers from it.
    public func validate() throws(ImpairmentError) {
        let shares = [
            ("loss", loss), ("duplication", duplication), ("reordering", reordering), ("corruption", corruption),
        ]
        for (name, share) in shares where !(0...1).contains(share) { throw .badShare(name, share) }
        for (name, length) in [("delay", delay), ("jitter", jitter), ("patience", patience)]
        where !(.zero...Self.longest).contains(length) {
            throw .badLength(name, length)
        }
        guard jitter <= delay else { throw .jitterBeyondDelay(jitter, delay) }
        if let rate, !(1...1_000_000_000_000).contains(rate) { throw .badRate(rate) }
        guard queue > 0 else { throw .badQueue(queue) }
        if case .nth(let ordinals, _) = selector, ordinals.isEmpty || ordinals.contains(where: { $0 < 1 }) {
            throw .badOrdinals(ordinals)
        }
        guard shares.contains(where: { $0.1 > 0 }) || delay > .zero || rate != nil else { throw .harmless }
    }

    /// Longer than any test waits.
    private static let longest: Duration = .seconds(3600)
}

extension Impairment: CustomStringConvertible {
    /// The Swift expression that makes it, without what need not be said.
    public var description: String {
        let standard = Impairment()
        var words: [String] = []
        func say(_ name: String, _ text: String, unless isStandard: Bool) {
            if !isStandard { words.append("\(name): \(text)") }
        }
        say("loss", "\(loss)", unless: loss == standard.loss)
        say("delay", delay.literal, unless: delay == standard.delay)
        say("jitter", jitter.literal, unless: jitter == standard.jitter)
        say("duplication", "\(duplication)", unless: duplication == standard.duplication)
        say("reordering", "\(reordering)", unless: reordering == standard.reordering)
        say("patience", patience.literal, unless: patience == standard.patience)
        say("corruption", "\(corruption)", unless: corruption == standard.corruption)
        say("rate", "\(rate ?? 0)", unless: rate == standard.rate)
        say("queue", "\(queue)", unless: queue == standard.queue)
        say("on", "\(selector)", unless: selector == standard.selector)
        return "Impairment(\(words.joined(separator: ", ")))"
    }
}

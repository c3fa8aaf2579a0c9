import Chance
import Timeline
import Wire

/// One impairment in force on one direction of a cable: it counts the frames, and tells what becomes of each.
struct BadCable {
    /// What becomes of a frame that came to the cable's beginning.
    enum Passage {
        case untouched
        case lost(ImpairedFrame)
        /// It passes in some other way than it came, after a while.
        case changed([UInt8], after: Duration, ImpairedFrame)
    }

    let end: LinkEnd
    let direction: CapturedFrame.Direction
    let impairment: Impairment
    let layer: Int
    private let seed: UInt64
    private var counts: [FrameClass: Int] = [:]
    /// When the last frame that keeps to the rate will have passed.
    private var busyUntil: Instant = .zero
    private var held: Flight?
    private var holdings = 0

    init(
        at end: LinkEnd, _ direction: CapturedFrame.Direction, _ impairment: Impairment, layer: Int, seed: UInt64
    ) {
        self.end = end
        self.direction = direction
        self.impairment = impairment
        self.layer = layer
        self.seed = seed
    }

    /// Counts a frame and decides about it.
    mutating func admit(_ octets: [UInt8], at now: Instant) -> Passage {
        let frameClass = FrameClass(of: octets)
        let ordinal = counts[frameClass, default: 0] + 1
        counts[frameClass] = ordinal
        guard impairment.selector.selects(frameClass, ordinal: ordinal) else { return .untouched }
        let key = FateKey(
            seed: seed, link: "\(end)", direction: direction, frameClass: frameClass, ordinal: ordinal, layer: layer)
        let fate = Fate(of: key, length: octets.count, under: impairment)
        var frame = ImpairedFrame(
            interface: end.interface, direction: direction, frameClass: frameClass, ordinal: ordinal, effects: [])
        if fate.isLost {
            frame.effects = [.lost]
            return .lost(frame)
        }
        guard let wait = reserve(octets.count, at: now) else {
            frame.effects = [.overflowed]
            return .lost(frame)
        }
        var octets = octets
        if let bit = fate.corruptedBit {
            octets[bit / 8] ^= 0x80 >> (bit % 8)
            frame.corruptedBit = bit
            frame.effects.append(.corrupted)
        }
        frame.intendedDelay = fate.delay + wait
        if frame.intendedDelay > .zero { frame.effects.append(.delayed) }
        if fate.isHeldBack { frame.effects.append(.heldBack) }
        if fate.isDuplicated { frame.effects.append(.duplicated) }
        return frame.effects.isEmpty ? .untouched : .changed(octets, after: frame.intendedDelay, frame)
    }

    /// How long a frame waits until the rate has let it pass; nil when too much waits already.
    private mutating func reserve(_ count: Int, at now: Instant) -> Duration? {
        guard let rate = impairment.rate else { return .zero }
        let begin = max(busyUntil, now)
        let backlog = Double((begin - now).nanoseconds) * Double(rate) / 8e9
        // An idle cable takes a frame of any size.
        guard begin == now || backlog + Double(count) <= Double(impairment.queue) else { return nil }
        busyUntil = begin + .nanoseconds(Int64(Double(count) * 8e9 / Double(rate)))
        return busyUntil - now
    }

    /// Keeps a frame back until the next one has passed.
    ///
    /// - Returns: a number by which only this one is released; nil when another is held, so that this one passes it.
    mutating func hold(_ flight: Flight) -> Int? {
        guard held == nil else { return nil }
        held = flight
        holdings += 1
        return holdings
    }

    /// Lets go of the frame that is held: of that number, or of any.
    mutating func release(_ number: Int? = nil) -> Flight? {
        guard number.map({ $0 == holdings }) ?? true else { return nil }
        return held.take()
    }
}

/// A frame under way in a bad cable.
struct Flight {
    var octets: [UInt8]
    /// The port at this cable's far end.
    var port: Int
    var cable: Int
    /// The cables that follow.
    var rest: ArraySlice<Int>
    var began: Instant
    var note: ImpairedFrame
}

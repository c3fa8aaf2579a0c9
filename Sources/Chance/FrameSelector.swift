import Wire

/// Which frames an impairment concerns.
public enum FrameSelector: Hashable, Sendable {
    /// Every frame, of whatever class.
    case all
    /// Frames of one class; the others pass unharmed.
    case only(FrameClass)
    /// All but those of a class: an impairment that spares ARP does not spoil the warm-up.
    case except(FrameClass)
    /// Frames of a class by their number since the impairment began, counted from 1: `.nth([3], .vrrp)` is the third
    /// advertisement.
    case nth(Set<Int>, FrameClass)

    /// Whether a frame of a class is concerned, by its number in that class.
    public func selects(_ frameClass: FrameClass, ordinal: Int) -> Bool {
        switch self {
        case .all: true
        case .only(let only): frameClass == only
        case .except(let spared): frameClass != spared
        case .nth(let ordinals, let only): frameClass == only && ordinals.contains(ordinal)
        }
    }
}

extension FrameSelector: CustomStringConvertible {
    /// The Swift expression that makes it.
    public var description: String {
        switch self {
        case .all: ".all"
        case .only(let only): ".only(.\(only))"
        case .except(let spared): ".except(.\(spared))"
        case .nth(let ordinals, let only): ".nth(\(ordinals.sorted()), .\(only))"
        }
    }
}

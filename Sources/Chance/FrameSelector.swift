/// Which frames an impairment concerns.
public enum FrameSelector: Hashable, Sendable {
    case all
    case only(FrameClass)
    /// All but those of a class: an impairment that spares ARP does not spoil the warm-up.
    case except(FrameClass)
    /// Frames of a class by their number since the impairment began, counted from 1: `.nth([3], .vrrp)` is the third
    /// advertisement.
    case nth(Set<Int>, FrameClass)
}

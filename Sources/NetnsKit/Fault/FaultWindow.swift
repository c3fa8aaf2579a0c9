import Wire

/// The time that it took to change a lab: somewhere in it the kernel did what it was told.
public struct FaultWindow: Hashable, Sendable {
    /// Just before: what the change causes comes later. Claims that something happens count from here.
    public var began: Instant
    /// Just after: what the change prevents does not come later. Claims that something never happens count from here.
    public var inForce: Instant

    /// Says from when to when a change of the network was made.
    public init(began: Instant, inForce: Instant) {
        self.began = began
        self.inForce = inForce
    }
}

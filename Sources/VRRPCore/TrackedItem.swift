/// A script, interface, file or process that a virtual router or a sync group watches.
public struct TrackedItem: Hashable, Sendable {
    public var name: String
    /// -253...253; 0 puts the router into fault while the item is down.
    ///
    /// The weight of a file is multiplied by the number in it; 0 is a fault while the number is not 0.
    public var weight: Int
    /// The weight counts with the opposite sign (`reverse`); with weight 0, up is the fault.
    public var isReversed: Bool

    public init(_ name: String, weight: Int = 0, isReversed: Bool = false) {
        self.name = name
        self.weight = weight
        self.isReversed = isReversed
    }
}

import Timeline
import Wire

/// A virtual router that took part, by its node's file; times in seconds.
public struct RouterRecord: Codable, Hashable, Sendable {
    public var node: String
    public var name: String
    public var identifier: UInt8
    public var priority: Int
    /// From one advertisement to the next.
    public var interval: Double
    /// From the last word of a silent master to this router's first.
    public var silence: Double
    /// The same after a master has resigned.
    public var resignation: Double

    public init(
        node: String, name: String, identifier: UInt8, priority: Int, interval: Double, silence: Double,
        resignation: Double
    ) {
        self.node = node
        self.name = name
        self.identifier = identifier
        self.priority = priority
        self.interval = interval
        self.silence = silence
        self.resignation = resignation
    }

    init(_ router: ConfiguredRouter) {
        let figures = router.figures
        self.init(
            node: router.node, name: figures.name, identifier: router.identifier, priority: figures.priority,
            interval: figures.times.interval.inSeconds, silence: figures.silence.inSeconds,
            resignation: figures.resignation.inSeconds)
    }
}

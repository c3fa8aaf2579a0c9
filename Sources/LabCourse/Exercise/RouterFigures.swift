import VRRPCore
import Wire

/// What the protocol makes of a virtual router's values: how long others wait for it, and it for others.
public struct RouterFigures: Hashable, Sendable {
    /// The instance, such as `VI_1`.
    public var name: String
    public var priority: Int
    public var times: ProtocolTimes

    public init(name: String, priority: Int, times: ProtocolTimes) {
        self.name = name
        self.priority = priority
        self.times = times
    }

    /// From its last word to the moment at which this router takes a silent master's place.
    public var silence: Duration { times.masterDown(priority) }
    /// The same when the master resigns.
    public var resignation: Duration { times.skew(priority) }
}

extension ConfigurationReading {
    /// The figures of each virtual router that can run, in the order in which they are written.
    public var figures: [RouterFigures] {
        routers.map { router in
            RouterFigures(
                name: router.name, priority: Int(router.priority.rawValue), times: Self.times(of: router))
        }
    }
}

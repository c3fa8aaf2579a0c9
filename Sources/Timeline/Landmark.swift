import Wire

/// A named kind of event: a step of an order, or what proves that a record would have shown more.
public struct Landmark: Sendable {
    /// How verdicts and failures name it, such as `an advertisement from r2`.
    public var name: String
    /// Whether an event is of this kind.
    public var matches: @Sendable (TimelineEvent) -> Bool

    /// Gives a kind of event a name.
    public init(_ name: String, matches: @escaping @Sendable (TimelineEvent) -> Bool) {
        self.name = name
        self.matches = matches
    }
}

extension Landmark {
    /// Any frame at a node's end of a cable, whoever sent it: the capture there works.
    public static func frame(at node: String, _ direction: CapturedFrame.Direction? = nil) -> Landmark {
        let verb = direction.map { " is \($0.rawValue)" } ?? " passes"
        return Landmark("a frame\(verb) at \(node)") { event in
            event.node == node && event.frameDirection.map { direction == nil || $0 == direction } ?? false
        }
    }

    /// A VRRP advertisement that a node sends.
    public static func advertisement(from node: String) -> Landmark {
        Landmark("\(node) advertises") { $0.isAdvertisement(from: node) }
    }

    /// A line of a program's output, on either stream: the program runs and is listened to.
    public static func line(on node: String, containing fragment: String = "") -> Landmark {
        Landmark("\(node) writes '\(fragment)'") { event in
            guard event.node == node, case .output(_, _, let line) = event.kind else { return false }
            return fragment.isEmpty || line.contains(fragment)
        }
    }
}

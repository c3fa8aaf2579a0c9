import Wire

/// Something that is so or is not so at every moment, as events tell: an address is there, a link is up.
public struct Condition: Sendable {
    /// What a failure calls it, such as `r1 has 10.0.0.100`.
    public var name: String
    /// What holds before the first event that says anything; nil when nobody knows.
    public var initially: Bool?
    /// What an event says: so from here on, not so from here on, or nil when it says nothing of it.
    public var told: @Sendable (TimelineEvent) -> Bool?

    /// Makes a condition of what events say of it.
    public init(_ name: String, initially: Bool? = nil, told: @escaping @Sendable (TimelineEvent) -> Bool?) {
        self.name = name
        self.initially = initially
        self.told = told
    }
}

extension Condition {
    /// A node's kernel has an address.
    ///
    /// - Parameters:
    ///   - address: of either family, on whatever interface.
    ///   - node: whose kernel is meant.
    ///   - initially: true for an address that the topology gave, which no event tells of.
    public static func address(_ address: IPAddress, on node: String, initially: Bool? = nil) -> Condition {
        Condition("\(node) has \(address)", initially: initially) { event in
            guard event.node == node else { return nil }
            switch event.kind {
            case .addressAdded(let prefix, _) where prefix.address == address: return true
            case .addressRemoved(let prefix, _) where prefix.address == address: return false
            case .vanished: return false
            default: return nil
            }
        }
    }

    /// An interface has its carrier; every lab begins that way.
    public static func carrier(_ interface: String, on node: String) -> Condition {
        Condition("\(node)/\(interface) has its carrier", initially: true) { event in
            guard event.node == node, case .link(interface, let isUp) = event.kind else { return nil }
            return isUp
        }
    }

    /// A process runs, from its start to its end.
    public static func running(_ process: String, on node: String) -> Condition {
        Condition("\(process) runs on \(node)", initially: false) { event in
            guard event.node == node else { return nil }
            switch event.kind {
            case .started(process, _): return true
            case .exited(process, _), .vanished: return false
            default: return nil
            }
        }
    }
}

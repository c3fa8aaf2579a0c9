import Wire

/// How a network got over the loss of a router, step by step, from one record.
///
/// The last advertisement, the new router's first, its address, its announcement, the bridge, the client's own belief,
/// and the first answer that the client gets from it. Times are the kernel's where it stamps (frames), and the reader's
/// with an uncertainty where it does not (everything that netlink says).
public struct Convergence: Hashable, Sendable {
    /// The shared address that moved.
    public var address: IPAddress
    /// When what is measured from was done.
    public var fault: Instant
    /// In the order in which they are expected.
    public var steps: [Step]

    /// One thing that has to happen.
    public struct Step: Hashable, Sendable {
        /// Which of the things that have to happen this is.
        public var name: Name
        /// What the record says of it.
        public var finding: Finding

        /// The event, when there is one.
        public var event: TimelineEvent? {
            if case .seen(let event) = finding { event } else { nil }
        }

        /// Whether the step should have been seen and was not.
        public var isMissing: Bool {
            if case .missing = finding { true } else { false }
        }
    }

    /// What has to happen.
    public enum Name: String, Hashable, Sendable, CaseIterable {
        /// The backup hears the old master for the last time: its timer starts here.
        case lastAdvertisement = "last advertisement heard"
        /// The new master says that it is.
        case firstAdvertisement = "first advertisement of the new master"
        /// The new master's kernel has the address.
        case addressAdded = "address added"
        /// The new master's first gratuitous ARP, or unsolicited neighbor advertisement.
        case announcement = "first announcement"
        /// The bridge sends frames for the address's station to the new master's port.
        case forwarding = "bridge forwards to the new master"
        /// The client's kernel believes that the address is at the new master.
        case neighbor = "client's neighbor entry changed"
        /// The client is answered by the new master: the outage is over.
        case answer = "first answer of the new master"
    }

    /// What the record says of a step.
    public enum Finding: Hashable, Sendable {
        /// It happened, and this is the event.
        case seen(TimelineEvent)
        /// Nothing had to change, for this reason.
        case notNeeded(String)
        /// It was not seen, or nobody looked.
        case missing(String)
    }

    /// Takes the steps out of a record.
    ///
    /// - Parameters:
    ///   - address: the shared one, of either family.
    ///   - old: the node that had the address.
    ///   - new: the node that takes it over.
    ///   - client: the node that asks the address for something all the time, by any protocol.
    ///   - fault: where the time begins.
    ///   - timeline: the record of the whole failover.
    public init(
        of address: IPAddress, from old: String, to new: String, seenBy client: String, after fault: Instant,
        in timeline: Timeline
    ) {
        self.address = address
        self.fault = fault
        let search = ConvergenceSearch(
            timeline: timeline, address: address, old: old, new: new, client: client, fault: fault)
        steps = Name.allCases.map { Step(name: $0, finding: search.finding(of: $0)) }
    }

    /// The step of this name; every name has one.
    public subscript(_ name: Name) -> Step {
        steps.first { $0.name == name } ?? Step(name: name, finding: .missing("not looked for"))
    }

    /// From the fault to a step, in microseconds; nil when it was not seen.
    public func microseconds(to name: Name) -> Double? {
        self[name].event.map { Double(($0.time - fault).nanoseconds) / 1000 }
    }

    /// What can only come after what, as far as both were seen and their clocks can tell; empty when all is in order.
    public var disorder: [String] {
        Self.causes.compactMap { cause, effect in
            guard let first = self[cause].event, let second = self[effect].event,
                Timeline.order(first, second) == .after
            else { return nil }
            return
                "\(effect.rawValue) came \((first.time - second.time).nanoseconds / 1000) µs before \(cause.rawValue)"
        }
    }

    private static let causes: [(Name, Name)] = [
        (.lastAdvertisement, .firstAdvertisement), (.firstAdvertisement, .addressAdded),
        (.firstAdvertisement, .announcement), (.announcement, .neighbor), (.addressAdded, .answer),
        (.forwarding, .answer), (.neighbor, .answer),
    ]
}

extension Convergence: CustomStringConvertible {
    /// A small table: microseconds from the fault, how much earlier it may have been, and what was missing.
    public var description: String {
        let rows = steps.map { step -> String in
            switch step.finding {
            case .seen(let event):
                let uncertainty = event.uncertainty.nanoseconds / 1000
                let time = Self.padded("\((event.time - fault).nanoseconds / 1000)", to: 11)
                let early = Self.padded(uncertainty > 0 ? "-\(uncertainty)" : "", to: 8)
                return "\(time)\(early)  \(step.name.rawValue)"
            case .notNeeded(let reason):
                return "\(Self.padded("-", to: 11))\(Self.padded("", to: 8))  \(step.name.rawValue): \(reason)"
            case .missing(let reason):
                return "\(Self.padded("?", to: 11))\(Self.padded("", to: 8))  \(step.name.rawValue): MISSING, \(reason)"
            }
        }
        let head = "\(Self.padded("µs", to: 11))\(Self.padded("or", to: 8))  after the fault, \(address)"
        return ([head] + rows).map { $0 + "\n" }.joined()
    }

    private static func padded(_ text: String, to width: Int) -> String {
        String(repeating: " ", count: max(width - text.count, 0)) + text
    }
}

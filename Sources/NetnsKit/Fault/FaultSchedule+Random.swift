import Chance
import Wire

extension FaultSchedule {
    /// How much may go wrong at a time.
    public struct Budget: Hashable, Sendable {
        /// At most so many faults.
        public var faults: Int
        /// Faults of at most so many nodes; of a partition, all nodes but those of the largest group count.
        public var nodes: Int

        /// Limits faults, nodes, or both; what is left out is not limited.
        public init(faults: Int = .max, nodes: Int = .max) {
            self.faults = faults
            self.nodes = nodes
        }

        /// Any number of faults at a time, on any number of nodes.
        public static let unlimited = Budget()
        /// One fault at a time; one of a moment, such as a kill, does not count.
        public static let atMostOneFault = Budget(faults: 1)
        /// Whatever goes wrong, only one node has it, so that the others should serve.
        public static let atMostOneNode = Budget(nodes: 1)
    }

    /// Draws a schedule from a seed; the same seed and choice give the same schedule on every machine.
    ///
    /// No two faults of one moment contradict each other: no link is pulled that is down, no process is paused that was
    /// killed.
    ///
    /// - Parameters:
    ///   - seed: names the schedule for ever.
    ///   - choice: each with the same chance; `Topology.faults` lists those of a kind.
    ///   - span: faults begin and end in it; at its end nothing is in force.
    ///   - lengths: how long a fault stays, to the millisecond.
    ///   - pauses: from the beginning of one to the beginning of the next.
    ///   - budget: how much may go wrong at a time.
    public init(
        seed: UInt64, from choice: [Fault], over span: Duration,
        lengths: ClosedRange<Duration> = .milliseconds(50) ... .seconds(2),
        pauses: ClosedRange<Duration> = .milliseconds(10) ... .seconds(1), within budget: Budget = .unlimited
    ) {
        var generator = SeededGenerator(seed: seed)
        var entries: [Entry] = []
        var time = generator.milliseconds(in: pauses)
        while time < span {
            var length = min(generator.milliseconds(in: lengths), span - time)
            if length == .zero { length = .milliseconds(1) }
            let allowed = choice.filter { fault in
                Self.allows(fault, at: time, for: length, beside: entries, budget)
            }
            if !allowed.isEmpty {
                let fault = generator.element(of: allowed)
                entries.append(Entry(at: time, fault, for: fault.isMomentary ? nil : length))
            }
            time = time + max(generator.milliseconds(in: pauses), .milliseconds(1))
        }
        self.init(entries, end: span)
    }

    private static func allows(
        _ fault: Fault, at time: Duration, for length: Duration, beside entries: [Entry], _ budget: Budget
    ) -> Bool {
        // Entries are drawn in the order of time, so those that have begun are all that matter. One that ends at the
        // moment at which another begins is still too near.
        let present = entries.filter { entry in
            entry.fault.leavesNothing || time <= entry.time + (entry.length ?? .zero)
        }.map(\.fault)
        let lasting = present.filter { !$0.isMomentary } + (fault.isMomentary ? [] : [fault])
        return present.allSatisfy { $0.subjects.isDisjoint(with: fault.subjects) }
            && lasting.count <= budget.faults
            && Set((present + [fault]).flatMap(\.disturbedNodes)).count <= budget.nodes
    }
}

extension SeededGenerator {
    fileprivate mutating func milliseconds(in range: ClosedRange<Duration>) -> Duration {
        .milliseconds(duration(in: range).nanoseconds / 1_000_000)
    }
}

extension Fault {
    /// What a fault takes hold of; two faults of the same thing at a time contradict each other.
    enum Subject: Hashable {
        case process(ProcessName)
        case link(LinkEnd)
        case segment(String)
        case routes(of: String)
        case directory(String, of: String)
    }

    var subjects: Set<Subject> {
        switch self {
        case .kill(let process, _), .terminate(let process), .pause(let process), .hang(let process),
            .slow(let process, _), .noDescriptors(let process):
            [.process(process)]
        case .linkDown(let end), .removal(let end), .addressRemoval(_, let end):
            [.link(end), .routes(of: end.node)]
        case .carrierLoss(let end), .flap(let end, _, _), .silence(let end), .mute(let end, _), .deaf(let end, _),
            .filter(let end, _), .duplicateAddress(_, let end), .staleNeighbor(_, _, let end, _),
            .neighborFlush(let end), .impair(let end, _, _):
            [.link(end)]
        case .partition(let segment, _), .oneWay(let segment, _, _): [.segment(segment)]
        case .routeRemoval(_, let node): [.routes(of: node)]
        case .full(let directory, let node), .readOnly(let directory, let node): [.directory(directory, of: node)]
        }
    }

    /// Whether what it took hold of is gone for good.
    var leavesNothing: Bool {
        switch self {
        case .kill, .terminate: true
        default: false
        }
    }

    /// The nodes that cannot be counted on while it lasts.
    fileprivate var disturbedNodes: Set<String> {
        switch self {
        case .partition(_, let groups):
            Set(groups.sorted { $0.count < $1.count }.dropLast().joined())
        case .oneWay(_, let senders, _): Set(senders)
        default: Set(nodes)
        }
    }
}

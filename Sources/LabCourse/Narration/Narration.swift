import NetnsKit
import Timeline
import VRRPCore
import Wire

/// Tells what happens in a lab while it happens: a line for each thing that a learner should see, with what belongs
/// together in one.
///
/// Events come in as they are recorded, which for late reports is not the order of time; a line comes out when nothing
/// more can belong to it.
public struct Narration: Sendable {
    /// How long a line waits for what belongs to it.
    public static let patience: Duration = .milliseconds(250)

    static let shortStall: Duration = .milliseconds(100)

    /// What was told, and what waits to be.
    var pending: [Entry] = []
    /// What each router sent last, by node and virtual router.
    var sent: [Sender: Hearing] = [:]
    /// What each router heard last of another.
    var heard: [Sender: Hearing] = [:]
    var linksDown: Set<LinkEnd> = []
    /// Programs whose beginning was told.
    var programs: Set<ProcessName> = []
    var outages: [String: Outage] = [:]
    let cast: Cast

    /// - Parameter cast: who takes part.
    public init(_ cast: Cast) {
        self.cast = cast
    }

    /// Who takes part in a scenario, and where.
    public struct Cast: Sendable {
        /// When the lab was ready.
        public var origin: Instant
        /// Each address of the topology and the node that has it.
        public var places: [IPAddress: String]
        /// The name of the daemon that each router runs.
        public var daemons: [String: String]
        /// The addresses that may move.
        public var addresses: Set<IPAddress>

        public init(
            origin: Instant, places: [IPAddress: String], daemons: [String: String], addresses: Set<IPAddress>
        ) {
            self.origin = origin
            self.places = places
            self.daemons = daemons
            self.addresses = addresses
        }
    }

    /// One line: when, where, what, and the rest.
    public struct Line: Hashable, Sendable {
        public var time: Instant
        /// A node; empty for what befalls the lab.
        public var node: String
        /// Such as `MASTER`, `FAULT` or `check`.
        public var word: String
        public var text: String

        public init(time: Instant, node: String, word: String, text: String) {
            self.time = time
            self.node = node
            self.word = word
            self.text = text
        }
    }

    struct Sender: Hashable {
        var node: String
        var router: UInt8
    }

    struct Hearing {
        var node: String
        var time: Instant
        var priority: UInt8
    }

    struct Outage {
        var first: Instant
        var count: Int
    }

    /// A line that may grow.
    struct Entry {
        enum Role { case rise, leave, other }

        var time: Instant
        var node: String
        var word: String
        var role = Role.other
        var phrases: [String] = []
        /// Addresses that came or went.
        var addresses: Set<IPAddress> = []
        var announcements = 0
    }

    /// The nodes that advertise as masters, as far as they have said.
    public func masters(at time: Instant) -> Set<String> {
        Set(sent.values.filter { $0.priority > 0 && time - $0.time < .seconds(4) }.map(\.node))
    }

    /// Tells of something that is in no timeline, below what is told at that time.
    public mutating func add(_ word: String, _ text: String, at time: Instant) {
        pending.append(Entry(time: time, node: "", word: word, phrases: [text]))
    }

    /// What can be told: everything that is older than an instant, in the order of time; everything when nil.
    public mutating func lines(before limit: Instant? = nil) -> [Line] {
        let isReady = { (entry: Entry) in limit.map { entry.time < $0 } ?? true }
        let ready = pending.enumerated().filter { isReady($0.element) }
            .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        pending.removeAll(where: isReady)
        return ready.map { $0.element.line(isOnlyAddress: cast.addresses.count == 1) }
    }

    /// When the first line that waits can be told; nil when none waits.
    public var due: Instant? { pending.map(\.time).min().map { $0 + Self.patience } }
}

extension Narration.Entry {
    fileprivate func line(isOnlyAddress: Bool) -> Narration.Line {
        var parts = phrases
        if !addresses.isEmpty {
            let name = isOnlyAddress ? "VIP" : addresses.count == 1 ? "\(addresses.first!)" : "\(addresses.count) VIPs"
            parts.append("\(name) \(role == .leave ? "removed" : "up")")
        }
        if announcements > 0 { parts.append("\(announcements) gratuitous ARP\(announcements == 1 ? "" : "s")") }
        return Narration.Line(time: time, node: node, word: word, text: parts.joined(separator: "; "))
    }
}

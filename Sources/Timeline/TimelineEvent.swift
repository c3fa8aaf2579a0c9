import Wire

/// One thing that happened, where, when, and how sure the "when" is.
public struct TimelineEvent: Hashable, Sendable {
    /// When it happened, or for what netlink reports, when it was read.
    public var time: Instant
    /// The event happened at most this long before `time`; zero for frames, which the kernel stamps as they pass.
    public var uncertainty: Duration
    /// The node, or nil for the lab as a whole.
    public var node: String?
    /// What happened, with the values that belong to it.
    public var kind: Kind
    /// The rtnetlink message that a kernel's event was read from, header included, in the order of the machine's
    /// octets; nil for everything else.
    public var netlink: [UInt8]?

    /// Makes an event as a lab does: for tests of checkers, and for events of one's own source.
    public init(
        at time: Instant, uncertainty: Duration = .zero, node: String? = nil, _ kind: Kind, netlink: [UInt8]? = nil
    ) {
        self.time = time
        self.uncertainty = uncertainty
        self.node = node
        self.kind = kind
        self.netlink = netlink
    }

    /// What can happen to a node, or to the lab as a whole.
    public enum Kind: Hashable, Sendable {
        /// A frame passed a link end of the node.
        case frame(CapturedFrame)
        /// A bad cable of the node did something to a frame.
        case impaired(ImpairedFrame)
        /// An interface of the node gained or lost its carrier.
        case link(interface: String, isUp: Bool)
        /// An interface of the node has an address that it did not have.
        case addressAdded(IPPrefix, interface: String)
        /// An interface of the node has an address no more.
        case addressRemoved(IPPrefix, interface: String)
        /// The node's main routing table gained a route.
        case routeAdded(NodeRoute)
        /// The node's main routing table lost a route.
        case routeRemoved(NodeRoute)
        /// The node's opinion of another host on its link changed.
        case neighbor(IPAddress, NeighborChange, interface: String)
        /// A bridge forwards frames for a station by another port than before.
        case forwarding(MACAddress, ForwardingChange)
        /// A program was started; `arguments` begin with its name.
        case started(process: String, arguments: [String])
        /// A program wrote a line; the line break is not part of it.
        case output(process: String, stream: OutputStream, line: String)
        /// A program ended, by itself or by a signal.
        case exited(process: String, ExitStatus)
        /// A program came to an end that its author did not want, or left a report of one.
        case crashed(process: String, Crash)
        /// A client's request was answered, or was given up.
        case request(ClientRequest)
        /// A fault began; the text names it as the author wrote it.
        case fault(String)
        /// A fault was taken back.
        case healed(String)
        /// A step of the scenario, for people.
        case step(String)
        /// What a checker or an expectation found.
        case verdict(String, Outcome)
        /// The host itself stood still; figures of this time are not to be trusted.
        case stall(Duration)
        /// A source lost events: its buffer overflowed, and so many went missing, when that is known.
        case lost(source: String, count: Int?)
    }
}

/// A frame on one end of a link.
public struct CapturedFrame: Hashable, Sendable {
    /// Seen from the node whose link end it is.
    public enum Direction: String, Hashable, Sendable, Codable {
        /// The node sent it.
        case sent
        /// It was delivered to the node.
        case received
    }

    /// Which interface of the event's node it passed.
    public var interface: String
    /// Whether it left the node or came to it.
    public var direction: Direction
    /// The frame from the Ethernet header on, as far as it was captured.
    public var octets: [UInt8]
    /// Its length on the wire.
    public var originalLength: Int

    /// Without an original length the frame is whole.
    public init(interface: String, direction: Direction, octets: [UInt8], originalLength: Int? = nil) {
        self.interface = interface
        self.direction = direction
        self.octets = octets
        self.originalLength = originalLength ?? octets.count
    }
}

/// Where a process wrote a line.
public enum OutputStream: String, Hashable, Sendable, Codable {
    /// Descriptor 1, where results go.
    case standardOutput = "stdout"
    /// Descriptor 2, where complaints and many logs go.
    case standardError = "stderr"
}

/// How a process ended.
public enum ExitStatus: Hashable, Sendable {
    /// By itself, with a code of 0 to 255; 0 is success.
    case exited(code: Int32)
    /// A signal killed it, such as 9, SIGKILL.
    case signaled(number: Int32)
}

extension ExitStatus: CustomStringConvertible {
    public var description: String {
        switch self {
        case .exited(let code): "exit \(code)"
        case .signaled(let number): "signal \(number)"
        }
    }
}

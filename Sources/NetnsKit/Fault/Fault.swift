import Chance
import Timeline

/// Something that goes wrong on purpose. A fault is a value: `Lab.inject` lets it happen, `Lab.heal` takes it back.
///
/// Healing puts back what the injection changed and nothing else; what the node has put right by itself meanwhile is
/// left as it is. A fault that is in force cannot be injected again, and one that is not in force cannot be healed:
/// both are errors, because claims that follow them would prove nothing. A fault of one moment, such as a kill, has
/// nothing to heal, and healing it does nothing (see `isMomentary`).
public enum Fault: Hashable, Sendable {
    // MARK: Processes

    /// A process, its children, or both are killed (SIGKILL).
    case kill(ProcessName, KillScope)
    /// A process is asked to end (SIGTERM).
    case terminate(ProcessName)
    /// A process and its children stand still (SIGSTOP) until healed (SIGCONT); its parent is told.
    case pause(ProcessName)
    /// A process and its children stand still without anyone being told: no signal is sent, no parent hears of it.
    /// It needs a control group (version 2).
    case hang(ProcessName)
    /// A process and its children share so much of one processor, more than 0 and at most 1.
    ///
    /// It is a quota of a control group where those are allowed, else SIGSTOP and SIGCONT in turn, millisecond by
    /// millisecond, which their parent is told of; the timeline says so then.
    case slow(ProcessName, share: Double)
    /// A process and its children can open nothing more; what is open stays open. `poll(2)` with more entries than
    /// are open fails then, too.
    case noDescriptors(ProcessName)

    // MARK: Links

    /// The node's own interface is set down, as its administrator would. Its static routes and the topology's IPv6
    /// addresses, which the kernel takes away then, come back when that is healed.
    case linkDown(LinkEnd)
    /// The node's interface is no more, and another one of its name and addresses comes when that is healed.
    case removal(LinkEnd)
    /// The cable is pulled: the node sees its carrier go.
    case carrierLoss(LinkEnd)
    /// The cable is pulled for `down` and plugged in for `up`, again and again until healed, at least a millisecond
    /// each; it begins with `down`.
    case flap(LinkEnd, down: Duration, up: Duration)
    /// Nothing passes in either direction while the carrier stays: the case that splits brains.
    case silence(LinkEnd)
    /// What the node sends reaches nobody; only this IP protocol, when one is given.
    case mute(LinkEnd, ipProtocol: UInt8? = nil)
    /// What others send does not reach the node; only this IP protocol, when one is given.
    case deaf(LinkEnd, ipProtocol: UInt8? = nil)
    /// The node's own packet filter drops what comes in of one IP protocol: it arrives at the interface, captures show
    /// it, and no program of the node hears it.
    case filter(LinkEnd, ipProtocol: UInt8)

    // MARK: Segments

    /// The segment falls into groups of nodes that do not hear each other; nodes that no group names stay with the
    /// first.
    case partition(segment: String, [[String]])
    /// What some nodes send does not reach some others, whatever address it bears; the way back and everyone else
    /// stay as they are.
    case oneWay(segment: String, from: [String], to: [String])

    // MARK: Packets

    /// The cable is bad in one direction, as the node sees it; several impairments of one cable follow one another.
    /// Only where a segment has `fabric: .userSpace`.
    case impair(LinkEnd, CapturedFrame.Direction, Impairment)

    // MARK: Addresses, routes and neighbors

    /// An interface loses an address such as `192.168.1.100/24`, and what the kernel takes away with it: secondary
    /// addresses and routes.
    case addressRemoval(String, LinkEnd)
    /// An interface gets an address such as `192.168.1.100/24` that another node has too; it says nothing about it.
    case duplicateAddress(String, LinkEnd)
    /// The node believes that an address on its link belongs to a wrong Ethernet address such as
    /// `02:00:00:00:00:99`: for ever, or until the true owner says otherwise or the entry grows old.
    case staleNeighbor(String, macAddress: String, LinkEnd, isPermanent: Bool = false)
    /// The node forgets which Ethernet addresses its neighbors on a link have, and asks again when it needs them.
    case neighborFlush(LinkEnd)
    /// The node loses its routes of the main table to a network such as `10.1.0.0/16`; `0.0.0.0/0` is the default.
    case routeRemoval(String, node: String)

    // MARK: Files

    /// A private directory of the node holds not one block and not one file more; the last block of a file that is
    /// there may still be filled.
    case full(directory: String, node: String)
    /// Nothing in a private directory of the node can be changed. A file that is open for writing there refuses it.
    case readOnly(directory: String, node: String)
}

extension Fault {
    /// Whether it is over when it has happened, so that there is nothing to take back.
    public var isMomentary: Bool {
        switch self {
        case .kill, .terminate, .neighborFlush: true
        default: false
        }
    }

    /// The nodes that it befalls; of a segment's fault, those that it names.
    public var nodes: [String] {
        switch self {
        case .kill(let process, _), .terminate(let process), .pause(let process), .hang(let process),
            .slow(let process, _), .noDescriptors(let process):
            [process.node]
        case .linkDown(let end), .removal(let end), .carrierLoss(let end), .flap(let end, _, _), .silence(let end),
            .mute(let end, _), .deaf(let end, _), .filter(let end, _), .addressRemoval(_, let end),
            .duplicateAddress(_, let end), .staleNeighbor(_, _, let end, _), .neighborFlush(let end),
            .impair(let end, _, _):
            [end.node]
        case .partition(_, let groups): groups.flatMap(\.self)
        case .oneWay(_, let senders, let receivers): senders + receivers.filter { !senders.contains($0) }
        case .routeRemoval(_, let node), .full(_, let node), .readOnly(_, let node): [node]
        }
    }
}

/// Which processes of a program a kill means: daemons that supervise themselves die in three different ways.
public enum KillScope: String, Hashable, Sendable {
    /// The process and all its descendants at once, so that none can react. A daemon that has forked twice is nobody's
    /// descendant any more.
    case tree
    /// The process that was started alone, so that its children find themselves orphans.
    case parent
    /// Its descendants alone, so that the process that was started has to notice.
    case children
}

/// A process as faults name it: its node, and the name it was started under.
public struct ProcessName: Hashable, Sendable, CustomStringConvertible {
    /// The node on which it runs.
    public var node: String
    /// The name that `Node.start` gave it: the last part of the program's path when nobody chose another.
    public var process: String

    /// Names a process as it was started, which it need not be yet.
    public init(_ process: String, on node: String) {
        self.node = node
        self.process = process
    }

    public var description: String { "\(process) on \(node)" }
}

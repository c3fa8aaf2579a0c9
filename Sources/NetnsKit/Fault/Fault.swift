import Chance
import Netlink
import Timeline

/// Something that goes wrong on purpose. A fault is a value; `Lab.heal` takes back those that can be.
public enum Fault: Hashable, Sendable {
    /// A process, its children, or both are killed (SIGKILL).
    case kill(ProcessName, KillScope)
    /// A process is asked to end (SIGTERM).
    case terminate(ProcessName)
    /// A process and its children stand still (SIGSTOP) until healed (SIGCONT).
    case pause(ProcessName)
    /// The node's own interface is set down, as its administrator would.
    case linkDown(LinkEnd)
    /// The node's interface is no more, and another one of its name and addresses comes when that is healed.
    case removal(LinkEnd)
    /// The cable is pulled: the node sees its carrier go.
    case carrierLoss(LinkEnd)
    /// Nothing passes in either direction while the carrier stays: the case that splits brains.
    case silence(LinkEnd)
    /// What the node sends reaches nobody; only this IP protocol, when one is given.
    case mute(LinkEnd, ipProtocol: UInt8? = nil)
    /// What others send does not reach the node; only this IP protocol, when one is given.
    case deaf(LinkEnd, ipProtocol: UInt8? = nil)
    /// The segment falls into groups of nodes that do not hear each other; nodes that no group names stay with the
    /// first.
    case partition(segment: String, [[String]])
    /// The cable is bad in one direction, as the node sees it; several impairments of one cable follow one another.
    /// Only where a segment has `fabric: .userSpace`.
    case impair(LinkEnd, CapturedFrame.Direction, Impairment)
}

/// Which processes of a program a kill means: daemons that supervise themselves die in three different ways.
public enum KillScope: String, Hashable, Sendable {
    /// The process and all its descendants at once, so that none can react. A daemon that has forked twice is nobody's
    /// descendant any more.
    case tree
    case parent
    case children
}

/// A process as faults name it: its node, and the name it was started under.
public struct ProcessName: Hashable, Sendable, CustomStringConvertible {
    public var node: String
    public var process: String

    public init(_ process: String, on node: String) {
        self.node = node
        self.process = process
    }

    public var description: String { "\(process) on \(node)" }
}

extension Fault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .kill(let process, .tree): "SIGKILL \(process) and its children"
        case .kill(let process, .parent): "SIGKILL \(process), the parent only"
        case .kill(let process, .children): "SIGKILL the children of \(process)"
        case .terminate(let process): "SIGTERM \(process)"
        case .pause(let process): "SIGSTOP \(process)"
        case .linkDown(let end): "\(end) set down"
        case .removal(let end): "\(end) removed"
        case .carrierLoss(let end): "\(end) unplugged"
        case .silence(let end): "\(end) silenced"
        case .mute(let end, let ipProtocol): "\(end) mute\(Self.suffix(ipProtocol))"
        case .deaf(let end, let ipProtocol): "\(end) deaf\(Self.suffix(ipProtocol))"
        case .partition(let segment, let groups):
            "\(segment) parted: " + groups.map { $0.joined(separator: " ") }.joined(separator: " | ")
        case .impair(let end, let direction, let impairment): "\(end) bad for what is \(direction): \(impairment)"
        }
    }

    private static func suffix(_ ipProtocol: UInt8?) -> String {
        ipProtocol.map { " for IP protocol \($0)" } ?? ""
    }
}

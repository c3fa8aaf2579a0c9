import Chance
import Timeline
import Wire

extension Fault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .kill(let process, .tree): "SIGKILL \(process) and its children"
        case .kill(let process, .parent): "SIGKILL \(process), the parent only"
        case .kill(let process, .children): "SIGKILL the children of \(process)"
        case .terminate(let process): "SIGTERM \(process)"
        case .pause(let process): "SIGSTOP \(process)"
        case .hang(let process): "\(process) hangs"
        case .slow(let process, let share): "\(process) slowed to \(share) of a processor"
        case .noDescriptors(let process): "\(process) out of file descriptors"
        case .linkDown(let end): "\(end) set down"
        case .removal(let end): "\(end) removed"
        case .carrierLoss(let end): "\(end) unplugged"
        case .flap(let end, let down, let up): "\(end) flaps: \(down.text) unplugged, \(up.text) plugged in"
        case .silence(let end): "\(end) silenced"
        case .mute(let end, let ipProtocol): "\(end) mute\(Self.suffix(ipProtocol))"
        case .deaf(let end, let ipProtocol): "\(end) deaf\(Self.suffix(ipProtocol))"
        case .filter(let end, let ipProtocol): "\(end.node) filters IP protocol \(ipProtocol) on \(end.interface)"
        case .partition(let segment, let groups):
            "\(segment) parted: " + groups.map { $0.joined(separator: " ") }.joined(separator: " | ")
        case .oneWay(let segment, let senders, let receivers):
            "\(segment) one way: \(senders.joined(separator: " ")) not to \(receivers.joined(separator: " "))"
        case .impair(let end, let direction, let impairment): "\(end) bad for what is \(direction): \(impairment)"
        case .addressRemoval(let prefix, let end): "\(prefix) removed from \(end)"
        case .duplicateAddress(let prefix, let end): "\(prefix) on \(end), too"
        case .staleNeighbor(let address, let macAddress, let end, let isPermanent):
            "\(end) believes \(address) at \(macAddress)\(isPermanent ? " for ever" : "")"
        case .neighborFlush(let end): "\(end) forgets its neighbors"
        case .routeRemoval(let destination, let node): "\(node) loses its route to \(destination)"
        case .full(let directory, let node): "\(directory) of \(node) full"
        case .readOnly(let directory, let node): "\(directory) of \(node) read-only"
        }
    }

    private static func suffix(_ ipProtocol: UInt8?) -> String {
        ipProtocol.map { " for IP protocol \($0)" } ?? ""
    }
}

extension Fault {
    /// The Swift expression that makes this fault, where a `Fault` is expected.
    public var code: String {
        switch self {
        case .kill(let process, let scope): ".kill(\(process.code), .\(scope.rawValue))"
        case .terminate(let process): ".terminate(\(process.code))"
        case .pause(let process): ".pause(\(process.code))"
        case .hang(let process): ".hang(\(process.code))"
        case .slow(let process, let share): ".slow(\(process.code), share: \(share))"
        case .noDescriptors(let process): ".noDescriptors(\(process.code))"
        case .linkDown(let end): ".linkDown(\(end.code))"
        case .removal(let end): ".removal(\(end.code))"
        case .carrierLoss(let end): ".carrierLoss(\(end.code))"
        case .flap(let end, let down, let up): ".flap(\(end.code), down: \(down.literal), up: \(up.literal))"
        case .silence(let end): ".silence(\(end.code))"
        case .mute(let end, let ipProtocol): ".mute(\(end.code)\(Self.argument(ipProtocol)))"
        case .deaf(let end, let ipProtocol): ".deaf(\(end.code)\(Self.argument(ipProtocol)))"
        case .filter(let end, let ipProtocol): ".filter(\(end.code), ipProtocol: \(ipProtocol))"
        case .partition(let segment, let groups): ".partition(segment: \(segment.code), \(groups))"
        case .oneWay(let segment, let senders, let receivers):
            ".oneWay(segment: \(segment.code), from: \(senders), to: \(receivers))"
        case .impair(let end, let direction, let impairment): ".impair(\(end.code), .\(direction), \(impairment))"
        case .addressRemoval(let prefix, let end): ".addressRemoval(\(prefix.code), \(end.code))"
        case .duplicateAddress(let prefix, let end): ".duplicateAddress(\(prefix.code), \(end.code))"
        case .staleNeighbor(let address, let macAddress, let end, let isPermanent):
            ".staleNeighbor(\(address.code), macAddress: \(macAddress.code), \(end.code)"
                + (isPermanent ? ", isPermanent: true)" : ")")
        case .neighborFlush(let end): ".neighborFlush(\(end.code))"
        case .routeRemoval(let destination, let node): ".routeRemoval(\(destination.code), node: \(node.code))"
        case .full(let directory, let node): ".full(directory: \(directory.code), node: \(node.code))"
        case .readOnly(let directory, let node): ".readOnly(directory: \(directory.code), node: \(node.code))"
        }
    }

    private static func argument(_ ipProtocol: UInt8?) -> String {
        ipProtocol.map { ", ipProtocol: \($0)" } ?? ""
    }
}

extension ProcessName {
    fileprivate var code: String { "ProcessName(\(process.code), on: \(node.code))" }
}

extension LinkEnd {
    fileprivate var code: String { "LinkEnd(\(node.code), \(interface.code))" }
}

extension String {
    fileprivate var code: String { debugDescription }
}

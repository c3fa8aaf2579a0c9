import Chance
import LinuxSystem
import Netlink
import Timeline
import Wire

/// Turns faults into requests to the kernel, each with what takes it back.
struct FaultInjector {
    typealias Inverse = FaultRegister.Inverse

    let fabrics: Fabrics
    let coupling: Coupling
    let recorder: Recorder
    let watcher: Watcher
    let groups: ControlGroups
    let node: @Sendable (String) throws(LabError) -> Node

    /// - Returns: nil for a fault that is over when it has happened.
    func inject(_ fault: Fault) throws(LabError) -> Inverse? {
        switch fault {
        case .kill, .terminate, .pause, .hang, .slow, .noDescriptors: try injectIntoProcess(fault)
        case .linkDown, .removal, .carrierLoss, .flap, .silence, .mute, .deaf, .filter: try injectIntoLink(fault)
        case .partition(let segment, let groups): try part(segment, groups)
        case .impair(let end, let direction, let impairment): try impair(end, direction, impairment)
        case .oneWay(let segment, let senders, let receivers): try silence(senders, to: receivers, on: segment)
        case .addressRemoval, .duplicateAddress, .staleNeighbor, .neighborFlush, .routeRemoval:
            try injectIntoNetwork(fault)
        case .full(let directory, let name): try fill(directory, of: name)
        case .readOnly(let directory, let name): try protect(directory, of: name)
        }
    }

    private func impair(
        _ end: LinkEnd, _ direction: CapturedFrame.Direction, _ impairment: Impairment
    ) throws(LabError) -> Inverse {
        do {
            try impairment.validate()
        } catch {
            throw .impairment(error)
        }
        let fabric = try fabrics.fabric(of: end)
        try fabric.impair(end, direction, impairment)
        return { () throws(LabError) in try fabric.repair(end, direction, impairment) }
    }

    /// The index of the end's interface now, with its node.
    func interface(at end: LinkEnd) throws(LabError) -> (node: Node, index: Int32) {
        let node = try node(end.node)
        guard node.interfaces.contains(where: { $0.name == end.interface }) else {
            throw .noSuchInterface(end.interface, node: end.node)
        }
        return (node, try node.interfaceIndex(of: end.interface))
    }
}

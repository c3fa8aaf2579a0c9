import Chance
import LinuxSystem
import Netlink
import Timeline

/// Who carries the frames of each segment of a lab.
struct Fabrics: Sendable {
    let kernel: Wiring
    /// Nil when no segment asks for it.
    let userSpace: FrameSwitch?
    private let topology: Topology

    init(_ topology: Topology, recorder: Recorder, watcher: Watcher) throws(LabError) {
        self.topology = topology
        kernel = try Wiring(topology.segments, recorder: recorder)
        let isNeeded = topology.segmentNames.contains { topology.segment($0).fabric == .userSpace }
        // Last, because its thread runs until it is stopped.
        userSpace = isNeeded ? try FrameSwitch(seed: topology.seed, recorder: recorder, watcher: watcher) : nil
    }

    /// Runs the cables of a node's interfaces; what passes them is recorded from their first frame on.
    func plug(_ interfaces: [InterfaceDescription], of node: Node) throws(LabError) {
        var ofKernel: [InterfaceDescription] = []
        for interface in interfaces {
            let segment = topology.segment(interface.segment)
            guard segment.fabric == .userSpace, let userSpace else {
                ofKernel.append(interface)
                continue
            }
            try userSpace.plug(
                interface, of: node.name, namespace: node.namespace, isPointToPoint: segment.kind == .pointToPoint)
        }
        try naming(node.name) { () throws(NetlinkError) in
            try kernel.plug(ofKernel, of: node.name, namespace: node.namespace)
        }
    }

    /// Who carries what an interface sends.
    func fabric(of end: LinkEnd) throws(LabError) -> any Fabric {
        let node = topology.nodes.first { $0.name == end.node }
        guard let interface = node?.interfaces.first(where: { $0.name == end.interface }) else {
            throw .noSuchInterface(end.interface, node: end.node)
        }
        return fabric(ofSegment: interface.segment)
    }

    /// Who carries the frames of a segment.
    func fabric(ofSegment name: String) -> any Fabric {
        if topology.segment(name).fabric == .userSpace, let userSpace { userSpace } else { kernel }
    }
}

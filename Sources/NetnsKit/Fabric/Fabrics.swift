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
        let isNeeded = topology.segmentNames.contains { topology.segment($0).fabric == .userSpace }
        userSpace = isNeeded ? try FrameSwitch(seed: topology.seed, recorder: recorder, watcher: watcher) : nil
        kernel = try Wiring()
    }

    /// Runs the cable of an interface, with a capture on it before anything can be sent.
    ///
    /// - Returns: the capture, when the interface is recorded and the fabric does not do that by itself.
    func plug(
        _ interface: InterfaceDescription, of node: Node, recorder: Recorder, watcher: Watcher
    ) throws(LabError) -> Capture? {
        let end = LinkEnd(node.name, interface.name)
        let segment = topology.segment(interface.segment)
        if segment.fabric == .userSpace, let userSpace {
            try userSpace.plug(
                interface, of: node.name, namespace: node.namespace, isPointToPoint: segment.kind == .pointToPoint)
            return nil
        }
        let port = try translated { () throws(NetlinkError) in
            try kernel.plug(interface, of: node.name, namespace: node.namespace)
        }
        guard interface.isRecorded else { return nil }
        return try translated { () throws(SystemError) in
            let capture = try Capture(end, port: port, in: kernel.namespace, recorder: recorder)
            try capture.start(on: watcher)
            return capture
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

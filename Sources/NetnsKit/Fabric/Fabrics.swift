/// Who carries the frames of each segment of a lab.
struct Fabrics: Sendable {
    let topology: Topology
    let kernel: Wiring

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
        kernel
    }
}

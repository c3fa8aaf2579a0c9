import Wire

extension Fault {
    /// What a random schedule may do to a network, without saying where.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// `Fault.kill` of a program with all its processes.
        case kill
        /// `Fault.pause` of a program.
        case pause
        /// `Fault.hang` of a program.
        case hang
        /// `Fault.slow` of a program, to a tenth of one processor.
        case slow
        /// `Fault.noDescriptors` of a program.
        case noDescriptors
        /// `Fault.linkDown` of any interface.
        case linkDown
        /// `Fault.removal` of any interface.
        case removal
        /// `Fault.carrierLoss` of any interface.
        case carrierLoss
        /// `Fault.flap` of any interface: 50 ms down, 200 ms up.
        case flap
        /// `Fault.silence` of any interface.
        case silence
        /// `Fault.mute` of any interface, for every protocol.
        case mute
        /// `Fault.deaf` of any interface, for every protocol.
        case deaf
        /// `Fault.partition` of a segment into halves.
        case split
        /// `Fault.partition` of one node of a segment from all others.
        case isolation
        /// `Fault.oneWay` from one node of a segment to one other.
        case oneWay
        /// `Fault.addressRemoval` of any address of the topology.
        case addressRemoval
        /// `Fault.neighborFlush` on any interface.
        case neighborFlush
        /// `Fault.full` of any private directory.
        case full
        /// `Fault.readOnly` of any private directory.
        case readOnly
    }
}

extension Topology {
    /// Every fault of some kinds that this network can have, in the order of its nodes: what a random schedule chooses
    /// from.
    ///
    /// - Parameters:
    ///   - kinds: what may happen; in this order.
    ///   - processes: those that faults of processes may befall.
    public func faults(_ kinds: [Fault.Kind], of processes: [ProcessName] = []) -> [Fault] {
        kinds.flatMap { faults($0, of: processes) }
    }

    private func faults(_ kind: Fault.Kind, of processes: [ProcessName]) -> [Fault] {
        let ends = nodes.flatMap { node in node.interfaces.map { LinkEnd(node.name, $0.name) } }
        return switch kind {
        case .kill: processes.map { .kill($0, .tree) }
        case .pause: processes.map { .pause($0) }
        case .hang: processes.map { .hang($0) }
        case .slow: processes.map { .slow($0, share: 0.1) }
        case .noDescriptors: processes.map { .noDescriptors($0) }
        case .linkDown: ends.map { .linkDown($0) }
        case .removal: ends.map { .removal($0) }
        case .carrierLoss: ends.map { .carrierLoss($0) }
        case .flap: ends.map { .flap($0, down: .milliseconds(50), up: .milliseconds(200)) }
        case .silence: ends.map { .silence($0) }
        case .mute: ends.map { .mute($0) }
        case .deaf: ends.map { .deaf($0) }
        case .split, .isolation, .oneWay: segmentNames.flatMap { faults(kind, on: $0) }
        case .addressRemoval:
            nodes.flatMap { node in
                node.interfaces.flatMap { interface in
                    interface.addresses.map { .addressRemoval($0, LinkEnd(node.name, interface.name)) }
                }
            }
        case .neighborFlush: ends.map { .neighborFlush($0) }
        case .full: nodes.flatMap { node in node.privateDirectories.map { .full(directory: $0, node: node.name) } }
        case .readOnly:
            nodes.flatMap { node in node.privateDirectories.map { .readOnly(directory: $0, node: node.name) } }
        }
    }

    private func faults(_ kind: Fault.Kind, on segment: String) -> [Fault] {
        let members = nodes.filter { node in node.interfaces.contains { $0.segment == segment } }.map(\.name)
        guard members.count > 1 else { return [] }
        switch kind {
        case .split: return [.halves(of: members, on: segment)]
        case .isolation: return members.map { .isolation(of: $0, from: members, on: segment) }
        default:
            return members.flatMap { sender in
                members.filter { $0 != sender }.map { .oneWay(segment: segment, from: [sender], to: [$0]) }
            }
        }
    }
}

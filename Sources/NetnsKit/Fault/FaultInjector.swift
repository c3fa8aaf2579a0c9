import Glibc
import LinuxSystem
import Netlink
import Wire

/// Turns faults into requests to the kernel, and back.
struct FaultInjector {
    let wiring: Wiring
    let coupling: Coupling
    let recorder: Recorder
    let watcher: Watcher
    let node: @Sendable (String) throws(LabError) -> Node

    func inject(_ fault: Fault) throws(LabError) {
        switch fault {
        case .kill(let name, let scope): try kill(try running(name), scope)
        case .terminate(let name): try running(name).send(signal: SIGTERM)
        case .pause(let name): try signalTree(try running(name), SIGSTOP)
        case .linkDown(let end):
            try node(end.node).setInterface(end.interface, isUp: false)
            try coupling.refresh(end, of: node(end.node))
        case .removal(let end): try remove(end)
        case .carrierLoss(let end): try coupling.setCarrier(of: end, isUp: false)
        case .silence(let end): try wiring.setPort(of: end, isPlugged: false)
        case .mute(let end, let ipProtocol):
            try wiring.drop(DropRule(.incoming, ipProtocol: ipProtocol), at: end, name: filterName(fault))
        case .deaf(let end, let ipProtocol):
            try wiring.drop(DropRule(.outgoing, ipProtocol: ipProtocol), at: end, name: filterName(fault))
        case .partition(let segment, let groups): try part(segment, groups)
        }
    }

    /// Takes a fault back; a process that was killed or asked to end stays so.
    func heal(_ fault: Fault) throws(LabError) {
        switch fault {
        case .kill, .terminate: break
        case .pause(let name): try signalTree(try process(name), SIGCONT)
        case .linkDown(let end):
            try node(end.node).setInterface(end.interface, isUp: true)
            try node(end.node).restoreAddressesAndRoutes(of: end.interface)
            try coupling.refresh(end, of: node(end.node))
        case .removal(let end): try restore(end)
        case .carrierLoss(let end): try coupling.setCarrier(of: end, isUp: true)
        case .silence(let end): try wiring.setPort(of: end, isPlugged: true)
        case .mute, .deaf: try wiring.undrop(name: filterName(fault))
        case .partition(let segment, _):
            for end in try wiring.ends(of: segment) { try wiring.move(end, toBridge: segment) }
        }
    }

    private func process(_ name: ProcessName) throws(LabError) -> NodeProcess {
        try node(name.node).process(name.process)
    }

    /// A fault that would do nothing is an error: claims that follow it would prove nothing.
    private func running(_ name: ProcessName) throws(LabError) -> NodeProcess {
        let process = try process(name)
        guard process.isRunning else { throw .notRunning(name) }
        return process
    }

    /// Everything is stopped first: a child that outlives its parent by a moment would use it for last words.
    private func kill(_ process: NodeProcess, _ scope: KillScope) throws(LabError) {
        switch scope {
        case .parent:
            try process.send(signal: SIGKILL)
        case .children:
            for child in process.descendants() { Glibc.kill(child, SIGKILL) }
        case .tree:
            try process.send(signal: SIGSTOP)
            var stopped: Set<Int32> = []
            // A child may have started another before it stopped.
            while case let fresh = Set(process.descendants()).subtracting(stopped), !fresh.isEmpty {
                for child in fresh { Glibc.kill(child, SIGSTOP) }
                stopped.formUnion(fresh)
            }
            for child in stopped { Glibc.kill(child, SIGKILL) }
            try process.send(signal: SIGKILL)
        }
    }

    private func signalTree(_ process: NodeProcess, _ signal: Int32) throws(LabError) {
        let descendants = process.descendants()
        try process.send(signal: signal)
        for child in descendants { Glibc.kill(child, signal) }
    }

    private func remove(_ end: LinkEnd) throws(LabError) {
        let node = try node(end.node)
        let index = try node.interfaceIndex(of: end.interface)
        try node.withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in try routes.deleteLink(index) }
    }

    /// Both ends of the cable have gone, and with them what had listened there.
    private func restore(_ end: LinkEnd) throws(LabError) {
        let node = try node(end.node)
        guard let interface = node.interfaces.first(where: { $0.name == end.interface }) else {
            throw .noSuchInterface(end.interface, node: end.node)
        }
        let port = try translated { () throws(NetlinkError) in
            try wiring.plug(interface, of: end.node, namespace: node.namespace)
        }
        if interface.isRecorded {
            try translated { () throws(SystemError) in
                try Capture(end, port: port, in: wiring.namespace, recorder: recorder).start(on: watcher)
            }
        }
        try coupling.noteReplacement(of: end)
        try node.configure(interface)
        try node.restoreAddressesAndRoutes(of: end.interface)
        try coupling.refresh(end, of: node)
    }

    /// The first group keeps the segment's own bridge together with everyone whom no group names.
    private func part(_ segment: String, _ groups: [[String]]) throws(LabError) {
        let ends = try wiring.ends(of: segment)
        for name in groups.joined() where !ends.contains(where: { $0.node == name }) { throw .noSuchNode(name) }
        for (number, group) in groups.enumerated().dropFirst() {
            for end in ends where group.contains(end.node) {
                try wiring.move(end, toBridge: "\(segment), part \(number + 1)")
            }
        }
    }

    private func filterName(_ fault: Fault) -> String {
        switch fault {
        case .mute(let end, let number): "mute \(end) \(number.map { String($0) } ?? "all")"
        case .deaf(let end, let number): "deaf \(end) \(number.map { String($0) } ?? "all")"
        default: "\(fault)"
        }
    }
}

import Glibc
import LinuxSystem
import Netlink
import Wire

/// Turns faults into requests to the kernel, and back.
struct FaultInjector {
    let wiring: Wiring
    let node: @Sendable (String) throws(LabError) -> Node

    func inject(_ fault: Fault) throws(LabError) {
        switch fault {
        case .kill(let name, let scope): try kill(try process(name), scope)
        case .terminate(let name): try process(name).send(signal: SIGTERM)
        case .pause(let name): try signalTree(try process(name), SIGSTOP)
        case .linkDown(let end): try node(end.node).setInterface(end.interface, isUp: false)
        case .carrierLoss(let end): try wiring.setPort(of: end, isUp: false)
        case .silence(let end): try wiring.setPort(of: end, .disabled)
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
        case .linkDown(let end): try node(end.node).setInterface(end.interface, isUp: true)
        case .carrierLoss(let end): try wiring.setPort(of: end, isUp: true)
        case .silence(let end): try wiring.setPort(of: end, .forwarding)
        case .mute, .deaf: try wiring.undrop(name: filterName(fault))
        case .partition(let segment, _):
            for end in wiring.ends(of: segment) { try wiring.move(end, toBridge: segment) }
        }
    }

    private func process(_ name: ProcessName) throws(LabError) -> NodeProcess {
        try node(name.node).process(name.process)
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
            let descendants = process.descendants()
            for child in descendants { Glibc.kill(child, SIGSTOP) }
            for child in descendants { Glibc.kill(child, SIGKILL) }
            try process.send(signal: SIGKILL)
        }
    }

    private func signalTree(_ process: NodeProcess, _ signal: Int32) throws(LabError) {
        let descendants = process.descendants()
        try process.send(signal: signal)
        for child in descendants { Glibc.kill(child, signal) }
    }

    /// The first group keeps the segment's own bridge together with everyone whom no group names.
    private func part(_ segment: String, _ groups: [[String]]) throws(LabError) {
        for (number, group) in groups.enumerated().dropFirst() {
            for end in wiring.ends(of: segment) where group.contains(end.node) {
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

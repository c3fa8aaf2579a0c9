import LabCourse
import LinuxSystem
import NetnsKit
import Synchronization
import Timeline
import VRRPCore
import Wire

extension Session {
    /// Breaks something of a node.
    ///
    /// - Returns: what was done, and how to take it back.
    func breakNode(_ name: String, how: String) throws -> [String] {
        let (word, interface) = try FaultWord.parse(how)
        _ = try node(name)
        var lines: [String] = []
        for fault in try word.faults(on: target(name), interface: interface) {
            let window: FaultWindow
            noteOrphans(fault)
            do {
                window = try lab.inject(fault)
            } catch LabError.impossible(.hang, let reason) {
                let reason = reason.prefix { $0 != ";" }
                throw SessionRefusal("hang is not possible: \(reason); labrun break \(name) stop needs none")
            } catch LabError.notRunning(let process) {
                throw SessionRefusal("\(process) is not running: labrun heal \(name) starts it again")
            } catch {
                throw SessionRefusal("\(error)")
            }
            lines.append("\((window.began - lab.start).decimalSeconds())  \(fault)")
            awaitEnd(fault)
        }
        return lines + ["      back with: labrun heal \(name)", "      watch with: labrun look"]
    }

    private func noteOrphans(_ fault: Fault) {
        guard case .kill(let name, .parent) = fault, let process = try? lab[name.node].process(name.process) else {
            return
        }
        orphans.withLock { $0[name.node] = process.descendants() }
    }

    /// Who is killed is dead a moment later; who is asked to end has time for that, which `heal` waits for.
    private func awaitEnd(_ fault: Fault) {
        switch fault {
        case .kill(let process, .tree), .kill(let process, .parent):
            _ = awaitExit(of: process, within: .seconds(2))
        case .terminate(let process):
            leaving.withLock { _ = $0.insert(process) }
        default: break
        }
    }

    private func awaitExit(of process: ProcessName, within limit: Duration) -> Bool {
        guard let running = try? lab[process.node].process(process.process) else { return true }
        return awaiting { await running.exit(within: limit) != nil } ?? false
    }

    /// Takes faults back, and starts again what has ended.
    ///
    /// - Parameters:
    ///   - name: nil is every node.
    ///   - how: nil is everything that is wrong there.
    func heal(_ name: String?, how: String?) throws -> [String] {
        let names = try name.map { [try node($0).name] } ?? nodes
        let parsed = try how.map(FaultWord.parse)
        var lines: [String] = []
        for fault in lab.faultsInForce.reversed() where fault.nodes.contains(where: names.contains) {
            if let parsed, !names.contains(where: { isMeant(fault, parsed.word, parsed.interface, on: $0) }) {
                continue
            }
            do {
                lines.append("\((try lab.heal(fault).began - lab.start).decimalSeconds())  healed: \(fault)")
            } catch {
                throw SessionRefusal("\(error)")
            }
        }
        if parsed?.word.needsRestart ?? true {
            for name in names { lines += try restart(name, only: parsed?.word) }
        }
        guard lines.isEmpty else { return lines }
        let place = name ?? "any node"
        throw SessionRefusal("nothing is broken on \(place)\(how.map { " by \($0)" } ?? "")", .nothingRan)
    }

    private func isMeant(_ fault: Fault, _ word: FaultWord, _ interface: String?, on node: String) -> Bool {
        (try? word.faults(on: target(node), interface: interface))?.contains(fault) ?? false
    }

    /// Starts what has ended as it was started before.
    private func restart(_ node: String, only word: FaultWord?) throws -> [String] {
        for process in leaving.withLock({ $0 }) where process.node == node {
            if awaitExit(of: process, within: Self.patience) { leaving.withLock { _ = $0.remove(process) } }
        }
        for orphan in orphans.withLock({ $0.removeValue(forKey: node) ?? [] }) { Self.awaitEnd(of: orphan) }
        let daemon = target(node).daemon
        let ended = ProgramHistory(lab.timeline).programs(of: node).filter { $0.end != nil }
        let wanted = ended.filter { program in
            word.map { ($0 == .service) == (program.name != daemon) } ?? true
        }
        return try wanted.map { program in
            let time = lab.step("start \(program.name) on \(node) again")
            do {
                try lab[node].start(program.words[0], Array(program.words.dropFirst()), as: program.name)
            } catch {
                throw SessionRefusal("\(program.name) on \(node) cannot be started: \(error)")
            }
            if program.name == daemon, let complaint = awaitState(of: node, since: time) {
                throw SessionRefusal(complaint)
            }
            return "\((time - lab.start).decimalSeconds())  \(program.name) on \(node) started again"
        }
    }

    /// A daemon that is asked to end may take a second, and should not take eight.
    private static let patience: Duration = .seconds(8)

    private static func awaitEnd(of pid: Int32) {
        guard let process = try? ProcessHandle(pid), let loop = try? EventLoop() else { return }
        guard (try? loop.watch(process.descriptor, as: 0)) != nil else { return }
        _ = try? loop.wait(until: MonotonicClock.now + patience)
    }

    func target(_ name: String) -> FaultTarget {
        let described = lab.topology.nodes.first { $0.name == name }
        let daemon = run.routers.contains(name) ? run.program(of: name).process : nil
        let talking = routers(of: name).first?.interface
        let interfaces = (described?.interfaces ?? []).map(\.name)
        let services = ProgramHistory(lab.timeline).programs(of: name)
            .filter { $0.name != daemon && $0.end == nil }.map(\.name)
        return FaultTarget(
            node: name, daemon: daemon, services: services,
            interfaces: interfaces.filter { $0 == talking } + interfaces.filter { $0 != talking })
    }
}

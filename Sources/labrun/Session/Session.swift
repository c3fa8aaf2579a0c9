import LabCourse
import LinuxSystem
import NetnsKit
import Synchronization
import Timeline
import VRRPCore
import Wire

/// A lab that stays, as its server knows it.
final class Session: Sendable {
    /// How long it remembers frames and requests: what `look` tells is not older, except of what still is so.
    static let memory: Duration = .seconds(600)

    let name: String
    let plan: SessionPlan
    let run: ScenarioRun
    /// Programs that were asked to end and take their time.
    let leaving = Mutex<Set<ProcessName>>([])
    /// Children of daemons whose parent process was killed: they notice that, and take their time, too.
    let orphans = Mutex<[String: [Int32]]>([:])
    private let logs: DaemonLogs
    private let scenario: Scenario

    var lab: Lab { run.lab }

    init(_ name: String, _ plan: SessionPlan, _ run: ScenarioRun, _ scenario: Scenario) {
        self.name = name
        self.scenario = scenario
        self.plan = plan
        self.run = run
        logs = DaemonLogs(of: run)
    }

    /// A node's configuration as it is there now; nil for a node that runs no daemon.
    func reading(of node: String) -> ConfigurationReading? {
        guard let first = run.reading(of: node)?.file else { return nil }
        let files = scenario.files.filter { $0.node == node }.map(\.source).map { file in
            var file = file
            file.contents = (try? lab[node].read(file.path)) ?? file.contents
            return file
        }
        return ConfigurationReading(files.first { $0.path == first.path } ?? first, including: files)
    }

    /// The virtual routers of a node that can run.
    func routers(of node: String) -> [VirtualRouterConfiguration] { reading(of: node)?.routers ?? [] }

    var nodes: [String] { lab.topology.nodes.map(\.name) }

    /// A node by its name, for somebody who may have mistyped it.
    func node(_ name: String) throws -> Node {
        guard nodes.contains(name) else {
            throw SessionRefusal(
                "there is no node '\(name)': there are \(nodes.joined(separator: ", "))", .usage)
        }
        return lab[name]
    }

    /// What it is and what runs in it.
    func status() throws -> LabStatus {
        let history = ProgramHistory(lab.timeline)
        let age = MonotonicClock.now - lab.start
        let nodes = try lab.topology.nodes.map { node in
            LabStatus.Node(
                name: node.name,
                addresses: try addresses(of: node),
                programs: history.programs(of: node.name).map { LabStatus.Program(name: $0.name, end: $0.end) },
                configuration: run.reading(of: node.name)?.file.path)
        }
        return LabStatus(
            name: name, plan: plan, since: (lab.start.nanoseconds + lab.offsetToRealTime) / 1_000_000_000,
            age: age.inSeconds, nodes: nodes, faults: lab.faultsInForce.map { "\($0)" })
    }

    /// The addresses of a node's cables, without those that every interface has by itself.
    private func addresses(of node: NodeDescription) throws -> [String] {
        let all = try lab[node.name].addresses().filter { $0.interface != "lo" && !$0.prefix.isLinkLocal }
        var names: [String] = []
        for name in all.map(\.interface) where !names.contains(name) { names.append(name) }
        return names.map { name in
            ([name] + all.filter { $0.interface == name }.map { "\($0.prefix)" }).joined(separator: " ")
        }
    }
}

extension IPPrefix {
    /// Every interface has such addresses of its own.
    var isLinkLocal: Bool {
        if case .v6(let address) = address { address.octets.starts(with: [0xfe, 0x80]) } else { false }
    }
}

/// Waits, on a thread of one's own, for something that others do.
func awaiting<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) -> Result? {
    let result = Mutex<Result?>(nil)
    let done = Latch()
    Task {
        let value = await body()
        result.withLock { $0 = value }
        done.open()
    }
    done.wait()
    return result.withLock { $0 }
}

import LabCourse
import LinuxSystem
import NetnsKit
import Synchronization
import Timeline
import Wire

/// Two nodes that share so many virtual routers, all of them on the first until it is killed.
struct Trial: Sendable {
    var daemon: DaemonProgram
    /// 1...1000.
    var count: Int

    /// One daemon cannot have more on an interface than there are numbers for them.
    private static let instancesPerInterface = 250
    private static let configurationFile = "/etc/keepalived/keepalived.conf"
    private static let observation: Duration = .seconds(10)

    func run() async throws -> Figures {
        try await Lab.run(topology) { lab in
            var figures = Figures()
            let nodes = ["node1", "node2"]
            for (node, priority) in zip(nodes, [150, 100]) {
                try lab[node].write(configuration(priority: priority), to: Self.configurationFile)
            }
            let begin = lab.step("start")
            let processes = try nodes.map { node in
                try lab[node].start(daemon.path, ["-n", "-l", "-G", "-f", Self.configurationFile], as: "daemon")
            }
            figures.ready = try await readiness(of: "node1", in: lab, since: begin) - begin
            figures.allAddresses = try await announcements(on: "node1", in: lab, since: begin).last - begin
            // The second round of announcements comes five seconds after the first.
            try await lab.watch(for: .milliseconds(6500))
            let before = processes.map(\.usage)
            let start = MonotonicClock.now
            try await lab.watch(for: Self.observation)
            let after = processes.map(\.usage)
            let span = MonotonicClock.now - start
            let loads = zip(before, after).map { ($1.processorTime - $0.processorTime) / span }
            (figures.masterLoad, figures.backupLoad) = (loads[0], loads[1])
            (figures.masterMemory, figures.backupMemory) = (after[0].residentMemory, after[1].residentMemory)
            let killed = try lab.inject(.kill(ProcessName("daemon", on: "node1"), .tree)).began
            let moved = try await announcements(on: "node2", in: lab, since: killed)
            (figures.firstMoved, figures.lastMoved) = (moved.first - killed, moved.last - killed)
            let stopped = try lab.inject(.terminate(ProcessName("daemon", on: "node2"))).began
            let end = try await lab.expect("the daemon ends", within: .seconds(20), since: stopped) { event in
                if case .exited("daemon", _) = event.kind { event.node == "node2" } else { false }
            }
            figures.stop = end.time - stopped
            return figures
        }
    }

    /// When the last instance of a node said that it is a backup.
    private func readiness(of node: String, in lab: Lab, since begin: Instant) async throws -> Instant {
        let names = Mutex<Set<Substring>>([])
        return try await lab.expect("every instance listens", within: .seconds(30), since: begin) { event in
            guard event.node == node, case .output("daemon", _, let line) = event.kind,
                line.contains("Entering BACKUP STATE"),
                let name = line.split(separator: "(").first(where: { $0.hasPrefix("V") })?.prefix(while: { $0 != ")" })
            else { return false }
            return names.withLock { names in
                names.insert(name)
                return names.count == count
            }
        }.time
    }

    /// When a node announced the first and the last of the addresses: from then on clients find it.
    private func announcements(
        on node: String, in lab: Lab, since begin: Instant
    ) async throws -> (first: Instant, last: Instant) {
        let seen = Mutex<[IPAddress: Instant]>([:])
        try await lab.expect("\(node) has every address", within: .seconds(30), since: begin) { event in
            guard event.node == node, event.isSent, let address = event.announcedAddress else { return false }
            return seen.withLock { seen in
                seen[address] = seen[address] ?? event.time
                return seen.count == count
            }
        }
        let times = seen.withLock { $0.values.sorted() }
        return (times[0], times[times.count - 1])
    }
}

/// What one trial showed; times from the event that the row's legend names.
struct Figures: Sendable {
    var ready: Duration = .zero
    var allAddresses: Duration = .zero
    /// Parts of one processor.
    var masterLoad = 0.0
    var backupLoad = 0.0
    /// Octets.
    var masterMemory = 0
    var backupMemory = 0
    var firstMoved: Duration = .zero
    var lastMoved: Duration = .zero
    var stop: Duration = .zero
}

// MARK: - What is run

extension Trial {
    private var interfaceCount: Int { (count + Self.instancesPerInterface - 1) / Self.instancesPerInterface }

    private var topology: Topology {
        var nodes = ["node1", "node2"].enumerated().map { number, name in
            let interfaces = (0..<interfaceCount).map { index in
                InterfaceDescription("eth\(index)", on: "lan\(index)", ["10.\(index).0.\(11 + number)/16"])
            }
            return NodeDescription(name, interfaces)
        }
        for index in nodes.indices { nodes[index].exposedPaths = [daemon.hiddenDirectory].compactMap(\.self) }
        return Topology(nodes)
    }

    private func configuration(priority: Int) -> String {
        (0..<count).map { number in
            let (interface, place) = number.quotientAndRemainder(dividingBy: Self.instancesPerInterface)
            return """
                vrrp_instance V\(number) {
                    state BACKUP
                    interface eth\(interface)
                    virtual_router_id \(place + 1)
                    priority \(priority)
                    advert_int 1
                    virtual_ipaddress {
                        10.\(interface).1.\(place + 1)/32
                    }
                }

                """
        }.joined()
    }
}

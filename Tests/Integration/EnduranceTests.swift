import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("Endurance", .requiresNamespaces)
struct EnduranceTests {
    @Test("Twenty-four failovers and ten reloads under load lose no address, no memory, no file and no process")
    func failoversAndReloads() async throws {
        let topology = Topology(["node1", "node2", "stranger"].map { Segment.node($0) })
        try await Experiment.run(topology) { experiment in
            let lab = experiment.lab
            let script = "vrrp_script chk {\n    script \"/bin/true\"\n    interval 1\n    weight 1\n}\n"
            let track = ["track_script {", "    chk", "}", "notify \"/bin/true told\""]
            var texts: [String: String] = [:]
            for (node, priority) in [("node1", 150), ("node2", 100)] {
                texts[node] = scriptsAsRoot + script + InstanceText(priority: priority, lines: track).text
                try experiment.start(.ours, on: node, texts[node] ?? "")
            }
            try await experiment.expectMaster("node1", heardBy: "node2")
            let load = try lab["stranger"].stream(
                (0..<16).map { Forgery(.checksum, number: $0).frame(to: nil) }, over: "eth0", rate: 200)
            // What a daemon needs once is there after the first rounds.
            for _ in 0..<2 { try await Self.thereAndBack(experiment) }
            let nodes = ["node1", "node2"]
            let before = try nodes.map { try lab[$0].process("daemon").usage }
            for _ in 0..<10 { try await Self.thereAndBack(experiment) }
            for round in 0..<10 {
                let node = nodes[round % 2]
                try experiment.reload(node, texts[node] ?? "")
                await experiment.watch(for: .milliseconds(200))
            }
            load.stop()
            await experiment.watch(for: .milliseconds(300))
            try Self.claimNothingLost(nodes, before, experiment)
            try Self.claimOneOwner(experiment)
        }
    }

    /// Two failovers: node1's cable is pulled, and plugged in again.
    private static func thereAndBack(_ experiment: Experiment) async throws {
        let lab = experiment.lab
        let cable = Fault.carrierLoss(LinkEnd("node1", "eth0"))
        let pulled = try lab.inject(cable).began
        try await lab.expect("node2 gets the address", within: .seconds(3), since: pulled) {
            $0.isAddition(of: Segment.virtualAddress, to: "node2")
        }
        let plugged = try lab.heal(cable).began
        try await lab.expect("node1 gets it back", within: .seconds(5), since: plugged) {
            $0.isAddition(of: Segment.virtualAddress, to: "node1")
        }
        try await lab.expect("node2 loses it", within: .seconds(2), since: plugged) {
            $0.isRemoval(of: Segment.virtualAddress, from: "node2")
        }
    }

    private static func claimNothingLost(
        _ nodes: [String], _ before: [ProcessUsage], _ experiment: Experiment
    ) throws {
        for (node, before) in zip(nodes, before) {
            let after = try experiment.lab[node].process("daemon").usage
            experiment.claim(
                "\(node): as many open files as before", after.descriptors <= before.descriptors + 1,
                sawInstead: "\(before.descriptors), then \(after.descriptors)")
            experiment.claim(
                "\(node): as many processes as before", after.processes <= before.processes + 1,
                sawInstead: "\(before.processes), then \(after.processes)")
            let growth = after.residentMemory - before.residentMemory
            experiment.claim("\(node): no memory is lost", growth < 500_000, sawInstead: "\(growth) octets")
            print("\(node) after 24 failovers and 10 reloads: \(growth / 1024) KiB more")
        }
    }

    private static func claimOneOwner(_ experiment: Experiment) throws {
        let owners = try ["node1", "node2"].filter { node in
            try experiment.lab[node].addresses().contains { $0.prefix.address == Segment.virtualAddress }
        }
        experiment.claim("node1 has the address in the end", owners == ["node1"], sawInstead: "\(owners)")
    }
}

import Netlink
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("What routers watch and what moves with them", .requiresNamespaces)
struct TrackingTests {
    /// Two routers on two segments, as firewalls stand.
    private static let twoSegments: Topology = {
        var topology = Segment.topology
        for index in topology.nodes.indices {
            topology.nodes[index].interfaces.append(
                InterfaceDescription("eth1", on: "wan", ["10.9.0.\(11 + index)/24"]))
        }
        return topology
    }()

    @Test(
        "When one of two links fails, both addresses of a sync group move, and both come back",
        arguments: Implementation.available)
    func syncGroup(_ implementation: Implementation) async throws {
        try await Experiment.run(Self.twoSegments) { experiment in
            let lab = experiment.lab
            let inside = Segment.virtualAddress
            let outside = try #require(IPAddress("10.9.0.100"))
            for (node, priority) in [("node1", 150), ("node2", 100)] {
                let group = "vrrp_sync_group G {\n    group {\n        VI_1\n        VI_2\n    }\n}\n"
                let first = InstanceText(priority: priority)
                let second = InstanceText(
                    name: "VI_2", interface: "eth1", virtualRouterID: 52, priority: priority,
                    addresses: ["10.9.0.100/24"])
                try experiment.start(implementation, on: node, group + first.text + second.text)
            }
            for address in [inside, outside] {
                try await lab.expect("node1 has \(address)", within: .seconds(4), since: lab.start) {
                    $0.isAddition(of: address, to: "node1")
                }
            }
            await experiment.watch(for: .milliseconds(300))
            let begin = try lab.inject(.carrierLoss(LinkEnd("node1", "eth1"))).began
            for address in [inside, outside] {
                try await lab.expect("node2 gets \(address)", within: .seconds(3), since: begin) {
                    $0.isAddition(of: address, to: "node2")
                }
                try await lab.expect("node1 loses \(address)", within: .seconds(3), since: begin) {
                    $0.isRemoval(of: address, from: "node1")
                }
            }
            let healed = try lab.heal(.carrierLoss(LinkEnd("node1", "eth1"))).began
            for address in [inside, outside] {
                try await lab.expect("node1 gets \(address) back", within: .seconds(6), since: healed) {
                    $0.isAddition(of: address, to: "node1")
                }
            }
        }
    }

    @Test(
        "A number in a watched file changes the priority, and the lowest one is a fault",
        arguments: Implementation.available)
    func file(_ implementation: Implementation) async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            try lab["node1"].write("0\n", to: "/run/switch")
            let file = "vrrp_track_file switch {\n    file /run/switch\n}\n"
            let instance = InstanceText.master.with("track_file {", "    switch weight 1", "}")
            try experiment.start(implementation, on: "node1", file + instance.text)
            try experiment.start(implementation, on: "node2", InstanceText.backup.text)
            try await experiment.expectMaster("node1", heardBy: "node2")
            let lowered = lab.step("-60")
            try lab["node1"].write("-60\n", to: "/run/switch")
            try await lab.expect("node2 takes over", within: .seconds(2), since: lowered) { $0.isClaim(by: "node2") }
            let raised = lab.step("0")
            try lab["node1"].write("0\n", to: "/run/switch")
            try await lab.expect("node1 takes it back", within: .seconds(2), since: raised) { $0.isClaim(by: "node1") }
            let fault = lab.step("-254")
            try lab["node1"].write("-254\n", to: "/run/switch")
            try await experiment.expectLine("Entering FAULT STATE", on: "node1", since: fault)
        }
    }

    @Test("A watched process that ends lowers the priority, and one that is started raises it again")
    func process() async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            let service = "#!/bin/sh\nmkfifo /run/idle.$$\nread -r line < /run/idle.$$\n"
            try lab["node1"].write(service, to: "/run/balancer", mode: 0o755)
            try lab["node1"].start("/run/balancer", as: "balancer")
            let process = "vrrp_track_process web {\n    process balancer\n    weight 60\n}\n"
            let instance = InstanceText(priority: 90).with("track_process {", "    web", "}")
            try experiment.start(.ours, on: "node1", process + instance.text)
            try experiment.start(.ours, on: "node2", InstanceText.backup.text)
            try await experiment.expectMaster("node1", heardBy: "node2")
            let ended = try lab.inject(.kill(ProcessName("balancer", on: "node1"), .tree)).began
            try await lab.expect("node2 takes over", within: .seconds(3), since: ended) { $0.isClaim(by: "node2") }
            let started = lab.step("the process is back")
            try lab["node1"].start("/run/balancer", as: "balancer")
            try await lab.expect("node1 takes it back", within: .seconds(3), since: started) {
                $0.isClaim(by: "node1")
            }
        }
    }

    @Test(
        "Routes and rules are there while their router is the master, and show packets the way",
        arguments: Implementation.available)
    func routes(_ implementation: Implementation) async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            let lines = [
                "virtual_routes {", "    10.77.0.0/16 via 192.168.1.50 dev eth0",
                "    10.88.0.0/16 via 192.168.1.50 dev eth0 table 100", "}", "virtual_rules {",
                "    to 10.88.0.0/16 table 100 preference 500", "}",
            ]
            var (master, backup) = (InstanceText.master, InstanceText.backup)
            master.lines = lines
            backup.lines = lines
            try await experiment.startPair(implementation.pair, master, backup)
            try await Self.claimWays("node1", haveThem: true, experiment)
            try await Self.claimWays("node2", haveThem: false, experiment)
            let begin = try lab.inject(.terminate(experiment.daemon(of: "node1"))).began
            try await lab.expect("node2 takes over", within: .seconds(2), since: begin) { $0.isClaim(by: "node2") }
            await experiment.watch(for: .milliseconds(300))
            try await Self.claimWays("node2", haveThem: true, experiment)
            try await Self.claimWays("node1", haveThem: false, experiment)
        }
    }

    /// States whether a node knows the way of the route, and that of the table that only the rule leads to.
    private static func claimWays(_ node: String, haveThem expected: Bool, _ experiment: Experiment) async throws {
        let lab = experiment.lab
        let known = try lab[node].withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in
            try routes.routes()
        }
        let isKnown = known.contains { "\($0.destination)" == "10.77.0.0/16" }
        experiment.claim("\(node): the route is \(expected ? "there" : "not there")", isKnown == expected)
        for target in [IPv4Address(10, 77, 0, 1), IPv4Address(10, 88, 0, 1)] {
            let begin = lab.step("\(node) asks \(target)")
            // Without a way the kernel refuses at once.
            try? lab[node].ping(target, over: "eth0")
            await experiment.watch(for: .milliseconds(150))
            let passed = lab.timeline.first(after: begin) { event in
                guard event.node == node, event.isSent, let frame = event.frame, let packet = frame.ipPacket
                else { return false }
                return packet.destination == .v4(target)
                    && frame.ethernet.destination == Segment.macAddress(of: "client")
            }
            experiment.claim("\(node): \(target) by way of the client: \(expected)", (passed != nil) == expected)
        }
    }
}

import LabCourse
import Netlink
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite(
    "Interoperability with FRR's vrrpd", .requiresNamespaces, .requires(program: FRRouter.program, package: "frr"))
struct FRRTests {
    /// Which side is the master first.
    enum Direction: String, CaseIterable {
        case fromFRR
        case toFRR
    }

    @Test(
        "Each takes over from the other: a master that is killed, and one that stops", arguments: [2, 3],
        Direction.allCases)
    func takeover(_ version: Int, _ direction: Direction) async throws {
        for end in InteroperabilityTests.End.allCases {
            let title = "v\(version), \(direction.rawValue), \(end.rawValue)"
            let time = try await Experiment.run(titled: title) { experiment in
                try await Self.perform(experiment, version, direction, end)
            }
            print("FRR \(title): \((time ?? nil)?.decimalSeconds(digits: 4) ?? "FAIL")")
        }
    }

    private static func perform(
        _ experiment: Experiment, _ version: Int, _ direction: Direction, _ end: InteroperabilityTests.End
    ) async throws -> Duration? {
        let lab = experiment.lab
        let dialect = Dialect(title: "", version: version)
        let isMasterFRR = direction == .fromFRR
        let router = FRRouter(
            node: isMasterFRR ? "node1" : "node2", priority: isMasterFRR ? 150 : 100, version: version,
            interval: dialect.times.interval)
        let instance = dialect.instance(priority: isMasterFRR ? 100 : 150, peer: "", own: "")
        let ready: TimelineEvent
        if isMasterFRR {
            try await router.start(in: lab)
            try await lab.expect("node1 is the master", within: .seconds(9), since: lab.start) {
                $0.isClaim(by: "node1")
            }
            try experiment.start(.ours, on: "node2", instance.text)
            ready = try await experiment.expectLine("Entering BACKUP STATE", on: "node2")
        } else {
            try experiment.start(.ours, on: "node1", instance.text)
            try await lab.expect("node1 is the master", within: .seconds(9), since: lab.start) {
                $0.isClaim(by: "node1")
            }
            try await router.start(in: lab)
            ready = try await experiment.expectLine("Initialize -> Backup", on: "node2")
        }
        try await experiment.expectMaster("node1", heardBy: "node2", since: ready.time)
        let daemon = isMasterFRR ? ProcessName("vrrpd", on: "node1") : experiment.daemon(of: "node1")
        let fault = try lab.inject(end == .killed ? .kill(daemon, .tree) : .terminate(daemon)).began
        experiment.claimNever("node2 advertises", in: lab.start...fault) { $0.isClaim(by: "node2") }
        let limit = dialect.times.masterDown(100) + dialect.times.interval
        try await lab.expect("node2 takes over", within: limit, since: fault) { $0.isClaim(by: "node2") }
        guard let time = lab.timeline.handover(to: "node2", after: fault) else { return nil }
        let expected = end == .killed ? dialect.times.masterDown(100) : dialect.times.skew(100)
        let bound = dialect.times.bound(expected)
        // FRR counts its skew in whole hundredths of a second.
        let early: Duration = isMasterFRR ? .zero : .milliseconds(10)
        experiment.claim("node2 takes over in time", time, within: bound.lowerBound - early...bound.upperBound)
        return time
    }
}

/// FRR's VRRP daemon on a node, with the one that does its work in the kernel.
struct FRRouter {
    static let program = "/usr/lib/frr/vrrpd"

    var node: String
    var priority: Int
    var version: Int
    var interval: Duration

    /// Makes the interface that the daemon wants to find, with the virtual router's Ethernet address and the address
    /// that moves, and starts both programs.
    func start(in lab: Lab) async throws {
        let node = lab[node]
        let mac = try #require(MACAddress("00:00:5e:00:01:33"))
        let vip = try #require(IPPrefix("192.168.1.100/24"))
        try node.withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in
            try routes.createMacvlan("vrrp4-51", on: try routes.link(named: "eth0").index, macAddress: mac)
            let index = try routes.link(named: "vrrp4-51").index
            try routes.addAddress(AddressRecord(vip, interfaceIndex: index))
            try routes.setLink(index, isUp: true)
        }
        // Neither of them works as root.
        _ = try await node.run("/usr/bin/install", ["-d", "-o", "frr", "-g", "frr", "/run/frr"])
        try node.write("", to: "/run/frr/zebra.conf")
        try node.write(configuration, to: "/run/frr/vrrpd.conf")
        for program in ["zebra", "vrrpd"] {
            try node.start(
                "/usr/lib/frr/\(program)",
                [
                    "-f", "/run/frr/\(program).conf", "-i", "/run/frr/\(program).pid",
                    "-z", "/run/frr/zserv.api", "--vty_socket", "/run/frr", "--log", "stdout",
                ])
            if program == "zebra" {
                // The other one connects when it starts, and tries again only much later.
                _ = try await node.run(
                    "/bin/sh", ["-c", "until [ -S /run/frr/zserv.api ]; do :; done"], within: .seconds(5))
            }
        }
    }

    private var configuration: String {
        """
        interface eth0
         vrrp 51 version \(version)
         vrrp 51 priority \(priority)
         vrrp 51 advertisement-interval \(interval.nanoseconds / 1_000_000)
         vrrp 51 ip 192.168.1.100

        """
    }
}

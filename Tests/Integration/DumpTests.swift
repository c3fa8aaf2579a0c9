import Foundation
import LabCourse
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("What a running daemon tells", .requiresNamespaces)
struct DumpTests {
    /// SIGRTMIN + 2, as keepalived counts it.
    private static let jsonSignal: Int32 = 36

    @Test("The JSON dump can be parsed and has what exporters read", arguments: Implementation.available)
    func json(_ implementation: Implementation) async throws {
        try await Experiment.run { experiment in
            let instance = InstanceText.master.with("track_interface {", "    lo", "}")
            try experiment.start(implementation, on: "node1", instance.text)
            try await Self.awaitMaster(experiment)
            let octets = try await Self.dump(Self.jsonSignal, "/tmp/keepalived.json", experiment)
            let array = try? JSONSerialization.jsonObject(with: Data(octets)) as? [[String: Any]]
            let entry = try #require(array?.first, "\(String(decoding: octets, as: UTF8.self))")
            let data = try #require(entry["data"] as? [String: Any])
            let statistics = try #require(entry["stats"] as? [String: Any])
            let expected: [(String, AnyHashable)] = [
                ("iname", "VI_1"), ("ifp_ifname", "eth0"), ("vrid", 51), ("base_priority", 150),
                ("effective_priority", 150), ("state", 2), ("version", 3),
            ]
            for (key, value) in expected {
                let found = data[key] as? AnyHashable
                experiment.claim("\(key) is \(value)", found == value, sawInstead: "\(data[key] as Any)")
            }
            let addresses = data["vips"] as? [String] ?? []
            experiment.claim(
                "vips has the address", addresses.contains { $0.contains("192.168.1.100/24") },
                sawInstead: "\(addresses)")
            for key in ["wantstate", "adver_int", "last_transition", "accept", "nopreempt", "preempt_delay"] {
                experiment.claim("there is \(key)", data[key] != nil)
            }
            for key in [
                "advert_rcvd", "advert_sent", "become_master", "release_master", "packet_len_err",
                "advert_interval_err", "ip_ttl_err", "invalid_type_rcvd", "addr_list_err", "invalid_authtype",
                "authtype_mismatch", "auth_failure", "pri_zero_rcvd", "pri_zero_sent",
            ] {
                experiment.claim("\(key) is a number", statistics[key] is NSNumber)
            }
            experiment.claim("it became the master once", statistics["become_master"] as? Int == 1)
        }
    }

    @Test("SIGUSR1 writes the state and SIGUSR2 the statistics, as text", arguments: Implementation.available)
    func text(_ implementation: Implementation) async throws {
        try await Experiment.run { experiment in
            try experiment.start(implementation, on: "node1", InstanceText.master.text)
            try await Self.awaitMaster(experiment)
            let state = try await Self.dump(SignalNumber.user1, "/tmp/keepalived.data", experiment)
            let statistics = try await Self.dump(SignalNumber.user2, "/tmp/keepalived.stats", experiment)
            for (text, lines) in [
                (state, ["VRRP Instance = VI_1", "State = MASTER", "Virtual Router ID = 51", "Priority = 150"]),
                (statistics, ["VRRP Instance: VI_1", "Became master: 1", "Released master: 0"]),
            ] {
                let written = String(decoding: text, as: UTF8.self)
                for line in lines { experiment.claim("'\(line)'", written.contains(line), sawInstead: written) }
            }
            let list = try await experiment.lab["node1"].run("/bin/ls", ["-l", "/tmp"])
            let modes = list?.lines.filter { $0.contains("keepalived") }.map { $0.prefix(10) }
            experiment.claim(
                "nobody else can read them", modes?.allSatisfy { $0 == "-rw-------" } == true,
                sawInstead: "\(modes as Any)")
        }
    }

    @Test("The service manager hears that the daemon is ready, reloads and stops")
    func serviceManager() async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            let lender = try lab["node1"].start("/bin/sleep", ["1000"])
            let manager = try DatagramReceiver(at: lender.path(to: "/run/notify"))
            try lab["node1"].write(InstanceText.master.text, to: Experiment.configurationFile)
            let daemon = try lab["node1"].start(
                Machine.program("vrrpd"), ["-n", "-l", "-D", "-G", "-f", Experiment.configurationFile], as: "daemon",
                environment: ["NOTIFY_SOCKET": "/run/notify"])
            try await Self.awaitMaster(experiment)
            let start = manager.receiveAll().joined(separator: "\n")
            experiment.claim("READY=1", start.contains("READY=1"), sawInstead: start)
            let begin = try experiment.reload("node1", InstanceText(priority: 140).text)
            try await lab.expect("it has reloaded", within: .seconds(2), since: begin) { $0.advert?.priority == 140 }
            await experiment.watch(for: .milliseconds(100))
            let reload = manager.receiveAll().joined(separator: "\n")
            let order = [reload.range(of: "RELOADING=1"), reload.range(of: "READY=1")].compactMap(\.?.lowerBound)
            experiment.claim("RELOADING=1, then READY=1", order.count == 2 && order[0] < order[1], sawInstead: reload)
            try lab.inject(.terminate(experiment.daemon(of: "node1")))
            let status = await daemon.exit(within: .seconds(3))
            experiment.claim("it ends well", status == .exited(code: 0))
            let stop = manager.receiveAll().joined(separator: "\n")
            experiment.claim("STOPPING=1", stop.contains("STOPPING=1"), sawInstead: stop)
        }
    }

    private static func awaitMaster(_ experiment: Experiment) async throws {
        let lab = experiment.lab
        try await lab.expect("node1 has the address", within: .seconds(4), since: lab.start) {
            $0.isAddition(of: Segment.virtualAddress, to: "node1")
        }
        await experiment.watch(for: .milliseconds(150))
    }

    /// Asks node1's daemon for a dump, and reads it when it is there and complete.
    private static func dump(_ signal: Int32, _ path: String, _ experiment: Experiment) async throws -> [UInt8] {
        let node = experiment.lab["node1"]
        try node.process("daemon").send(signal: signal)
        _ = try await node.run("/bin/sh", ["-c", "until [ -s \(path) ]; do :; done"], within: .seconds(3))
        await experiment.watch(for: .milliseconds(100))
        return try node.read(path)
    }
}

import Glibc
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("A lab", .requiresNamespaces)
struct LabTests {
    static let pair = Topology([
        NodeDescription("node1", [InterfaceDescription("eth0", on: "lan", ["192.168.1.11/24"])]),
        NodeDescription("node2", [InterfaceDescription("eth0", on: "lan", ["192.168.1.12/24"])]),
    ])

    @Test("gives each node its own hostname, addresses, processes and directories")
    func nodesAreHosts() async throws {
        try await Lab.run(Self.pair) { lab in
            let hostname = try await lab["node1"].run("/bin/hostname")
            #expect(hostname?.lines == ["node1"])
            let processes = try await lab["node1"].run("/bin/ls", ["/proc"])
            let pids = processes?.lines.compactMap { Int($0) }
            #expect(pids?.first == 1)
            #expect((pids?.count ?? 0) <= 2)
            let directories = try await lab["node2"].run(
                "/bin/ls", ["/run", "/tmp", "/var/log", "/etc/keepalived"])
            #expect(directories?.lines.filter { !$0.isEmpty && !$0.hasSuffix(":") } == [])
            let interfaces = try await lab["node2"].run("/bin/ls", ["/sys/class/net"])
            #expect(interfaces?.lines == ["eth0", "lo"])
        }
    }

    @Test("carries frames between its nodes and stamps them in order")
    func framesPass() async throws {
        try await Lab.run(Self.pair) { lab in
            let start = lab.start
            let ping = try await lab["node1"].run("/bin/bash", ["-c", "echo > /dev/udp/192.168.1.12/9"])
            #expect(ping?.succeeded == true)
            let sent = try await lab.expect("node1 asks for node2", within: .seconds(2), since: start) { event in
                guard case .arp(let arp) = event.frame?.content else { return false }
                return event.node == "node1" && event.isSent && "\(arp.targetAddress)" == "192.168.1.12"
            }
            let heard = try await lab.expect("node2 hears it", within: .seconds(2), since: start) { event in
                guard case .arp(let arp) = event.frame?.content else { return false }
                return event.node == "node2" && !event.isSent && "\(arp.targetAddress)" == "192.168.1.12"
            }
            #expect(sent.time <= heard.time)
        }
    }

    @Test("reports how a process ended, and what it wrote on the way")
    func processesEnd() async throws {
        try await Lab.run(Self.pair) { lab in
            let result = try await lab["node1"].run("/bin/sh", ["-c", "echo one; echo two >&2; exit 3"])
            #expect(result?.status == .exited(code: 3))
            #expect(Set(result?.lines ?? []) == ["one", "two"])
            let process = try lab["node2"].start("/bin/sleep", ["100"])
            try lab.inject(.kill(ProcessName("sleep", on: "node2"), .tree))
            #expect(await process.exit(within: .seconds(2)) == .signaled(number: SIGKILL))
        }
    }

    @Test("silences a link end while its carrier stays, and pulls it so that the carrier goes", .lab(LabTests.pair))
    func linkFaults() async throws {
        let lab = try Lab.current
        let end = LinkEnd("node1", "eth0")
        let silence = try lab.inject(.silence(end))
        _ = try await lab["node1"].run("/bin/bash", ["-c", "echo > /dev/udp/192.168.1.12/9"])
        try await lab.expectNever(
            "node2 hears node1", for: lab.elapsed(since: silence.inForce) + .milliseconds(200),
            since: silence.inForce,
            control: .frame(at: "node1", .sent)
        ) { event in
            event.node == "node2" && event.frame != nil && !event.isSent
        }
        try lab.heal(.silence(end))
        let pulled = try lab.inject(.carrierLoss(end))
        try await lab.expect("node1 loses its carrier", within: .seconds(2), since: pulled.began) { event in
            event.node == "node1" && event.kind == .link(interface: "eth0", isUp: false)
        }
    }

    @Test(
        "drops one IP protocol in one direction and lets the others pass", .lab(LabTests.pair),
        arguments: [true, false])
    func muteAndDeaf(mute: Bool) async throws {
        let lab = try Lab.current
        let udp: UInt8 = 17
        let fault: Fault =
            mute
            ? .mute(LinkEnd("node1", "eth0"), ipProtocol: udp) : .deaf(LinkEnd("node2", "eth0"), ipProtocol: udp)
        let start = try lab.inject(fault).inForce
        _ = try await lab["node1"].run("/bin/bash", ["-c", "echo > /dev/udp/192.168.1.12/9"])
        try await lab.expect("node1 sends the datagram", within: .seconds(2), since: start) {
            $0.node == "node1" && $0.isSent && $0.ipProtocol == udp
        }
        try await lab.expectNever(
            "node2 gets it", for: lab.elapsed(since: start) + .milliseconds(200), since: start,
            control: .frame(at: "node2", .received)
        ) {
            $0.node == "node2" && !$0.isSent && $0.ipProtocol == udp
        }
        let healed = try lab.heal(fault)
        _ = try await lab["node1"].run("/bin/bash", ["-c", "echo > /dev/udp/192.168.1.12/9"])
        try await lab.expect("node2 gets the next one", within: .seconds(2), since: healed.inForce) {
            $0.node == "node2" && !$0.isSent && $0.ipProtocol == udp
        }
    }

    @Test("filters a protocol behind a node's interface: frames reach its port, and no program", .lab(LabTests.pair))
    func filter() async throws {
        let lab = try Lab.current
        let (udp, icmp): (UInt8, UInt8) = (17, 1)
        let fault = Fault.filter(LinkEnd("node2", "eth0"), ipProtocol: udp)
        // Nobody listens, so a kernel that gets the datagram says so.
        let words = ["-c", "echo > /dev/udp/192.168.1.12/9"]
        let start = try lab.inject(fault).inForce
        _ = try await lab["node1"].run("/bin/bash", words)
        try await lab.expect("the datagram reaches node2's port", within: .seconds(2), since: start) {
            $0.node == "node2" && !$0.isSent && $0.ipProtocol == udp
        }
        try await lab.expectNever(
            "node2's kernel hears it", for: lab.elapsed(since: start) + .milliseconds(200), since: start,
            control: .frame(at: "node2", .received)
        ) {
            $0.node == "node2" && $0.isSent && $0.ipProtocol == icmp
        }
        let healed = try lab.heal(fault)
        _ = try await lab["node1"].run("/bin/bash", words)
        try await lab.expect("node2 answers the next one", within: .seconds(2), since: healed.inForce) {
            $0.node == "node2" && $0.isSent && $0.ipProtocol == icmp
        }
    }

    @Test("parts a segment into groups and joins it again", .lab(LabTests.pair))
    func partition() async throws {
        let lab = try Lab.current
        let fault = Fault.partition(segment: "lan", [["node1"], ["node2"]])
        let parted = try lab.inject(fault)
        _ = try await lab["node1"].run("/bin/bash", ["-c", "echo > /dev/udp/192.168.1.12/9"])
        try await lab.expectNever(
            "node2 hears node1", for: lab.elapsed(since: parted.inForce) + .milliseconds(200),
            since: parted.inForce,
            control: .frame(at: "node1", .sent)
        ) { event in
            event.node == "node2" && event.frame != nil && !event.isSent
        }
        let healed = try lab.heal(fault)
        _ = try await lab["node1"].run("/bin/bash", ["-c", "echo > /dev/udp/192.168.1.12/9"])
        try await lab.expect("node2 hears node1 again", within: .seconds(3), since: healed.inForce) { event in
            event.node == "node2" && event.frame != nil && !event.isSent
        }
    }

    @Test("refuses a topology that cannot be built, before anything is made")
    func badTopologies() async throws {
        var twins = Self.pair
        twins.nodes[1].name = "node1"
        await #expect(throws: LabError.topology(.duplicateNode("node1"))) { try await Lab.run(twins) { _ in } }
        var clash = Self.pair
        clash.nodes[1].interfaces[0].addresses = ["192.168.1.11/24"]
        await #expect(
            throws: LabError.topology(
                .duplicateAddress(.v4(IPv4Address(192, 168, 1, 11)), "node1", "node2", segment: "lan"))
        ) { try await Lab.run(clash) { _ in } }
        var typo = Self.pair
        typo.nodes[1].interfaces[0].addresses = ["192.168.1.1l/24"]
        await #expect(
            throws: LabError.topology(.badAddress("192.168.1.1l/24", interface: "eth0", node: "node2"))
        ) { try await Lab.run(typo) { _ in } }
    }
}

extension TimelineEvent {
    fileprivate var isSent: Bool {
        guard case .frame(let frame) = kind else { return false }
        return frame.direction == .sent
    }

    fileprivate var ipProtocol: UInt8? {
        frame?.ipPacket?.protocolNumber
    }
}

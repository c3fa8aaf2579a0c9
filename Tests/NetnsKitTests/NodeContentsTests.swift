import Foundation
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("What a topology puts into a node", .requiresNamespaces)
struct NodeContentsTests {
    @Test("Its files lie in its private directories, with the directories above them and with their modes")
    func files() async throws {
        let node = NodeDescription(
            "node", [],
            files: [
                FileDescription("/run/demo/deep/one", "first\n"),
                FileDescription("/run/demo/deep/two", "#!/bin/sh\necho second\n", mode: 0o755),
            ])
        try await Lab.run(Topology([node])) { lab in
            #expect(try lab["node"].read("/run/demo/deep/one") == Array("first\n".utf8))
            let second = try await lab["node"].run("/run/demo/deep/two")
            #expect(second?.lines == ["second"])
            let modes = try await lab["node"].run("/usr/bin/stat", ["-c", "%a %u", "/run/demo/deep/one"])
            #expect(modes?.lines == ["644 0"])
            #expect(!FileSystem.exists("/run/demo/deep"))
        }
    }

    @Test("Its programs find PATH in their environment, what the topology says, what their starter adds, and no more")
    func environment() async throws {
        let node = NodeDescription("node", [], environment: ["SITE": "berlin", "MODE": "plain"])
        try await Lab.run(Topology([node, NodeDescription("other", [])])) { lab in
            let own = try await lab["node"].run("/usr/bin/env")
            #expect(own?.lines == ["MODE=plain", "PATH=\(ProgramRequest.standardPath)", "SITE=berlin"])
            let plain = try await lab["other"].run("/usr/bin/env")
            #expect(plain?.lines == ["PATH=\(ProgramRequest.standardPath)"])
            let process = try lab["node"].start(
                "/usr/bin/env", as: "env", environment: ["MODE": "odd", "PATH": "/bin"])
            #expect(await process.exit(within: .seconds(5)) == .exited(code: 0))
            let lines = lab.timeline.events.compactMap { event -> String? in
                if case .output("env", _, let line) = event.kind { line } else { nil }
            }
            #expect(lines == ["MODE=odd", "PATH=/bin", "SITE=berlin"])
        }
    }

    @Test("Its mounts show the host's files, and take what is written only where they are writable")
    func mounts() async throws {
        let host = try HostDirectory()
        try host.write("note", "from the host")
        let node = NodeDescription(
            "node", [],
            mounts: [
                MountDescription(host.path, at: "/run/shown"),
                MountDescription(host.path, at: "/tmp/shared", isWritable: true),
                MountDescription(host.path + "/note", at: "/etc/hostname"),
            ])
        try await Lab.run(Topology([node])) { lab in
            let node = lab["node"]
            let notes = try await node.run("/bin/cat", ["/run/shown/note", "/etc/hostname"])
            #expect(notes?.lines == ["from the hostfrom the host"])
            let refused = try await node.run("/usr/bin/touch", ["/run/shown/new"])
            #expect(refused?.lines.first?.hasSuffix("Read-only file system") == true)
            let overwritten = try await node.run("/bin/sh", ["-c", "echo x > /etc/hostname"])
            #expect(overwritten?.succeeded == false)
            let taken = try await node.run("/usr/bin/touch", ["/tmp/shared/new"])
            #expect(taken?.succeeded == true)
            #expect(FileSystem.exists(host.path + "/new"))
            #expect(throws: LabError.notPrivate(path: "/tmp/shared/x", node: "node")) {
                try node.write("x", to: "/tmp/shared/x")
            }
        }
        #expect(try FileSystem.read("/etc/hostname") != Array("from the host".utf8))
    }

    @Test("It takes more mounts than anybody counts")
    func manyMounts() async throws {
        let mounts = (1...40).map { MountDescription("/etc", at: "/run/many/\($0)") }
        try await Lab.run(Topology([NodeDescription("node", [], mounts: mounts)])) { lab in
            let result = try await lab["node"].run("/bin/ls", ["/run/many/1/passwd", "/run/many/40/passwd"])
            #expect(result?.succeeded == true)
        }
    }

    @Test("A mount whose source or place is not there is an error in its own words, and makes nothing on the host")
    func missingMounts() async throws {
        let place = "/srv/no-such-place"
        let cases = [
            (
                MountDescription("/no/such/source", at: "/run/x"),
                "cannot find what is to be mounted, /no/such/source: No such file or directory"
            ),
            (
                MountDescription("/etc", at: place),
                "a mount needs a place that is there or in a private directory, unlike \(place): "
                    + "No such file or directory"
            ),
        ]
        for (mount, report) in cases {
            let error = await #expect(throws: LabError.self) {
                try await Lab.run(Topology([NodeDescription("node", [], mounts: [mount])])) { _ in }
            }
            #expect(error == .nodeFailed(node: "node", report: report))
        }
        #expect(!FileSystem.exists(place))
    }

    @Test("Interfaces have the names, addresses and MTUs that the topology says, at both ends of their cables")
    func interfaces() async throws {
        let mac = try #require(MACAddress("02:00:00:00:00:51"))
        var topology = Topology.star("lan", ["n1", "n2", "n3"], networks: "10.0.0.0/24")
        topology.nodes[0].interfaces[0].name = "mgmt0"
        topology.nodes[0].interfaces[0].macAddress = mac
        topology.nodes[0].loopbackAddresses = ["10.255.0.1", "fd00:ffff::1/128"]
        for index in 0...1 { topology.nodes[index].interfaces[0].mtu = 9000 }
        try await Lab.run(topology) { lab in
            let files = ["/sys/class/net/mgmt0/mtu", "/sys/class/net/mgmt0/address"]
            #expect(try await lab["n1"].run("/bin/cat", files)?.lines == ["9000", "02:00:00:00:00:51"])
            let addresses = try lab["n1"].addresses().filter { $0.interface == "lo" }.map { "\($0.prefix)" }
            #expect(addresses.sorted() == ["10.255.0.1/32", "127.0.0.1/8", "::1/128", "fd00:ffff::1/128"])
            let frame = EthernetFrame(
                destination: .broadcast, source: mac, etherType: 0x88b5, payload: Array(repeating: 7, count: 8000))
            try lab["n1"].send(frame.serialized(), over: "mgmt0")
            let arrived = { (node: String) in
                { @Sendable (event: TimelineEvent) in
                    event.node == node && event.frameDirection == .received && event.frame?.ethernet.etherType == 0x88b5
                }
            }
            let seen = try await lab.expect("n2 gets it whole", within: .seconds(2), since: lab.start, arrived("n2"))
            #expect(seen.frame?.ethernet.payload.count == 8000)
            try await lab.expectNever("n3 gets it", for: .milliseconds(50), since: lab.start, arrived("n3"))
        }
    }
}

/// A directory of the host that is gone with this value.
private struct HostDirectory: ~Copyable {
    let path = NSTemporaryDirectory() + "netnskit-\(UUID().uuidString)"

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    borrowing func write(_ name: String, _ contents: String) throws {
        try Data(contents.utf8).write(to: URL(filePath: path + "/" + name))
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

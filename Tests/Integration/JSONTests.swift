import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline

@Suite("labrun --json", .requiresNamespaces)
struct JSONTests {
    @Test("Every --json writes one document and nothing else to stdout, with the promised keys and no unexplained one")
    func documents() async throws {
        let documented = try Self.documentedKeys()
        let wanted: [(words: [String], code: Int32, keys: Set<String>)] = [
            (["list"], 0, ["id", "title", "goal", "seconds", "scenarios", "yours"]),
            (["mistakes"], 0, Self.mistake), (["explain", "vr104", "VR206"], 0, Self.mistake),
            (["doctor"], 0, ["subject", "verdict", "observed"]),
            (["check", "step3"], 1, Self.check.union(["daemons", "seconds", "artifacts"])),
            (["check", "step8"], 3, Self.check),
            (["status"], 0, ["name", "plan", "since", "age", "nodes", "faults"]),
            (["look"], 0, ["name", "plan", "age", "addresses", "nodes", "faults", "hints"]),
            (["look", "node2"], 0, ["name", "plan", "age", "addresses", "nodes", "faults", "hints"]),
        ]
        try await Lab.run(Machine.topology) { lab in
            let machine = lab[Machine.name]
            try machine.write(Self.mistaken, to: "/etc/keepalived/keepalived.conf")
            for words in [["up", "step2", "--fast"], ["break", "node2", "filter"]] {
                #expect(try #require(await machine.run(Machine.program("labrun"), words)).succeeded)
            }
            for (words, code, keys) in wanted {
                let result = try #require(
                    await machine.run(Machine.program("labrun"), words + ["--json"], within: .seconds(60)))
                #expect(result.status == .exited(code: code), "\(words)")
                try #require(result.output.count == 1, "\(words): \(result.output)")
                let document = try JSONDocument(result.output[0])
                #expect(document.keys == keys, "\(words)")
                #expect(document.allKeys.subtracting(documented).isEmpty, "\(words)")
            }
        }
    }

    @Test("Without a lab there is an empty list of labs, and no document of one; the code is 3")
    func nothing() async throws {
        let status = try #require(await Machine.run("labrun", ["status", "--json"]))
        #expect(status.status == .exited(code: 3))
        #expect(status.output == ["[]"])
        let look = try #require(await Machine.run("labrun", ["look", "--json"]))
        #expect(look.status == .exited(code: 3))
        #expect(look.output == [])
    }

    private static let mistake: Set = [
        "v", "code", "name", "severity", "symptom", "reason", "wrong", "right", "specimens",
    ]
    private static let check: Set = ["v", "kind", "step", "verdict", "files", "tests", "diagnoses", "checks"]

    /// What the user's description of the documents has in backticks.
    private static func documentedKeys() throws -> Set<String> {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let text = String(decoding: try FileSystem.read("/\(root)/docs/labrun-json.md"), as: UTF8.self)
        return Set(text.split(separator: "`", omittingEmptySubsequences: false).map(String.init))
    }

    /// Its check has something to say: a virtual router that never becomes the master that the step wants.
    private static let mistaken = """
        vrrp_instance VI_1 {
            state BACKUP
            interface eth0
            virtual_router_id 51
            priority 100
            advert_int 1
            preempt_delay 5
            nopreempt
            virtual_ipaddress {
                192.168.1.100
            }
            notify_master /etc/keepalived/notify.sh MASTER
        }
        """
}

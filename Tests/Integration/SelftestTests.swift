import NetnsKit
import NetnsTesting
import Testing
import Timeline

@Suite("labrun selftest", .requiresNamespaces)
struct SelftestTests {
    @Test("Every specimen has its own code and no other, by its files")
    func files() async throws {
        let result = try #require(await Machine.run("labrun", ["selftest", "--static"]))
        #expect(result.succeeded, "\(result.lines.joined(separator: "\n"))")
        #expect(result.output.contains { $0.hasPrefix(" VR201 ") && $0.contains("2 of 2") && $0.hasSuffix("ok") })
        #expect(result.output.allSatisfy { $0.count <= 80 })
    }

    @Test("Machines that lack keepalived or rights, or have a stray daemon, get their names", .timeLimit(.minutes(2)))
    func machines() async throws {
        let words = ["selftest", "-o", "/tmp/out"] + ["VR001", "VR002", "VR119"].flatMap { ["--only", $0] }
        let result = try #require(await Machine.run("labrun", words, within: .seconds(90)))
        #expect(result.succeeded, "\(result.lines.joined(separator: "\n"))")
        #expect(result.output.count { $0.contains("1 of 1") && $0.hasSuffix("ok") } == 3)
    }

    @Test("A process that was stopped, and one that outlived its lab, are told from what a run saw")
    func runs() async throws {
        let words = ["selftest", "-o", "/tmp/out", "--only", "VR301", "--only", "VR302", "--only", "vr206"]
        let result = try #require(await Machine.run("labrun", words, within: .seconds(60)))
        #expect(result.succeeded, "\(result.lines.joined(separator: "\n"))")
        #expect(result.output.last?.hasPrefix("PASS  3 specimens of 3 mistakes, 0 steps, 0 wrong") == true)
    }

    @Test("What is not known is a usage error that names what is")
    func unknown() async throws {
        let result = try #require(await Machine.run("labrun", ["selftest", "--only", "VR999"]))
        #expect(result.status == .exited(code: 64))
        #expect(result.lines.contains { $0.contains("VR201") })
    }
}

import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("The evidence of a lab", .lab(pair))
struct EvidenceTests {
    @Test("is two drawings, the network's own, every event, every frame, what each program wrote, and the seed")
    func files() async throws {
        let lab = try Lab.current
        _ = try await lab["r1"].run("/bin/echo", ["hello"])
        try lab["r1"].ping(IPv4Address(10, 0, 0, 2), over: "eth0")
        try await lab.expect("a frame", within: .seconds(5), since: lab.start) { $0.frame != nil }
        await #expect(throws: ExpectationFailure.self) {
            try await lab.expect("a miracle", within: .milliseconds(30), since: lab.start) { _ in false }
        }
        let evidence = try Evidence(lab)
        #expect(
            evidence.files.map(\.name) == [
                "diagram.txt", "timeline.ndjson", "timeline.svg", "lab.pcapng", "topology.txt", "r1-echo#0.log",
                "seed.txt",
            ])
        let text = { (name: String) in
            String(decoding: evidence.files.first { $0.name == name }?.octets ?? [], as: UTF8.self)
        }
        #expect(text("diagram.txt").contains("a miracle"))
        #expect(text("timeline.ndjson").split(separator: "\n").count >= 4)
        #expect(text("timeline.ndjson").contains(#""text":"a miracle""#))
        #expect(text("r1-echo#0.log").hasSuffix(" hello\n"))
        #expect(text("seed.txt") == "1\n")
        #expect(text("timeline.svg").hasPrefix("<svg"))
        #expect(text("topology.txt").contains("10.0.0.1/24"))
        let capture = try #require(evidence.files.first { $0.name == "lab.pcapng" }).octets
        #expect(capture.prefix(4) == [0x0a, 0x0d, 0x0d, 0x0a])
        #expect(capture.count > 200)
    }
}

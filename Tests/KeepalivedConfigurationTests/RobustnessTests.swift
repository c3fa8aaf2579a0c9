import Foundation
import KeepalivedConfiguration
import Testing
import VRRPCore

/// No text, however broken, brings the reader down.
@Suite struct RobustnessTests {
    @Test(
        "An empty file is a configuration that does nothing",
        arguments: ["", "\n", "\r\n\r\n", " \t", "# x", "\u{feff}"])
    func empty(_ text: String) {
        let result = load(text)
        #expect(result.configuration == DaemonConfiguration())
        #expect(result.isUsable)
    }

    @Test(
        "A torn end is reported",
        arguments: [
            "vrrp_instance", "vrrp_instance A", "vrrp_instance A {", "vrrp_instance A { state", "{", "}", "{{{{",
            "}}}}",
            "\"", "global_defs { router_id \"x", "vrrp_script s { script \"/bin/a 'b", "vrrp_script s { script \"a\\",
            "$", "$A", "$A=", "$A=\\", "${", "${A", "@", "@^", "@x", "~", "include", "include \"", "\\", "\0",
        ])
    func torn(_ text: String) {
        for cut in [text, text + "\n", "\n" + text, text + text] {
            for diagnostic in load(cut).diagnostics { #expect(!diagnostic.rendered.isEmpty) }
        }
    }

    @Test("Every prefix of a good file is survived")
    func prefixes() {
        let text = LabFixtures.capstone
        for length in stride(from: 0, to: text.utf8.count, by: 7) {
            let result = load(String(decoding: text.utf8.prefix(length), as: UTF8.self))
            #expect(result.routers.count <= 2)
        }
    }

    @Test("A line of a million octets is one complaint")
    func longLine() {
        let result = load(String(repeating: "x{\" ", count: 250_000) + "\nglobal_defs {\nrouter_id a\n}")
        #expect(result.complaints == ["1:1 error: line too long - ignoring; at most 1023 octets are read"])
        #expect(result.configuration.routerID == "a")
    }

    @Test("Ten thousand blocks within each other are no deeper than thirty-two")
    func deepNesting() {
        let open = load(String(repeating: "a {\n", count: 10_000))
        #expect(!open.complaints.isEmpty)
        let closed = load(
            String(repeating: "a {\n", count: 10_000) + String(repeating: "}\n", count: 10_000)
                + "global_defs {\nrouter_id a\n}")
        #expect(closed.configuration.routerID == "a")
        #expect(closed.complaints.count == 2)
    }

    @Test("Random words and octets are survived, and every diagnostic can be shown", arguments: 0..<200)
    func soup(_ seed: Int) {
        var generator = SplitMix(state: UInt64(seed))
        let result = load(generator.soup(pieces: 400), configID: "x")
        for diagnostic in result.diagnostics {
            #expect(diagnostic.rendered.hasPrefix("test.conf"))
        }
        #expect(result.routers.allSatisfy { $0.virtualRouterID > 0 && !$0.interface.isEmpty })
    }

    @Test(
        "Every file of the collection is read without a trap", .enabled(if: Corpus.exists, "no ../shared/corpus here"))
    func corpus() throws {
        for file in try Corpus.files() {
            let result = DaemonConfiguration.load(file: file.name) { _, includer in includer == nil ? [file] : [] }
            #expect(result.diagnostics.allSatisfy { !$0.message.isEmpty && $0.location.line >= 0 }, "\(file.name)")
        }
    }
}

/// A seed names a run for ever.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    private static let pieces = [
        "vrrp_instance VI_1 {\n", "vrrp_script s {\n", "global_defs {\n", "virtual_ipaddress {\n", "}\n", "{", "}",
        "\n",
        " ", "\"", "'", "\\", "#", "!", "$A=", "$A", "${A}", "@x ", "@^x ", "interface eth0\n",
        "virtual_router_id 51\n",
        "priority 255\n", "priority ", "-1\n", "99999999999999999999\n", "advert_int 0.000000001\n", "version 3\n",
        "state MASTER\n", "nopreempt\n", "preempt_delay 1\n", "192.0.2.1/24 dev", "fe80::1/129 ", "label ", "weight ",
        "track_script {\n", "script \"/bin/a\n", "notify a b\n", "unicast_peer {\n", "authentication {\n",
        "auth_type PASS\n", "auth_pass ", "include x\n", "~SEQ\n", "garp_master_repeat 0\n", "\u{a0}", "\u{201c}", "\0",
    ]

    mutating func soup(pieces count: Int) -> String {
        var octets: [UInt8] = []
        for _ in 0..<count {
            if UInt8.random(in: 0..<4, using: &self) == 0 {
                octets.append(UInt8.random(in: 0...255, using: &self))
            } else if let piece = Self.pieces.randomElement(using: &self) {
                octets += Array(piece.utf8)
            }
        }
        return String(decoding: octets, as: UTF8.self)
    }
}

/// Configurations that other people wrote; they are not part of this package.
private enum Corpus {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/corpus/keepalived-conf").standardizedFileURL

    static var exists: Bool { FileManager.default.fileExists(atPath: directory.path) }

    static func files() throws -> [ConfigurationFile] {
        try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil).compactMap { url in
            FileManager.default.contents(atPath: url.path).map {
                ConfigurationFile(name: url.lastPathComponent, text: String(decoding: $0, as: UTF8.self))
            }
        }
    }
}

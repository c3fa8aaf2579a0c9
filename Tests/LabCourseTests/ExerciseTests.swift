import LinuxSystem
import NetnsKit
import Testing
import VRRPCore

@testable import LabCourse

@Suite("Somebody's files")
struct ExerciseTests {
    private static let text = """
        vrrp_instance VI_1 {
            interface eth0
            virtual_router_id 7
            priority 200
            advert_int 2
            virtual_ipaddress {
                192.168.1.100/24
            }
        }

        """
    private static let path = "/etc/keepalived/keepalived.conf"
    private static let topology = Topology([
        NodeDescription("node1", [InterfaceDescription("eth0", on: "lan", ["192.168.1.11/24"])]),
        NodeDescription("client", [InterfaceDescription("eth0", on: "lan", ["192.168.1.50/24"])]),
    ])

    private static func step() -> LabStep {
        let files = [
            NodeFile(path, on: "node1", "its own"),
            NodeFile("/etc/keepalived/notify.sh", on: "node1", "#!/bin/sh\n", mode: 0o700),
        ]
        let scenario = Scenario("one", "One", topology: topology, files: files) { _ in }
        return LabStep(
            id: "step9", title: "", goal: "", picture: "", lesson: "", seconds: 1,
            variants: [.reference: VariantContents(files: files, scenarios: [scenario])],
            files: [LearnerFile(path, on: ["node1"], .configuration, start: "", solution: text)])
    }

    @Test("bounds come from what the file says")
    func times() throws {
        let router = try #require(ConfigurationReading(SourceFile(Self.path, Self.text)).routers.first)
        #expect(router.priority.rawValue == 200)
        // 3 x 2 s + (256 - 200) / 256 s.
        #expect(ConfigurationReading.times(of: router).masterDown(200) == .milliseconds(6218.75))
    }

    @Test("an include is looked for among the files at hand, beside the file that has it")
    func include() {
        let main = SourceFile(Self.path, "include parts/*.conf\ninclude other.conf\n")
        let part = SourceFile("/etc/keepalived/parts/a.conf", Self.text)
        let elsewhere = SourceFile("/etc/other.conf", Self.text)
        #expect(ConfigurationReading(main, including: [part, elsewhere]).routers.map(\.name) == ["VI_1"])
        #expect(ConfigurationReading(main, including: [elsewhere]).routers.isEmpty)
    }

    @Test("an executable file is not included, as with keepalived")
    func executableInclude() {
        let main = SourceFile(Self.path, "include other.conf\n")
        let other = SourceFile("/etc/keepalived/other.conf", Self.text, mode: 0o755)
        #expect(ConfigurationReading(main, including: [other]).routers.isEmpty)
    }

    @Test(
        "stars and question marks stay within a part of the path",
        arguments: [
            ("/a/*.conf", "/a/b.conf", true), ("/a/*.conf", "/a/.conf", true), ("/a/*.conf", "/a/b/c.conf", false),
            ("/a/?.conf", "/a/b.conf", true), ("/a/?.conf", "/a/bb.conf", false), ("/a/b.conf", "/a/b.conf", true),
            ("/a/*/c", "/a/b/c", true), ("/a/b", "/a/bc", false),
        ])
    func pattern(_ pattern: String, _ path: String, _ matches: Bool) {
        #expect(PathPattern(pattern).matches(path) == matches)
    }

    @Test("a learner's file runs unchanged, behind one that includes it")
    func handedIn() throws {
        let mine = SourceFile(Self.path, Array(Self.text.utf8), mode: 0o755, owner: 1000, group: 1000)
        let scenario = try #require(Self.step().scenarios(.yours, files: [mine]).first)
        #expect(scenario.configurations == ["node1": "/run/labrun.conf"])
        let wrapper = try #require(scenario.files.first { $0.path == "/run/labrun.conf" })
        #expect(wrapper.contents == "global_defs {\n    log_unknown_vrids\n}\ninclude \(Self.path)\n")
        let copy = try #require(scenario.files.first { $0.path == Self.path })
        #expect(copy.contents == Self.text)
        #expect(copy.owner == 1000)
        // keepalived includes no executable file, though it would start with one.
        #expect(copy.mode == 0o644)
        #expect(scenario.files.contains { $0.path == "/etc/keepalived/notify.sh" && $0.mode == 0o700 })
        #expect(scenario.files.allSatisfy { $0.node == "node1" })
    }

    @Test("what the step brings counts as at hand, but not in the place of what the learner is to write")
    func submission() throws {
        let empty = Self.step().submission([])
        #expect(empty.routers.isEmpty)
        #expect(empty.files.map(\.path) == ["/etc/keepalived/notify.sh"])
        let mine = Self.step().submission([SourceFile(Self.path, Self.text)])
        #expect(mine.router("node1")?.reading.routers.map(\.name) == ["VI_1"])
        #expect(mine.router("node1")?.interfaces.map(\.name) == ["eth0"])
    }

    @Test("a specimen is the solution with its changes")
    func specimen() {
        let specimen = Specimen(
            "VR117-x", in: "step9", [.replacing("priority 200", with: "prioritee 200", in: Self.path)])
        let files = Self.step().files(of: specimen)
        #expect(
            files.flatMap { $0.lines.filter { $0.hasSuffix("200") || $0.hasPrefix("vrrp") } } == [
                "vrrp_instance VI_1 {", "    prioritee 200",
            ])
        let without = Specimen("VR001-x", in: "step9", [.removing(Self.path)])
        #expect(Self.step().files(of: without).isEmpty)
    }
}

import Glibc
import LabCourse
import Labs
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("labrun check", .requiresNamespaces)
struct CheckTests {
    @Test(
        "The solution as the learner's own file passes with both daemons, on one screen",
        arguments: ["ours", "keepalived"])
    func passes(_ daemon: String) async throws {
        guard daemon == "ours" || RunningProgram.isExecutable(ProgramNeed.keepalived.path) else { return }
        let result = try await Self.check(["step3", "--daemon", daemon], LabStep.step3.files.map(\.solved))
        #expect(result.succeeded, "\(result.lines.joined(separator: "\n"))")
        #expect(result.output.contains("Checking /etc/keepalived/keepalived.conf as node1 of step3"))
        #expect(result.output.contains { $0.hasPrefix("PASS  ") })
        #expect(result.output.contains { $0.hasPrefix("step3 done. Next: labrun ") })
        #expect(result.output.count <= 40)
        #expect(result.output.filter { $0.count > 80 } == [])
    }

    @Test("A file that is wrong fails with exit 1, and what was expected and seen is said")
    func fails() async throws {
        var file = LabStep.step3.files[0].solved
        file.contents = Array(file.text.replacing("\"/etc/keepalived/notify.sh MASTER\"", with: "/bin/true").utf8)
        let result = try await Self.check(["step3", "--daemon", "ours"], [file])
        #expect(result.status == .exited(code: 1), "\(result.lines.joined(separator: "\n"))")
        #expect(result.output.contains { $0.hasPrefix("FAIL  ") })
        #expect(result.output.contains { $0.hasPrefix("        observed  ") })
        #expect(result.output.contains { $0.contains("labrun diff step3") })
    }

    @Test("A check leaves a document and a page: the file, with the line of a mistake marked; --html is one more copy")
    func page() async throws {
        var file = LabStep.step3.files[0].solved
        file.contents = Array(file.text.replacing("auth_pass secret12", with: "auth_pass secret12345").utf8)
        try await Lab.run(Machine.topology) { lab in
            let machine = lab[Machine.name]
            try machine.write(file.text, to: file.path)
            let words = ["check", "step3", "--daemon", "ours", "-o", "/tmp/out", "--html", "/tmp/page.html"]
            _ = try await machine.run(Machine.program("labrun"), words, within: .seconds(90))
            let document = String(decoding: try machine.read("/tmp/out/latest/run.json"), as: UTF8.self)
            #expect(document.contains(#""code":"VR101""#))
            let page = String(decoding: try machine.read("/tmp/out/latest/report.html"), as: UTF8.self)
            let copy = String(decoding: try machine.read("/tmp/page.html"), as: UTF8.self)
            for text in [page, copy] {
                #expect(text.contains("auth_pass secret12345</td></tr>"))
                #expect(text.contains("class=\"s-"))
            }
            #expect(page.contains("href=\"step3-master/lan.pcapng\""))
            #expect(copy.contains("href=\"out/0001/step3-master/lan.pcapng\""))
        }
    }

    @Test(
        "A file that no daemon can use is a failure, and never a crash",
        arguments: ["", "}{", "vrrp_instance {", "\u{0}\u{1}"])
    func garbage(_ text: String) async throws {
        let result = try await Self.check(
            ["step3", "--daemon", "ours"], [SourceFile("/etc/keepalived/keepalived.conf", text)])
        #expect(result.status == .exited(code: 1), "\(result.lines.joined(separator: "\n"))")
        #expect(result.output.filter { $0.count > 80 } == [])
    }

    @Test(
        "What is not written yet is said with its path, and nothing ran",
        arguments: [["step4"], ["step4", "--static"]])
    func missing(_ words: [String]) async throws {
        let result = try await Self.check(words, [])
        #expect(result.status == .exited(code: 3))
        #expect(result.lines.contains("not written yet:"))
        #expect(result.lines.contains { $0.contains("write /etc/keepalived/keepalived-backup.conf") })
        #expect(result.lines.contains { $0.contains("labrun describe step4") })
    }

    @Test("A look at the files alone needs no rights at all")
    func looks() async throws {
        let files = ["/tmp/keepalived.conf": LabStep.step3.files[0].solution]
        let script =
            "exec setpriv --reuid 1234 --clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs "
            + "\(Machine.program("labrun")) check step3 --static --etc /tmp"
        let result = try #require(await Machine.run("/bin/sh", ["-c", script], files: files))
        #expect(result.succeeded, "\(result.lines)")
        #expect(result.lines.first == "Looking at /tmp/keepalived.conf as node1 of step3")
    }

    @Test("A file on the command line stands for the step's of that name, or for the node that is named")
    func namedFiles() async throws {
        let files = LabStep.step4.files
        let places = ["/tmp/keepalived.conf": files[0].solution, "/tmp/b": files[1].solution]
        let words = ["check", "step4", "--static", "/tmp/keepalived.conf", "--file", "node2=/tmp/b"]
        let result = try #require(await Machine.run("labrun", words, files: places))
        #expect(result.succeeded, "\(result.lines)")
        #expect(result.lines.contains { $0.hasSuffix("/tmp/keepalived.conf") && $0.contains("node1") })
        #expect(result.lines.contains { $0.hasSuffix("/tmp/b") && $0.contains("node2") })
    }

    @Test(
        "Words that mean nothing are usage errors that say what there is",
        arguments: [
            (["step9"], "there is no step 'step9'"), (["step2"], "step2 has nothing to write"),
            (["step4", "/nothing"], "there is no file '/nothing'"), (["step4", "--file", "x"], "NODE=PATH"),
            (["step4", "--file", "node9=/etc/passwd"], "there are node1, node2"),
            (["step4", "/etc/passwd"], "which file of step4 is '/etc/passwd'?"),
        ])
    func usage(_ words: [String], _ sentence: String) async throws {
        let result = try await Self.check(words, [])
        #expect(result.status == .exited(code: 64))
        #expect(result.lines.contains { $0.contains(sentence) }, "\(result.lines)")
    }

    @Test("One JSON document tells everything")
    func json() async throws {
        let result = try await Self.check(["step3", "--json", "--daemon", "ours"], LabStep.step3.files.map(\.solved))
        #expect(result.succeeded)
        #expect(result.output.count == 1)
        let line = try #require(result.output.first)
        for part in [#""kind":"check-files""#, #""step":"step3""#, #""verdict":"pass""#, #""isWritten":true"#] {
            #expect(line.contains(part), "\(part)")
        }
    }

    @Test("What a check came to is in the list and decides what is next")
    func progress() async throws {
        try await Lab.run(Machine.topology) { lab in
            let machine = lab[Machine.name]
            for file in LabStep.step3.files { try machine.write(file.solution, to: file.path) }
            let environment = ["LABRUN_STATE": "/tmp/state.json"]
            let words = ["check", "step3", "--daemon", "ours", "-o", "/tmp/out"]
            let check = try await machine.run(
                Machine.program("labrun"), words, environment: environment, within: .seconds(60))
            #expect(check?.succeeded == true)
            let list = try #require(await machine.run(Machine.program("labrun"), ["list"], environment: environment))
            #expect(list.lines.contains { $0.hasPrefix(" step3 ") && $0.contains(" pass ") }, "\(list.lines)")
            #expect(list.lines.filter { $0.count > 80 } == [])
        }
    }

    static func check(_ words: [String], _ files: [SourceFile]) async throws -> CommandResult {
        let placed = Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.text) })
        let options = words.contains("--static") ? [] : ["-o", "/tmp/out"]
        return try #require(
            await Machine.run("labrun", ["check"] + words + options, within: .seconds(90), files: placed))
    }
}

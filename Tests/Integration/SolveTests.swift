import LabCourse
import Labs
import NetnsKit
import NetnsTesting
import Testing
import Timeline

@Suite("labrun solve and reset", .requiresNamespaces)
struct SolveTests {
    @Test("The solution and the beginning are written in turn, and everything that was there is kept")
    func turns() async throws {
        try await Lab.run(Machine.topology) { lab in
            let machine = lab[Machine.name]
            let path = "/etc/keepalived/keepalived.conf"
            try machine.write("mine", to: path)
            let solve = try #require(await machine.run(Machine.program("labrun"), ["solve", "step3"]))
            #expect(solve.lines.prefix(2) == ["wrote \(path)", "  what was there is \(path).bak-1"])
            #expect(solve.lines.last == "Next: labrun check step3")
            let again = try #require(await machine.run(Machine.program("labrun"), ["solve", "step3"]))
            #expect(again.lines.first == "\(path) is that already")
            let reset = try #require(await machine.run(Machine.program("labrun"), ["reset", "step3"]))
            #expect(reset.lines.prefix(2) == ["wrote \(path)", "  what was there is \(path).bak-2"])
            let texts = try [path, "\(path).bak-1", "\(path).bak-2"].map {
                String(decoding: try machine.read($0), as: UTF8.self)
            }
            #expect(texts == [LabStep.step3.files[0].start, "mine", LabStep.step3.files[0].solution])
        }
    }

    @Test(
        "A directory that is full or read-only is exit 4 and one sentence, and the file is as before",
        arguments: [true, false])
    func refused(_ isFull: Bool) async throws {
        try await Lab.run(Machine.topology) { lab in
            let machine = lab[Machine.name]
            _ = try await machine.run("/bin/mkdir", ["/tmp/etc"])
            try machine.write("mine", to: "/tmp/etc/keepalived.conf")
            let mount =
                isFull
                ? "mount -t tmpfs -o size=4k none /tmp/etc && printf mine > /tmp/etc/keepalived.conf"
                : "mount --bind /tmp/etc /tmp/etc && mount -o remount,ro,bind /tmp/etc"
            let script = """
                \(mount) && \(Machine.program("labrun")) solve step3 --etc /tmp/etc
                code=$?; cat /tmp/etc/keepalived.conf; echo; ls /tmp/etc; exit $code
                """
            let result = try #require(await machine.run("/usr/bin/unshare", ["--mount", "/bin/sh", "-c", script]))
            #expect(result.status == .exited(code: 4), "\(result.lines)")
            #expect(result.output == ["mine", "keepalived.conf"])
            #expect(result.errors.count == 1)
            #expect(result.errors.first?.contains("could not be written and is as before") == true)
        }
    }
}

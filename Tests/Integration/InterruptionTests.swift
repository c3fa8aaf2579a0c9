import Glibc
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("labrun is interrupted", .requiresNamespaces)
struct InterruptionTests {
    @Test(
        "A signal in the middle of a run ends it in good order: one line, its exit code, nothing left but files",
        arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
    func signal(_ number: Int32, _ code: Int32) async throws {
        try await Lab.run(Machine.topology) { lab in
            let machine = lab[Machine.name]
            let before = try #require(await machine.run("/bin/sh", ["-c", LeakTests.count])).lines
            let labrun = try machine.start(
                Machine.program("labrun"), ["step2/stop", "step2/linkdown", "-o", "/tmp/out"], as: "labrun")
            try await lab.expect("a scenario is reported", within: .seconds(30), since: lab.start) {
                $0.isLine(of: "labrun") { $0.hasPrefix("  ok    stop ") }
            }
            try labrun.send(signal: number)
            let status = try #require(await labrun.exit(within: .seconds(5)))
            #expect(status == .exited(code: code))
            let lines = lab.timeline.filter { $0.isLine(of: "labrun") { $0.hasPrefix("labrun:") } }.map(\.kind)
            let line = "labrun: interrupted; everything is taken down"
            #expect(lines == [.output(process: "labrun", stream: .standardError, line: line)])
            let left = "interrupted; 1 did not run to their end: step2/linkdown"
            let told = lab.timeline.filter { $0.isLine(of: "labrun") { $0.contains("linkdown") } }.map(\.kind)
            #expect(told == [.output(process: "labrun", stream: .standardOutput, line: left)])
            // What was finished stays, and nothing else does.
            let kept = try #require(await machine.run("/bin/ls", ["/tmp/out/0001"])).lines
            #expect(kept.filter { $0.hasPrefix("step") } == ["step2-stop"])
            let document = String(decoding: try machine.read("/tmp/out/0001/run.json"), as: UTF8.self)
            #expect(document.contains(#""cut":"interrupted""#) && document.contains(#""exit":\#(code)"#))
            let settled = try await machine.run("/bin/sh", ["-c", LeakTests.settled], within: .seconds(5))
            #expect(settled != nil, "processes are left")
            #expect(try #require(await machine.run("/bin/sh", ["-c", LeakTests.count])).lines == before)
        }
    }

    @Test("The doctor is interrupted like a run")
    func doctor() async throws {
        try await Lab.run(Machine.topology) { lab in
            let doctor = try lab[Machine.name].start(Machine.program("labrun"), ["doctor"], as: "doctor")
            try await waitForSandbox(of: doctor)
            try doctor.send(signal: SIGTERM)
            #expect(try #require(await doctor.exit(within: .seconds(5))) == .exited(code: 143))
        }
    }

    @Test("A run that was started to ignore a signal, as under nohup, goes on to its end")
    func ignored() async throws {
        try await Lab.run(Machine.topology) { lab in
            let machine = lab[Machine.name]
            let script = "trap '' HUP; exec \(Machine.program("labrun")) step2/stop -o /tmp/out"
            let labrun = try machine.start("/bin/sh", ["-c", script], as: "labrun")
            try await waitForSandbox(of: labrun)
            try labrun.send(signal: SIGHUP)
            #expect(try #require(await labrun.exit(within: .seconds(40))) == .exited(code: 0))
        }
    }
}

/// Waits until the outer process has started another one: from then on it listens.
private func waitForSandbox(of process: NodeProcess) async throws {
    let deadline = MonotonicClock.now + .seconds(10)
    while !process.hasChildren {
        try #require(MonotonicClock.now < deadline, "\(process.name) has started nothing")
        await Task.yield()
    }
}

extension TimelineEvent {
    /// Whether a process wrote a line that matches, on either stream.
    fileprivate func isLine(of process: String, _ matches: (String) -> Bool) -> Bool {
        if case .output(process, _, let line) = kind { matches(line) } else { false }
    }
}

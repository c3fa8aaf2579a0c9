import Glibc
import LabCourse
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("labrun runs scenarios many times", .requiresNamespaces)
struct CampaignTests {
    @Test("Repetitions have a directory each, a phase from the seed, and a distribution within 80 columns")
    func repeated() async throws {
        try await Self.onMachine { run in
            let words = ["run", "step2/crash", "step2/stop", "--fast", "-n", "4", "--seed", "7"]
            let lines = try await run(words)
            #expect(lines.filter { $0.hasPrefix("  ok    step2/") }.count == 2, "\(lines)")
            #expect(lines.first?.hasSuffix("[ours, reference, 8 scenarios]") == true, "\(lines)")
            #expect(lines.contains { $0.hasPrefix("  ok    step2/crash            4/4      0.36") }, "\(lines)")
            #expect(lines.last == "Report: /tmp/out/0001/report.html  Seed: 7")
            let again = try await run(words)
            #expect(again.last == "Report: /tmp/out/0002/report.html  Seed: 7")
            let (first, second) = (try run.document("/tmp/out/0001"), try run.document("/tmp/out/0002"))
            #expect(first.scenarios.map(\.record.phase) == second.scenarios.map(\.record.phase))
            #expect(Set(first.scenarios.compactMap(\.record.phase)).count > 4)
            #expect(first.scenarios.map(\.directory).prefix(3) == ["step2-crash-1", "step2-stop-1", "step2-crash-2"])
            #expect(first.run.seed == 7)
        }
    }

    @Test("What repeats a run makes it with the same seed and phase, by itself")
    func reproduction() async throws {
        try await Self.onMachine { run in
            _ = try await run(["run", "step2/crash", "--fast", "-n", "3", "--seed", "7"])
            let third = try #require(try run.document("/tmp/out/0001").scenarios.last)
            #expect(third.record.repetition == 3)
            _ = try await run(["-c", "cd /tmp && exec ./out/0001/step2-crash-3/reproduce.sh"], program: "/bin/sh")
            let again = try #require(try run.document("/tmp/labrun-out/0001").scenarios.first)
            #expect(again.record.seed == third.record.seed && again.record.phase == third.record.phase)
            #expect(again.record.repetition == nil && again.directory == "step2-crash")
        }
    }

    @Test("A sweep spreads the fault over the interval: the later it comes, the shorter the outage")
    func sweep() async throws {
        try await Self.onMachine { run in
            let lines = try await run(["run", "step2/crash", "--fast", "--phase", "0..1", "-n", "4"])
            #expect(lines.contains { $0.contains("a value for each run") }, "\(lines)")
            let scenarios = try run.document("/tmp/out/0001").scenarios
            #expect(scenarios.map(\.record.phase) == [0.125, 0.375, 0.625, 0.875])
            let outages = scenarios.map { scenario in
                scenario.checks.first { $0.title == "node2, counted from the fault" }?.measured ?? 0
            }
            for (outage, share) in zip(outages, [0.125, 0.375, 0.625, 0.875]) {
                // T is 0.3609 s; the slack is that of a late process at either end.
                #expect(abs(outage - (0.3609 - share * 0.1)) < 0.05, "\(outages)")
            }
        }
    }

    @Test("A scenario that no advertisement times refuses a phase")
    func untimed() async throws {
        try await Self.onMachine { run in
            let lines = try await run(["run", "step2/tie", "--phase", "0.5"], ending: 64)
            #expect(lines.first?.contains("no advertisement times a fault in step2/tie") == true, "\(lines)")
        }
    }

    @Test("What a budget has no room for is not begun; the report is written, and the exit code is 124")
    func budget() async throws {
        try await Self.onMachine { run in
            let words = ["run", "step2/crash", "step2/tie", "step6/flap", "--fast", "--budget", "6s"]
            let lines = try await run(words, ending: 124)
            #expect(lines.contains { $0.hasPrefix("the budget of 6 s was spent; 1 did not run") }, "\(lines)")
            let document = try run.document("/tmp/out/0001")
            #expect(document.scenarios.map(\.record.id) == ["step2/crash", "step2/tie"])
            #expect(document.end?.unfinished == ["step6/flap"] && document.end?.exit == 124)
        }
    }

    @Test("What runs longer than its time is ended and inconclusive, with what was seen until then")
    func timeout() async throws {
        try await Self.onMachine { run in
            let begin = MonotonicClock.now
            _ = try await run(["run", "step2/crash", "--timeout", "1s", "--retries", "0"], ending: 2)
            #expect(MonotonicClock.now - begin < .seconds(6))
            let document = try run.document("/tmp/out/0001")
            #expect(document.scenarios.first?.checks.map(\.title) == ["the scenario ends in time"])
            let events = String(
                decoding: try run.machine.read("/tmp/out/0001/step2-crash/events.ndjson"), as: UTF8.self)
            #expect(events.contains("start ours on node1"))
        }
    }

    @Test("Shards merged are the whole; one that is missing makes it inconclusive, one that is double is refused")
    func shards() async throws {
        try await Self.onMachine { run in
            let words = ["run", "step2/crash", "step2/stop", "step2/tie", "--fast", "-n", "2", "--seed", "7", "-q"]
            _ = try await run(words, into: "/tmp/whole")
            for shard in ["1/3", "2/3", "3/3"] { _ = try await run(words + ["--shard", shard], into: "/tmp/parts") }
            _ = try await run(["merge", "/tmp/parts"], into: "/tmp/merged")
            let whole = try run.document("/tmp/whole/0001")
            let merged = try run.document("/tmp/merged/0001")
            let directories = { (document: RunDocument) in document.scenarios.map(\.directory).sorted() }
            #expect(directories(whole) == directories(merged))
            #expect(
                whole.scenarios.compactMap(\.record.phase).sorted()
                    == merged.scenarios.compactMap(\.record.phase).sorted())
            #expect(whole.end?.passed == merged.end?.passed)
            for name in directories(merged) {
                #expect(try !run.machine.read("/tmp/merged/0001/\(name)/lan.pcapng").isEmpty)
            }
            let missing = try await run(
                ["merge", "/tmp/parts/0001", "/tmp/parts/0003"], into: "/tmp/merged", ending: 2)
            #expect(missing.contains("shard 2/3 missing"), "\(missing)")
            _ = try await run(["-c", "cp -r /tmp/parts/0002 /tmp/copy"], program: "/bin/sh")
            let twice = try await run(["merge", "/tmp/parts", "/tmp/copy"], into: "/tmp/merged", ending: 64)
            #expect(twice.first?.contains("shard 2/3 is there twice") == true, "\(twice)")
            let foreign = try await run(["merge", "/tmp/whole", "/tmp/parts"], into: "/tmp/merged", ending: 64)
            #expect(foreign.first?.contains("/tmp/whole/0001 is no shard") == true, "\(foreign)")
        }
    }

    @Test("A matrix has a cell and a directory for each pair")
    func matrix() async throws {
        try await Self.onMachine { run in
            // Two words for one daemon are two implementations.
            let other = Machine.program("vrrpd")
            let words = [
                "matrix", "step2/crash", "step2/tie", "--fast", "--implementations", "ours,\(other)", "-n", "2",
            ]
            let lines = try await run(words)
            let heading = "                         node1:node2  ours:ours ours:vrrpd vrrpd:ours vrrpd:vrr.."
            #expect(lines.first?.hasPrefix(heading.prefix(66)) == true, "\(lines)")
            #expect(lines.filter { $0.contains("ok 2/2     ok 2/2     ok 2/2     ok 2/2") }.count == 2, "\(lines)")
            let document = try run.document("/tmp/out/0001")
            #expect(document.scenarios.count == 16 && Set(document.scenarios.map(\.directory)).count == 16)
            #expect(document.scenarios.first?.directory == "step2-crash-ours-ours-1")
            #expect(document.scenarios.last?.command.contains("--daemon \(other)") == true)
        }
    }

    @Test("A matrix that cannot have its daemons says so before it begins")
    func unknownImplementation() async throws {
        try await Self.onMachine { run in
            _ = try await run(["matrix", "step2/tie", "--implementations", "ours,quagga"], ending: 4)
            _ = try await run(["matrix", "step2/tie", "--implementations", "ours,ours"], ending: 64)
        }
    }

    @Test("Runs are listed, made again and removed, and nothing else is")
    func store() async throws {
        try await Self.onMachine { run in
            for _ in 1...3 { _ = try await run(["run", "step2/tie", "--fast", "-q"]) }
            let script = "mkdir /tmp/out/notes /tmp/out/0009 && ln -s 0001 /tmp/out/0008 && rm /tmp/out/0003/latest"
            _ = try await run(["-c", script + "; true"], program: "/bin/sh")
            let list = try await run(["runs"])
            #expect(list.count == 4 && list.last?.hasPrefix(" 0003 ") == true, "\(list)")
            let json = try JSONDocument(try await run(["runs", "--json"]).joined())
            #expect(json.keys.isSuperset(of: ["id", "started", "arguments", "verdict", "passed", "size"]))
            let dry = try await run(["clean", "--keep", "1", "--dry-run"])
            #expect(dry == ["would remove /tmp/out/0001", "would remove /tmp/out/0002"])
            let report = try await run(["report", "2"])
            #expect(report == ["Reports: /tmp/out/0002"])
            _ = try await run(["report", "77"], ending: 64)
            _ = try await run(["clean", "--keep", "1"])
            let left = try await run(["/tmp/out"], program: "/bin/ls")
            #expect(left == ["0003", "0008", "0009", "latest", "notes"])
            _ = try await run(["runs"], into: "/tmp/empty", ending: 3)
        }
    }

    @Test("Of a repeated run that is interrupted, what had ended is reported")
    func interrupted() async throws {
        try await Lab.run(Machine.topology) { lab in
            let words = ["run", "step2/tie", "-j", "1", "-n", "50", "--fast", "-v", "-o", "/tmp/out"]
            let labrun = try lab[Machine.name].start(Machine.program("labrun"), words, as: "labrun")
            try await lab.expect("a scenario is reported", within: .seconds(15), since: lab.start) { event in
                if case .output("labrun", _, let line) = event.kind { line.hasPrefix("  ok    ") } else { false }
            }
            try labrun.send(signal: SIGINT)
            #expect(try #require(await labrun.exit(within: .seconds(10))) == .exited(code: 130))
            let document = try Command(machine: lab[Machine.name]).document("/tmp/out/0001")
            #expect(!document.scenarios.isEmpty && document.scenarios.count < 50)
            #expect(document.end?.cut == "interrupted" && document.end?.exit == 130)
            #expect((document.end?.unfinished?.count ?? 0) + document.scenarios.count == 50)
        }
    }

    private static func onMachine(_ body: @Sendable (Command) async throws -> Void) async throws {
        try await Lab.run(Machine.topology) { lab in
            try await body(Command(machine: lab[Machine.name]))
        }
    }
}

/// Runs programs on a machine, one after the other, and looks at every line that they print.
private struct Command: Sendable {
    let machine: Node

    /// - Parameter place: where runs are kept, for the verbs of labrun.
    func callAsFunction(
        _ words: [String], program: String = Machine.program("labrun"), into place: String = "/tmp/out",
        ending code: Int32 = 0, _ location: SourceLocation = #_sourceLocation
    ) async throws -> [String] {
        let words = words + (program == Machine.program("labrun") ? ["-o", place] : [])
        let result = try #require(
            await machine.run(program, words, environment: ["LABRUN_STATE": "/tmp/state.json"], within: .seconds(30)))
        #expect(result.status == .exited(code: code), "\(words): \(result.lines)", sourceLocation: location)
        let unfit = result.output.filter { line in
            line.count > 80 && !line.hasPrefix("{") && !line.hasPrefix("[")
                || !line.unicodeScalars.allSatisfy { (" "..."~").contains($0) }
        }
        #expect(unfit == [], "\(words)", sourceLocation: location)
        return code == 64 ? result.lines : result.output
    }

    func document(_ directory: String) throws -> RunDocument {
        try RunDocument(json: try machine.read("\(directory)/\(RunDocument.fileName)"))
    }
}

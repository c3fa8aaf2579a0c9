import LinuxSystem
import Testing
import VRRPCore
import Wire

@testable import VRRPDaemon

@Suite("Running scripts")
struct ScriptRunnerTests {
    private func check(_ program: String) -> PreparedTrackScript {
        PreparedTrackScript(
            name: "chk", script: PreparedScript(arguments: [program], account: .own), interval: .seconds(1))
    }

    @Test("A track script that cannot be executed fails on every run, and says why once")
    func missingProgram() throws {
        let loop = try EventLoop()
        var runner = ScriptRunner()
        runner.track([check("/nonexistent/check")], at: .zero)
        let first = runner.meetDeadlines(at: .zero, loop)
        #expect(first.events == [.scriptResult(name: "chk", succeeded: false)])
        #expect(
            first.log.map(\.text) == [
                "Track script chk cannot be run and counts as failed: "
                    + "execve /nonexistent/check: No such file or directory"
            ])
        let second = runner.meetDeadlines(at: Instant(nanoseconds: 1_000_000_000), loop)
        #expect(second.events == [.scriptResult(name: "chk", succeeded: false)])
        #expect(second.log == [])
    }

    @Test("A run that ends is collected and reported", arguments: [("/bin/true", true), ("/bin/false", false)])
    func result(program: String, succeeded: Bool) throws {
        let loop = try EventLoop()
        var runner = ScriptRunner()
        runner.track([check(program)], at: .zero)
        #expect(runner.meetDeadlines(at: .zero, loop).events == [])
        let token = try #require(try loop.wait(until: nil).first)
        guard case .process(let pid) = EventSource(token: token) else {
            Issue.record("not a process: \(token)")
            return
        }
        let outcome = runner.collect(pid, at: .zero, loop)
        #expect(outcome.events == [.scriptResult(name: "chk", succeeded: succeeded)])
        #expect(outcome.log.map(\.text) == (succeeded ? [] : ["Script `chk` now returning 1"]))
    }

    @Test("A run whose script is no longer tracked is killed, and collected when it has ended, without a word")
    func untracked() throws {
        let loop = try EventLoop()
        var runner = ScriptRunner()
        var script = check("/bin/sleep")
        script.script.arguments = ["/bin/sleep", "1000"]
        runner.track([script], at: .zero)
        _ = runner.meetDeadlines(at: .zero, loop)
        runner.track([], at: .zero)
        let token = try #require(try loop.wait(until: nil).first)
        guard case .process(let pid) = EventSource(token: token) else {
            Issue.record("not a process: \(token)")
            return
        }
        let outcome = runner.collect(pid, at: .zero, loop)
        #expect(outcome.events == [])
        #expect(outcome.log == [])
    }

    @Test("An overdue run counts as failed at once, and is gone after the stop")
    func overdue() throws {
        let loop = try EventLoop()
        var runner = ScriptRunner()
        var script = check("/bin/sleep")
        script.script.arguments = ["/bin/sleep", "1000"]
        runner.track([script], at: .zero)
        #expect(runner.meetDeadlines(at: .zero, loop).events == [])
        let outcome = runner.meetDeadlines(at: Instant(nanoseconds: 1_000_000_000), loop)
        #expect(outcome.events == [.scriptResult(name: "chk", succeeded: false)])
        #expect(outcome.log.first?.text == "VRRP_Script(chk) timed_out")
        #expect(runner.stop(loop) == [])
        #expect(runner.nextDeadline == nil)
    }

    @Test("A notify script that cannot be executed is a line in the log")
    func missingNotification() throws {
        let loop = try EventLoop()
        var runner = ScriptRunner()
        let entries = runner.notify([entry("/nonexistent/up", "a")], at: .zero, loop)
        #expect(
            entries.map(\.text) == [
                "Notify script /nonexistent/up cannot be run: execve /nonexistent/up: No such file or directory"
            ])
    }

    private func entry(_ words: String...) -> NotificationQueue.Entry {
        .init(
            lane: .init(subject: .instance, name: "A", kind: .specific),
            script: PreparedScript(arguments: words, account: .own))
    }

    /// Hands every end of a child to the runner, until a file is there.
    private func turn(_ runner: inout ScriptRunner, _ loop: borrowing EventLoop, until path: String) throws {
        while !exists(path) {
            for token in try loop.wait(until: nil) {
                guard case .process(let pid) = EventSource(token: token) else { continue }
                _ = runner.collect(pid, at: .zero, loop)
            }
        }
    }

    @Test("Notify scripts of one subject run one after the other, in the order of the transitions")
    func order() throws {
        try withTemporaryDirectory { directory in
            let loop = try EventLoop()
            var runner = ScriptRunner()
            let slow = "read x < \(directory)/gate; echo first >> \(directory)/order"
            let fast = "echo second >> \(directory)/order; echo > \(directory)/done"
            let gate = try NamedPipe(at: "\(directory)/gate", owner: nil)
            _ = runner.notify([entry("/bin/sh", "-c", slow)], at: .zero, loop)
            _ = runner.notify([entry("/bin/sh", "-c", fast)], at: .zero, loop)
            let isTaken = gate.write("go\n")
            #expect(isTaken)
            try turn(&runner, loop, until: "\(directory)/done")
            #expect(try contents(of: "\(directory)/order") == "first\nsecond\n")
        }
    }

    @Test("A script that takes too long is passed by the next, after ten seconds")
    func patience() throws {
        try withTemporaryDirectory { directory in
            let loop = try EventLoop()
            var runner = ScriptRunner()
            let gate = try NamedPipe(at: "\(directory)/gate", owner: nil)
            _ = runner.notify([entry("/bin/sh", "-c", "read x < \(directory)/gate")], at: .zero, loop)
            _ = runner.notify([entry("/bin/sh", "-c", "echo > \(directory)/done")], at: .zero, loop)
            #expect(runner.nextDeadline == Instant(nanoseconds: 10_000_000_000))
            _ = runner.meetDeadlines(at: Instant(nanoseconds: 10_000_000_000), loop)
            try turn(&runner, loop, until: "\(directory)/done")
            let isTaken = gate.write("go\n")
            #expect(isTaken)
        }
    }

    @Test("What a run leaves in its process group ends with it")
    func leftovers() throws {
        try withTemporaryDirectory { directory in
            let loop = try EventLoop()
            var runner = ScriptRunner()
            var script = check("/bin/sh")
            // The child of the script holds the pipe's reading end for as long as it lives.
            script.script.arguments = ["/bin/sh", "-c", "sleep 1000 & echo $! > \(directory)/pid"]
            runner.track([script], at: .zero)
            _ = runner.meetDeadlines(at: .zero, loop)
            let token = try #require(try loop.wait(until: nil).first)
            let number = try contents(of: "\(directory)/pid").split(separator: "\n").first
            let child = try ProcessHandle(try #require(number.flatMap { Int32($0) }))
            let childLoop = try EventLoop()
            try childLoop.watch(child.descriptor, as: 7)
            guard case .process(let pid) = EventSource(token: token) else {
                Issue.record("not a process: \(token)")
                return
            }
            #expect(runner.collect(pid, at: .zero, loop).events == [.scriptResult(name: "chk", succeeded: true)])
            #expect(try childLoop.wait(until: nil) == [7])
        }
    }

    @Test("A script in the form </path is the question whether the file can be read", arguments: [true, false])
    func fileTest(isThere: Bool) throws {
        let loop = try EventLoop()
        var runner = ScriptRunner()
        runner.track([check(isThere ? "</etc/passwd" : "</nonexistent/file")], at: .zero)
        let outcome = runner.meetDeadlines(at: .zero, loop)
        #expect(outcome.events == [.scriptResult(name: "chk", succeeded: isThere)])
    }

    @Test("A script that stays the same keeps its rhythm through a reload; a changed one starts at once")
    func reload() throws {
        let loop = try EventLoop()
        var runner = ScriptRunner()
        runner.track([check("/nonexistent/a")], at: .zero)
        _ = runner.meetDeadlines(at: .zero, loop)
        let later = Instant(nanoseconds: 300_000_000)
        runner.track([check("/nonexistent/a")], at: later)
        #expect(runner.nextDeadline == Instant(nanoseconds: 1_000_000_000))
        runner.track([check("/nonexistent/b")], at: later)
        #expect(runner.nextDeadline == later)
    }
}

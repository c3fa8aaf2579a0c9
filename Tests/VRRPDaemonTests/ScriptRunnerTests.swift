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
        let outcome = runner.collect(pid)
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
        let outcome = runner.collect(pid)
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
        runner.stop()
        #expect(runner.nextDeadline == nil)
    }

    @Test("A notify script that cannot be executed is a line in the log")
    func missingNotification() throws {
        let loop = try EventLoop()
        var runner = ScriptRunner()
        let entry = runner.notify(PreparedScript(arguments: ["/nonexistent/up", "a"], account: .own), loop)
        #expect(
            entry?.text
                == "Notify script /nonexistent/up cannot be run: execve /nonexistent/up: No such file or directory")
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

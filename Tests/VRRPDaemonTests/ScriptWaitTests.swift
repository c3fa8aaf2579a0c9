import KeepalivedConfiguration
import LinuxSystem
import Testing
import Wire

@testable import VRRPDaemon

@Suite("Scripts that are waited for")
struct ScriptWaitTests {
    private var log: Log {
        var options = Options()
        options.logsToSystem = false
        return Log(options)
    }

    private func run(_ text: String, timeout: Duration) {
        let script = PreparedScript(arguments: ["/bin/sh", "-c", text], account: .own)
        let timed = TimedScript(ScriptCommand(script.arguments), timeout: timeout)
        ScriptWait.run(script, for: timed, "startup", log)
    }

    @Test("A script has ended when the daemon goes on")
    func toItsEnd() throws {
        try withTemporaryDirectory { directory in
            run("read x < /proc/uptime; echo > \(directory)/done", timeout: .seconds(10))
            #expect(exists("\(directory)/done"))
        }
    }

    @Test("One that takes too long gets TERM, and may say so; what it started ends too")
    func tooLong() throws {
        try withTemporaryDirectory { directory in
            let before = MonotonicClock.now
            run("trap 'echo > \(directory)/terminated; exit 1' TERM; sleep 1000 & wait", timeout: .milliseconds(300))
            #expect(MonotonicClock.now - before < .seconds(100))
            #expect(exists("\(directory)/terminated"))
        }
    }

    @Test("Without a script nobody waits")
    func none() {
        ScriptWait.run(nil, for: nil, "startup", log)
    }
}

import KeepalivedConfiguration
import LinuxSystem
import Testing
import VRRPCore
import Wire

@testable import VRRPDaemon

/// `/etc/scripts/check.sh` as an installer leaves it, or with one component changed.
private func file(
    directory: FileStatus = .init(owner: 0, group: 0, mode: 0o040755),
    program: FileStatus = .init(owner: 0, group: 0, mode: 0o100755)
) -> ScriptFile {
    ScriptFile(components: [.init(owner: 0, group: 0, mode: 0o040755), directory, program])
}

private let root = UserAccount(user: 0, group: 0)
private let web = UserAccount(user: 33, group: 33)

@Suite("Who may change a script")
struct ScriptFileTests {
    @Test("What is root's alone is safe, and what only group root may write, too")
    func safe() {
        #expect(file().isSafe(for: root))
        #expect(file(program: .init(owner: 0, group: 0, mode: 0o100775)).isSafe(for: root))
        #expect(file(program: .init(owner: 0, group: 33, mode: 0o100755)).isSafe(for: root))
    }

    @Test(
        "A program or directory that somebody else may write is not safe for root",
        arguments: [
            FileStatus(owner: 33, group: 0, mode: 0o755), .init(owner: 0, group: 33, mode: 0o775),
            .init(owner: 0, group: 0, mode: 0o757),
        ])
    func unsafeComponents(component: FileStatus) {
        var (program, directory) = (component, component)
        program.mode |= 0o100000
        directory.mode |= 0o040000
        #expect(!file(program: program).isSafe(for: root))
        #expect(!file(directory: directory).isSafe(for: root))
        #expect(file(directory: directory, program: program).isSafe(for: web))
    }

    @Test("In a sticky directory nobody touches what is root's, unless the directory is somebody else's")
    func sticky() {
        #expect(file(directory: .init(owner: 0, group: 0, mode: 0o041777)).isSafe(for: root))
        #expect(!file(directory: .init(owner: 33, group: 0, mode: 0o041777)).isSafe(for: root))
        #expect(!file(program: .init(owner: 0, group: 0, mode: 0o101777)).isSafe(for: root))
    }

    @Test("Group root and set-ID programs of root's count as root")
    func rootByOtherWays() {
        let open = FileStatus(owner: 0, group: 0, mode: 0o040777)
        #expect(!file(directory: open).isSafe(for: UserAccount(user: 33, group: 0)))
        #expect(!file(directory: open, program: .init(owner: 0, group: 0, mode: 0o104755)).isSafe(for: web))
        #expect(!file(directory: open, program: .init(owner: 0, group: 0, mode: 0o102755)).isSafe(for: web))
        #expect(file(directory: open, program: .init(owner: 33, group: 33, mode: 0o104755)).isSafe(for: web))
    }

    @Test("The owner's, the group's or the others' bit decides who may execute; root needs any of them")
    func executable() {
        func program(_ mode: UInt32) -> ScriptFile { file(program: .init(owner: 33, group: 44, mode: 0o100000 | mode)) }
        #expect(program(0o100).isExecutable(by: web))
        #expect(!program(0o011).isExecutable(by: web))
        #expect(program(0o010).isExecutable(by: UserAccount(user: 1, group: 44)))
        #expect(!program(0o101).isExecutable(by: UserAccount(user: 1, group: 44)))
        #expect(program(0o001).isExecutable(by: UserAccount(user: 1, group: 1)))
        #expect(program(0o001).isExecutable(by: root))
        #expect(!program(0o666).isExecutable(by: root))
        #expect(!file(program: .init(owner: 0, group: 0, mode: 0o040755)).isExecutable(by: root))
    }

    @Test("The whole way to a program is looked at, links followed")
    func looking() throws {
        let shell = try #require(ScriptFile(at: "/bin/sh"))
        #expect(shell.components.count >= 3)
        #expect(shell.components.first.map { $0.mode & 0o170000 } == 0o040000)
        #expect(shell.isExecutable(by: root))
        #expect(ScriptFile(at: "/nonexistent/check") == nil)
    }

    @Test("A file that lies in /tmp is seen with its own mode")
    func temporary() throws {
        try withTemporaryDirectory { directory in
            try FileSystem.replace("\(directory)/check", with: Array("#!/bin/sh\n".utf8), mode: 0o640)
            let seen = try #require(ScriptFile(at: "\(directory)/check"))
            #expect(seen.components.map { $0.mode & 0o777 }.suffix(2) == [0o700, 0o640])
            #expect(!seen.isExecutable(by: root))
        }
    }
}

@Suite("Scripts that cannot or must not be run")
struct ScriptObstacleTests {
    private func prepare(
        _ file: ScriptFile?, program: String = "/etc/x", security: Bool
    ) -> PreparedScripts {
        var configuration = DaemonConfiguration()
        configuration.scripts = [TrackScript(name: "chk", command: ScriptCommand([program]))]
        var notify = NotifyScripts()
        notify.generic = ScriptCommand([program])
        configuration.notifications = ["VI_1": notify]
        configuration.scriptUser = "root"
        configuration.scriptSecurityEnabled = security
        return PreparedScripts(configuration, lookUp: { $0 == "root" ? root : nil }, inspect: { _ in file })
    }

    private let unsafe = file(directory: .init(owner: 0, group: 0, mode: 0o040777))

    @Test("A safe script is run without a word")
    func safe() {
        let prepared = prepare(file(), security: true)
        #expect(prepared.complaints == [])
        #expect(!prepared.tracked[0].isUnsafe)
        #expect(prepared.notifications["VI_1"]?.generic?.arguments == ["/etc/x"])
    }

    @Test("With script security an unsafe script is disabled: a check counts as failed, a notification is dropped")
    func unsafeWithSecurity() {
        let prepared = prepare(unsafe, security: true)
        #expect(
            prepared.complaints == [
                "Unsafe permissions found for script '/etc/x' - disabling. Track script chk counts as failed; "
                    + "keepalived would not track it.",
                "Unsafe permissions found for script '/etc/x' - disabling.",
            ])
        #expect(prepared.tracked[0].isUnsafe)
        #expect(prepared.notifications["VI_1"]?.generic == nil)
    }

    @Test("Without it the script runs, and the log says what that means, once")
    func unsafeWithoutSecurity() {
        let prepared = prepare(unsafe, security: false)
        #expect(
            prepared.complaints == [
                "Unsafe permissions found for script '/etc/x'.",
                "SECURITY VIOLATION - scripts are being executed but script_security not enabled. "
                    + "There are insecure scripts.",
            ])
        #expect(!prepared.tracked[0].isUnsafe)
        #expect(prepared.notifications["VI_1"]?.generic != nil)
    }

    @Test(
        "A script that is not there or not executable is named: a check stays and fails, a notification is dropped",
        arguments: [true, false])
    func obstacles(security: Bool) {
        let missing = prepare(nil, security: security)
        #expect(missing.complaints.first?.hasPrefix("Script /etc/x cannot be accessed - No such file") == true)
        #expect(missing.tracked.count == 1)
        #expect(missing.notifications["VI_1"]?.generic == nil)
        let plain = prepare(file(program: .init(owner: 0, group: 0, mode: 0o100644)), security: security)
        #expect(
            plain.complaints.last == "WARNING - script '/etc/x' is not executable for uid:gid 0:0 - disabling.")
        #expect(plain.tracked.count == 1)
        #expect(
            prepare(nil, program: "no-such-program", security: security).complaints.last
                == "Cannot find script no-such-program in path - disabling.")
    }

    @Test("An unsafe check is never started and fails on every run, with one line about it")
    func neverStarted() throws {
        let loop = try EventLoop()
        var runner = ScriptRunner()
        var script = PreparedTrackScript(
            name: "chk", script: PreparedScript(arguments: ["/bin/true"], account: .own), interval: .seconds(1))
        script.isUnsafe = true
        runner.track([script], at: .zero)
        let first = runner.meetDeadlines(at: .zero, loop)
        #expect(first.events == [.scriptResult(name: "chk", succeeded: false)])
        #expect(first.log.map(\.text) == ["Track script chk cannot be run and counts as failed: unsafe permissions"])
        let second = runner.meetDeadlines(at: .zero + .seconds(1), loop)
        #expect(second.events == [.scriptResult(name: "chk", succeeded: false)])
        #expect(second.log == [])
    }
}

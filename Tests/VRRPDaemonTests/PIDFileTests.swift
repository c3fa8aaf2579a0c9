import Glibc
import KeepalivedConfiguration
import LinuxSystem
import Testing

@testable import VRRPDaemon

@Suite("PID files")
struct PIDFileTests {
    private func place(in directory: String, vrrpPIDFile: String = "vrrp.pid") -> RunningPlace {
        var options = Options()
        options.pidFile = "\(directory)/vrrpd.pid"
        options.vrrpPIDFile = "\(directory)/\(vrrpPIDFile)"
        return RunningPlace(options, FileLayout(), temporaryDirectory: nil)
    }

    @Test("Both files hold the number and a newline, readable by everyone, for as long as their owner lives")
    func content() throws {
        try withTemporaryDirectory { directory in
            let files = try PIDFiles(place(in: directory))
            for name in ["vrrpd.pid", "vrrp.pid"] {
                #expect(try contents(of: "\(directory)/\(name)") == "\(getpid())\n")
                #expect(mode(of: "\(directory)/\(name)") == 0o644)
            }
            files.remove()
            #expect(!exists("\(directory)/vrrpd.pid"))
            #expect(!exists("\(directory)/vrrp.pid"))
        }
    }

    @Test("A second owner is turned away with keepalived's exit status 0, and the first one's file stays")
    func busy() throws {
        try withTemporaryDirectory { directory in
            let files = try PIDFiles(place(in: directory))
            do {
                _ = try PIDFiles(place(in: directory))
                Issue.record("two owners")
            } catch let error as DaemonError {
                #expect(error.kind == .alreadyRunning)
                #expect(error.exitCode == 0)
            }
            #expect(exists("\(directory)/vrrpd.pid"))
            files.remove()
        }
    }

    @Test("A file that a dead owner left behind is taken over, whatever number is in it")
    func stale() throws {
        try withTemporaryDirectory { directory in
            try FileSystem.replace("\(directory)/vrrpd.pid", with: Array("4294967\nrubbish".utf8), mode: 0o600)
            let files = try PIDFiles(place(in: directory))
            #expect(try contents(of: "\(directory)/vrrpd.pid") == "\(getpid())\n")
            #expect(mode(of: "\(directory)/vrrpd.pid") == 0o644)
            files.remove()
        }
    }

    @Test("One path for both is claimed once")
    func onePath() throws {
        try withTemporaryDirectory { directory in
            let place = place(in: directory, vrrpPIDFile: "vrrpd.pid")
            let files = try PIDFiles(place)
            #expect(exists(place.pidFile))
            files.remove()
        }
    }

    @Test("A symbolic link in the place of the file is not followed")
    func symbolicLink() throws {
        try withTemporaryDirectory { directory in
            #expect(unsafe symlink("\(directory)/victim", "\(directory)/vrrpd.pid") == 0)
            #expect(throws: DaemonError.self) { _ = try PIDFiles(place(in: directory)) }
            #expect(!exists("\(directory)/victim"))
        }
    }
}

import KeepalivedConfiguration
import LinuxSystem
import Testing
import VRRPCore

@testable import VRRPDaemon

@Suite("What a configuration test says about scripts")
struct ScriptCheckTests {
    private func findings(
        _ change: (inout DaemonConfiguration) -> Void, isThere: Bool = true, mode: UInt32 = 0o100755
    ) -> [String] {
        var configuration = DaemonConfiguration()
        change(&configuration)
        let findings = ScriptCheck.findings(about: configuration, in: "k.conf", lookUp: { _ in nil }) { _ in
            isThere ? ScriptFile(components: [FileStatus(owner: 0, group: 0, mode: mode)]) : nil
        }
        return findings.map { "\($0.category): \($0.message)" }
    }

    private func notify(_ configuration: inout DaemonConfiguration) {
        var scripts = NotifyScripts()
        scripts.generic = ScriptCommand(["/bin/a"])
        configuration.notifications["VI_1"] = scripts
    }

    @Test("Scripts that can run without script security are a violation")
    func violation() {
        let sentence =
            "security: SECURITY VIOLATION - scripts are being executed but script_security not enabled. "
            + "Add enable_script_security to global_defs."
        #expect(findings { notify(&$0) } == [sentence])
        #expect(findings { $0.scripts = [TrackScript(name: "s", command: ScriptCommand(["/bin/a"]))] } == [sentence])
        #expect(findings { _ in } == [])
    }

    @Test("To ask whether a file can be read is no script that runs; for a notification it is no command")
    func fileQuestion() {
        let question = ScriptCommand(["</run/is-ready"])
        #expect(findings({ $0.scripts = [TrackScript(name: "s", command: question)] }, isThere: false) == [])
        let told = findings {
            var scripts = NotifyScripts()
            scripts.generic = question
            $0.notifications["VI_1"] = scripts
        }
        #expect(told == ["advice: '</run/is-ready' is no command: nobody is notified"])
    }

    @Test("A check that is not there is a complaint, a notification that is not there is advice")
    func missing() {
        #expect(
            findings({ $0.scripts = [TrackScript(name: "s", command: ScriptCommand(["/bin/a"]))] }, isThere: false) == [
                "general: Disabling track script s since not found/accessible"
            ])
        #expect(
            findings({ notify(&$0) }, isThere: false) == [
                "advice: Script /bin/a cannot be accessed: nobody is notified"
            ])
        #expect(findings({ notify(&$0) }, mode: 0o100644).first?.hasPrefix("advice: script '/bin/a' is not") == true)
    }

    @Test("With script security and nobody to run scripts as, each is a complaint")
    func nobody() {
        #expect(
            findings {
                $0.scriptSecurityEnabled = true
                notify(&$0)
            } == ["general: Unable to set default user keepalived_script for script /bin/a"])
        #expect(
            findings { $0.scriptUser = "web" } == [
                "general: Error setting global script uid/gid: there is no user 'web'"
            ])
    }
}

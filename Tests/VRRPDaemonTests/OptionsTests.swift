import LinuxSystem
import Netlink
import Testing

@testable import VRRPDaemon

@Suite("Options and exit statuses")
struct OptionsTests {
    @Test("Whoever says nothing gets keepalived's files, the background and the system log")
    func defaults() {
        let options = Options()
        #expect(options.configurationFile == "/etc/keepalived/keepalived.conf")
        #expect(options.pidFile == nil)
        #expect(options.vrrpPIDFile == nil)
        #expect(!options.staysInForeground)
        #expect(options.logsToSystem)
        #expect(options.facility.description == "daemon")
    }

    @Test("The console is written to in the foreground only")
    func console() {
        var options = Options()
        options.logsToSystem = false
        options.logsToConsole = true
        #expect(!Log(options).reachesConsole)
        options.staysInForeground = true
        #expect(Log(options).reachesConsole)
    }

    @Test("Each kind of failure has keepalived's exit status")
    func exitStatuses() {
        let kinds: [(DaemonError.Kind, Int32)] = [
            (.alreadyRunning, 0), (.fatal, 1), (.configuration, 2), (.permission, 4), (.noConfiguration, 6),
        ]
        for (kind, status) in kinds { #expect(DaemonError(kind, "").exitCode == status) }
    }

    @Test("What the kernel refuses for want of a right is a matter of permission, anything else is fatal")
    func refusals() {
        #expect(DaemonError(SystemError("socket", code: 1)).kind == .permission)
        #expect(DaemonError(NetlinkError("add address", code: 13)).kind == .permission)
        #expect(DaemonError(SystemError("socket", code: 24)).kind == .fatal)
        #expect(DaemonError(SystemError("socket", code: 1)).sentences.joined().contains("CAP_NET_ADMIN"))
    }
}

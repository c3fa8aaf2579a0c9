import KeepalivedConfiguration
import LinuxSystem
import Testing
import VRRPCore
import Wire

@testable import VRRPDaemon

@Suite("A reload that must not happen")
struct ReloadTests {
    /// A daemon that is the master for 10.9.0.100, as far as its mind goes; the network is not asked.
    private func daemon(reading file: String) throws -> Daemon {
        var options = Options()
        options.configurationFile = file
        options.logsToSystem = false
        var daemon = try Daemon(options, Log(options), SignalDescriptor([SignalNumber.user2]))
        var router = VirtualRouterConfiguration(name: "VI_1", interface: "lab0", virtualRouterID: 51)
        router.addresses = [VirtualAddress(IPPrefix("10.9.0.100/24")!, interface: "lab0")]
        daemon.configuration.router.virtualRouters = [router]
        daemon.router = Router(daemon.configuration.router)
        let up = InterfaceState(isUp: true, primaryIPv4: IPv4Address("10.9.0.1"))
        _ = daemon.router.handle(.interface("lab0", up), at: .zero)
        _ = daemon.router.handle(.start, at: .zero)
        _ = daemon.router.handle(.deadline, at: .zero + .seconds(4))
        return daemon
    }

    @Test(
        "A file that is broken, or whose interface is not there, changes nothing",
        arguments: [
            "vrrp_instance VI_1 {\n interface lab0\n virtual_router_id 300\n}\n",
            "vrrp_instance VI_1 {\n interface no-such-nic\n virtual_router_id 51\n}\n",
            "vrrp_instance VI_1 {\n interface lo\n virtual_router_id 51\n",
        ])
    func brokenFile(text: String) throws {
        try withTemporaryDirectory { directory in
            let file = "\(directory)/keepalived.conf"
            try FileSystem.replace(file, with: Array(text.utf8), mode: 0o600)
            var daemon = try daemon(reading: file)
            let (configuration, router) = (daemon.configuration, daemon.router)
            daemon.reload()
            #expect(daemon.configuration == configuration)
            #expect(daemon.router == router)
            #expect(daemon.router.state(of: "VI_1")?.description == "MASTER")
        }
    }

    @Test("A file that has gone changes nothing")
    func missingFile() throws {
        var daemon = try daemon(reading: "/nonexistent/keepalived.conf")
        let router = daemon.router
        daemon.reload()
        #expect(daemon.router == router)
    }

    @Test(
        "A file without any router changes nothing: it is more likely half written than meant",
        arguments: ["", "global_defs {\n}\n", "! only a comment\n"])
    func emptyFile(text: String) throws {
        try withTemporaryDirectory { directory in
            let file = "\(directory)/keepalived.conf"
            try FileSystem.replace(file, with: Array(text.utf8), mode: 0o600)
            var daemon = try daemon(reading: file)
            let router = daemon.router
            daemon.reload()
            #expect(daemon.router == router)
            #expect(daemon.router.state(of: "VI_1")?.description == "MASTER")
        }
    }

    @Test("A reload that would move the daemon to another namespace or name changes nothing")
    func otherPlace() throws {
        try withTemporaryDirectory { directory in
            var daemon = try daemon(reading: "\(directory)/keepalived.conf")
            daemon.configuration.layout.networkNamespace = "blue"
            let text = "vrrp_instance VI_1 {\n interface lo\n virtual_router_id 51\n}\n"
            try FileSystem.replace("\(directory)/keepalived.conf", with: Array(text.utf8), mode: 0o600)
            let router = daemon.router
            daemon.reload()
            #expect(daemon.router == router)
        }
    }
}

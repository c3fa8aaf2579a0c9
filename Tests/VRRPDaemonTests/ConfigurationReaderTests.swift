import KeepalivedConfiguration
import LinuxSystem
import Testing
import VRRPCore

@testable import VRRPDaemon

@Suite("Reading a configuration from files")
struct ConfigurationReaderTests {
    private func options(_ file: String) -> Options {
        var options = Options()
        options.configurationFile = file
        return options
    }

    @Test("Includes are looked for beside the including file, and executable files are passed over")
    func includes() throws {
        try withTemporaryDirectory { directory in
            let instance = "vrrp_instance VI_@ {\n interface eth0\n virtual_router_id 5@\n}\n"
            let one = instance.split(separator: "@").joined(separator: "1")
            let two = instance.split(separator: "@").joined(separator: "2")
            try FileSystem.replace("\(directory)/one.inc", with: Array(one.utf8), mode: 0o600)
            try FileSystem.replace("\(directory)/two.inc", with: Array(two.utf8), mode: 0o700)
            try FileSystem.replace("\(directory)/main.conf", with: Array("include *.inc\n".utf8), mode: 0o600)
            let result = try ConfigurationReader.load(options("\(directory)/main.conf"))
            #expect(result.configuration.router.virtualRouters.map(\.name) == ["VI_1"])
        }
    }

    @Test("A missing file ends with status 6 and one sentence that names it")
    func missing() {
        let error = #expect(throws: DaemonError.self) { try ConfigurationReader.load(options("/nonexistent/x.conf")) }
        #expect(error?.exitCode == 6)
        #expect(
            error?.sentences == [
                "The configuration file cannot be read: open /nonexistent/x.conf: No such file or directory"
            ])
    }
}

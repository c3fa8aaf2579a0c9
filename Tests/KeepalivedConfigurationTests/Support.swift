import KeepalivedConfiguration
import VRRPCore

/// Loads a text under the name `test.conf`; `files` answers what it includes.
func load(_ text: String, configID: String? = nil, files: [String: [ConfigurationFile]] = [:]) -> ConfigurationResult {
    DaemonConfiguration.load(file: "test.conf", ConfigurationSurroundings(configID: configID)) { name, includer in
        includer == nil ? [ConfigurationFile(name: name, text: text)] : files[name] ?? []
    }
}

/// An instance called VI_1 with lines of its own in an otherwise silent configuration; they begin in line 5.
func instance(_ lines: String, header: String = "vrrp_instance VI_1 {") -> ConfigurationResult {
    load("\(header)\ninterface eth0\nvirtual_router_id 51\nvirtual_ipaddress { 192.0.2.100/24 }\n\(lines)\n}\n")
}

extension ConfigurationResult {
    /// `LINE:COLUMN severity: message`, one line each, notes left out.
    var complaints: [String] {
        diagnostics.filter { $0.severity > .note }.map(\.short)
    }

    var notes: [String] {
        diagnostics.filter { $0.severity == .note }.map(\.short)
    }

    var routers: [VirtualRouterConfiguration] { configuration.router.virtualRouters }
}

extension Diagnostic {
    var short: String { "\(location.line):\(location.column) \(severity): \(message)" }
}

import KeepalivedConfiguration
import LinuxSystem
import VRRPCore
import Wire

/// The text of `keepalived.data`, as far as there is something to say: keepalived's sections, names and order.
struct StateDump {
    var configuration: DaemonConfiguration
    var scripts: [PreparedTrackScript]
    var notifications: [String: Notifications]
    var groupNotifications: [String: Notifications] = [:]
    var routers: [VirtualRouter]
    var interfaces: [String: Interface]
    /// Advertisements that the kernel dropped because the daemon did not come for them in time.
    var lostPackets = 0
    /// The addresses that are in place.
    var installed: Set<VirtualAddress>
    /// Added to an instant, it gives nanoseconds since 1970.
    var clockOffset: Int64
    /// What is known of each track script that is run.
    var scriptReports: [String: ScriptReport] = [:]
    var fileValues: [String: Int] = [:]
    var processCounts: [String: Int] = [:]

    var text: String {
        let interfaces = interfaces.sorted { $0.value.index < $1.value.index }
        let groups = configuration.router.syncGroups
        let sections: [(title: String, lines: [String])] = [
            ("Global definitions", globals),
            ("VRRP Topology", routers.flatMap { self.lines(about: $0) }),
            ("VRRP Sync groups", groups.flatMap { self.lines(about: $0) }),
            ("VRRP Scripts", scripts.flatMap { self.lines(about: $0) }),
            ("VRRP Track files", configuration.files.flatMap { self.lines(about: $0) }),
            ("VRRP Track processes", configuration.processes.flatMap { self.lines(about: $0) }),
            ("Interfaces", interfaces.flatMap { self.lines(about: $0.key, $0.value) }),
        ]
        let lines = sections.filter { !$0.lines.isEmpty }.flatMap { ["------< \($0.title) >------"] + $0.lines }
        return lines.joined(separator: "\n") + "\n"
    }

    private var globals: [String] {
        var lines: [String] = []
        if let namespace = configuration.layout.networkNamespace { lines.append(" Network namespace = \(namespace)") }
        if let instance = configuration.layout.instance { lines.append(" Instance name = \(instance)") }
        lines.append(" Router ID = \(configuration.routerID ?? ThisProcess.hostName)")
        if let mail = configuration.mail {
            lines += [
                " Smtp server = \(mail.server)", " Smtp server port = \(mail.port)",
                " Smtp HELO name = \(mail.heloName ?? ThisProcess.hostName)",
                " Smtp server connection timeout = \(mail.timeout.inSeconds)",
                " Email notification from = \(mail.sender ?? "root@\(ThisProcess.hostName)")",
                " Email notification to:",
            ]
            lines += mail.recipients.map { "   \($0)" }
        }
        lines += configuration.fifos.map { " VRRP notify fifo = \($0.path)" }
        let process = configuration.process
        return lines + [
            " FIFO write vrrp states on reload = \(configuration.fifosRepeatStatesOnReload)",
            " VRRP process priority = \(process.niceness ?? 0)",
            " VRRP don't swap = \(process.staysInMemory)",
            " VRRP realtime priority = \(process.realTimePriority ?? 0)",
            " Script security \(configuration.scriptSecurityEnabled ? "enabled" : "disabled")",
            " VRRP packets lost = \(lostPackets)",
        ]
    }
}

/// What is known of a track script that is run.
struct ScriptReport: Hashable, Sendable {
    var isRunning: Bool
    /// nil until a run has ended.
    var lastSucceeded: Bool?
}

import KeepalivedConfiguration
import LinuxSystem

/// In which namespace the daemon runs, and under which names it shows itself in the file system.
struct RunningPlace: Hashable, Sendable {
    let networkNamespace: String?
    /// What tells this daemon from others of the host; empty when it is the only one.
    let suffix: String
    let pidFile: String
    let vrrpPIDFile: String
    let stateDump: String
    let statisticsDump: String
    let jsonDump: String

    /// - Parameter temporaryDirectory: `TMPDIR`; counts if it is absolute.
    init(_ options: Options, _ layout: FileLayout, temporaryDirectory: String?) {
        let namespace = options.networkNamespace ?? layout.networkNamespace
        networkNamespace = namespace
        // keepalived puts a directory of the namespace's own in the place of /run/keepalived; outside it is this one.
        let isNamed = layout.usesPIDDirectory || namespace != nil || layout.instance != nil
        let directory = isNamed ? Self.joined(["/run/keepalived", namespace], by: "/") : "/run"
        suffix = Self.joined(["", namespace, layout.instance], by: "_")
        let ending = Self.joined(["", layout.instance], by: "_") + ".pid"
        pidFile = options.pidFile ?? "\(directory)/keepalived\(ending)"
        vrrpPIDFile = options.vrrpPIDFile ?? "\(directory)/vrrp\(ending)"

        let temporary = temporaryDirectory.flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        let bearer = layout.dumpsBearInstance ? Self.joined([namespace, layout.instance], by: "_") : ""
        let start = "\(temporary)/keepalived" + (bearer.isEmpty ? "" : ".\(bearer)")
        stateDump = layout.stateDumpFile ?? "\(start).data"
        statisticsDump = layout.statisticsDumpFile ?? "\(start).stats"
        jsonDump = layout.jsonDumpFile ?? "\(start).json"
    }

    /// Makes the directories of PID files that are ours to make, and moves into the network namespace.
    func enter() throws(DaemonError) {
        for path in Set([pidFile, vrrpPIDFile]) where path.hasPrefix("/run/keepalived/") {
            let directory = path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
            try insisting { () throws(SystemError) in try FileSystem.makeDirectories(directory) }
        }
        guard let name = networkNamespace else { return }
        let path = name.contains("/") ? name : "/run/netns/\(name)"
        try insisting { () throws(SystemError) in try ThisProcess.enterNetwork(at: path) }
    }

    private static func joined(_ parts: [String?], by separator: String) -> String {
        parts.compactMap(\.self).joined(separator: separator)
    }
}

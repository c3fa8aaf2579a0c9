import KeepalivedConfiguration
import VRRPCore
import Wire

/// Scripts, files, processes and interfaces.
extension StateDump {
    func lines(about script: PreparedTrackScript) -> [String] {
        let counting = configuration.router.scripts.first { $0.name == script.name }
        let report = scriptReports[script.name]
        return [
            " VRRP Script = \(script.name)", "   Command = \(command(script.script))",
            "   Interval = \(script.interval.inSeconds) sec",
            "   Timeout = \((script.timeout ?? script.interval).inSeconds) sec",
            "   Rise = \(counting?.rise ?? 1)", "   Fall = \(counting?.fall ?? 1)",
            "   Insecure = \(script.isUnsafe ? "yes" : "no")",
            "   Init state = \(counting?.startsFailed == true ? "failed" : "unknown")",
            "   Last run = \(report?.lastSucceeded.map { $0 ? "succeeded" : "failed" } ?? "none")",
            "   Script uid:gid = \(account(script.script))",
        ] + trackers(of: script.name, \.trackedScripts, \.trackedScripts)
            + ["   State = \(report?.isRunning == true ? "running" : "idle")"]
    }

    func lines(about file: TrackFile) -> [String] {
        [
            " Track file = \(file.name)", "   File = \(file.path)", "   Status = \(fileValues[file.name] ?? 0)",
        ] + trackers(of: file.name, \.trackedFiles, \.trackedFiles)
    }

    func lines(about process: TrackProcess) -> [String] {
        let counting = configuration.router.processes.first { $0.name == process.name }
        let quorum = counting?.quorum ?? 1...Int.max
        let count = processCounts[process.name] ?? 0
        var lines = [" VRRP Track process = \(process.name)", "   Process = \(process.program)"]
        if let parameters = process.parameters {
            lines.append("   Parameters = \(parameters.joined(separator: " "))")
        }
        lines.append("   Min processes = \(quorum.lowerBound)")
        if quorum.upperBound < Int.max { lines.append("   Max processes = \(quorum.upperBound)") }
        lines += [
            "   Current processes = \(count)", "   Have quorum = \(quorum.contains(count))",
            "   Full command = \(process.comparesCommandLine)",
        ]
        return lines + trackers(of: process.name, \.trackedProcesses, \.trackedProcesses)
    }

    private func trackers(
        of name: String, _ items: KeyPath<VirtualRouterConfiguration, [TrackedItem]>,
        _ groupItems: KeyPath<SyncGroupConfiguration, [TrackedItem]>
    ) -> [String] {
        let lists =
            routers.map { ($0.configuration.name, $0.configuration[keyPath: items]) }
            + configuration.router.syncGroups.map { ($0.name, $0[keyPath: groupItems]) }
        let lines = lists.flatMap { tracker, items in
            items.filter { $0.name == name }.map { "     \(tracker), weight \($0.weight)" }
        }
        return lines.isEmpty ? [] : ["   Tracking instances :"] + lines
    }

    func lines(about name: String, _ interface: Interface) -> [String] {
        let ipv4 = interface.addresses.first { $0.family == .ipv4 }
        let ipv6 = interface.addresses.first { $0.family == .ipv6 }
        return [
            " Name = \(name)", "   index = \(interface.index)",
            "   IPv4 address = \(ipv4.map { "\($0)" } ?? "(none)")",
            "   IPv6 address = \(ipv6.map { "\($0)" } ?? "(none)")",
            "   MAC = \(interface.macAddress.map { "\($0)" } ?? "(none)")",
            "   State = \(interface.isUp ? "UP, RUNNING" : "DOWN")\(interface.isLoopback ? ", loopback" : "")",
        ]
    }
}

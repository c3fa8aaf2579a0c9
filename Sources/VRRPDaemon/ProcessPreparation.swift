import KeepalivedConfiguration
import LinuxSystem
import VRRPCore

/// Asks the kernel for what a configuration wants for the daemon's process; nothing of it is worth a refusal to run.
enum ProcessPreparation {
    /// - Returns: what the kernel refused, a line each.
    static func apply(_ settings: ProcessSettings, _ options: Options, for configuration: DaemonConfiguration)
        -> [String]
    {
        if let mask = options.fileModeMask ?? settings.fileModeMask { ThisProcess.setFileModeMask(mask) }
        if let name = settings.name { ThisProcess.setName(name) }
        var steps: [(wish: String, step: () throws(SystemError) -> Void)] = []
        if let niceness = settings.niceness {
            steps.append(
                ("vrrp_priority \(niceness)", { () throws(SystemError) in try ThisProcess.setNiceness(niceness) }))
        }
        if !settings.processors.isEmpty {
            let list = settings.processors.map { "\($0)" }.joined(separator: " ")
            steps.append(
                (
                    "vrrp_cpu_affinity \(list)",
                    { () throws(SystemError) in try ThisProcess.runOnProcessors(settings.processors) }
                ))
        }
        if let priority = settings.realTimePriority {
            steps.append(
                (
                    "vrrp_rt_priority \(priority)",
                    { () throws(SystemError) in
                        try ThisProcess.runInRealTime(priority, limit: settings.realTimeLimit)
                    }
                ))
        }
        if settings.staysInMemory {
            steps.append(("vrrp_no_swap", { () throws(SystemError) in try ThisProcess.lockMemory() }))
        }
        if options.dumpsCore {
            steps.append(("core files", { () throws(SystemError) in try ThisProcess.allowCoreFiles() }))
        }
        let files = openFiles(for: configuration)
        steps.append(("\(files) open files", { () throws(SystemError) in try ThisProcess.allowOpenFiles(files) }))
        return steps.compactMap { wish, step in
            do throws(SystemError) {
                try step()
                return nil
            } catch {
                return "\(wish) is not possible here, and the daemon runs without: \(error)"
            }
        }
    }

    /// Sockets for each interface and each source of unicast, a descriptor for each program that may run at a time.
    static func openFiles(for configuration: DaemonConfiguration) -> Int {
        1024 + 4 * configuration.router.virtualRouters.count + 2 * configuration.scripts.count
    }
}

import KeepalivedConfiguration
import LinuxSystem
import Netlink
import VRRPCore
import Wire

/// How the daemon comes by its configuration, at the start and when it is told to read it again.
extension Daemon {
    /// Reads and judges the file. When something in it is fatal, every problem is thrown at once.
    mutating func load() throws(DaemonError) -> DaemonConfiguration {
        log.notice("Opening file '\(options.configurationFile)'.")
        // Interfaces that nobody asked about before may have come since.
        try insisting { () throws(NetlinkError) in try interfaces.refresh() }
        let result = try ConfigurationReader.load(options)
        let complaints = MachineCheck.complaints(
            about: result.configuration, in: options.configurationFile, among: interfaces.interfaces)
        guard result.isUsable, !complaints.contains(where: { $0.severity == .fatal }) else {
            let problems = (result.diagnostics + complaints).filter { $0.severity > .note }
            throw DaemonError(.configuration, problems.map(\.rendered))
        }
        for diagnostic in result.diagnostics + complaints { log.notice("\(diagnostic)") }
        return result.configuration
    }

    /// Prepares a configuration for this machine: what cannot be done here is left out, with a word about it.
    mutating func adopt(_ loaded: DaemonConfiguration) {
        configuration = loaded
        for router in loaded.router.virtualRouters where router.family == .ipv6 {
            log.notice("(\(router.name)) IPv6 virtual routers are not supported yet: it does not take part")
        }
        configuration.router.virtualRouters.removeAll { $0.family == .ipv6 }
        prepared = PreparedScripts(configuration)
        for complaint in prepared.complaints { log.notice(complaint) }
        let names = Set(prepared.tracked.map(\.name))
        configuration.router.scripts.removeAll { !names.contains($0.name) }
    }

    /// Runs the scripts that somebody tracks.
    mutating func trackScripts() {
        let tracked = Set(configuration.router.virtualRouters.flatMap(\.trackedScripts).map(\.name))
        scripts.track(prepared.tracked.filter { tracked.contains($0.name) }, at: MonotonicClock.now)
    }

    /// Reads the file again. A file that is broken changes nothing.
    mutating func reload() {
        log.notice("Reloading")
        let loaded: DaemonConfiguration
        do {
            loaded = try load()
        } catch {
            log.write(error)
            log.notice("The configuration stays as it was")
            return
        }
        let former = configuration.router.virtualRouters
        let formerNotifications = prepared.notifications
        adopt(loaded)
        // Routers that go need their sockets and scripts once more, to say farewell.
        rematchSockets(for: former + configuration.router.virtualRouters)
        let names = Set(configuration.router.virtualRouters.map(\.name))
        prepared.keep(formerNotifications.filter { !names.contains($0.key) })
        trackScripts()
        tellInterfaces()
        perform(router.reconfigure(configuration.router, at: MonotonicClock.now))
        rematchSockets(for: configuration.router.virtualRouters)
        log.notice("Reload finished")
    }
}

// MARK: - Dumps

extension Daemon {
    var stateDump: StateDump {
        StateDump(
            configuration: configuration, scripts: prepared.tracked, notifications: prepared.notifications,
            routers: router.virtualRouters, interfaces: interfaces.interfaces, transitions: transitions,
            installed: Set(configuration.router.virtualRouters.flatMap(\.allAddresses).filter { addresses.holds($0) }),
            clockOffset: MonotonicClock.offsetToRealTime)
    }

    /// Writes a dump for its owner's eyes only, into `TMPDIR` if that is an absolute path, else into `/tmp`.
    func dump(_ text: String, to name: String) {
        let wanted = ThisProcess.environment("TMPDIR")
        let directory = wanted.flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        do {
            try FileSystem.replace("\(directory)/\(name)", with: Array(text.utf8), mode: 0o600)
        } catch {
            log.notice("cannot write \(directory)/\(name): \(error)")
        }
    }
}

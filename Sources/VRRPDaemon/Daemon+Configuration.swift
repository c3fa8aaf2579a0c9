import KeepalivedConfiguration
import LinuxSystem
import Netlink
import VRRPCore
import Wire

/// How the daemon comes by its configuration, at the start and when it is told to read it again.
extension Daemon {
    /// Reads and judges the file. When something in it is fatal, every problem is thrown at once.
    ///
    /// - Parameter isReload: then a file that ends inside a block is refused too: it is being written just now.
    mutating func load(isReload: Bool = false) throws(DaemonError) -> DaemonConfiguration {
        log.notice("Opening file '\(options.configurationFile)'.")
        // Interfaces that nobody asked about before may have come since.
        try insisting { () throws(NetlinkError) in try interfaces.refresh() }
        let result = if let first = firstReading.take() { first } else { try ConfigurationReader.load(options) }
        let complaints = MachineCheck.complaints(
            about: result.configuration, in: options.configurationFile, among: interfaces.interfaces)
        let isPlayable = result.isUsable && !complaints.contains { $0.severity == .fatal }
        guard options.keepsGoing || isPlayable, !(isReload && result.isCutShort) else {
            let problems = (result.diagnostics + complaints).filter { $0.severity > .note }
            throw DaemonError(.configuration, problems.map(\.rendered))
        }
        for diagnostic in result.diagnostics + complaints { log.notice("\(diagnostic)") }
        return isPlayable ? result.configuration : leavingOutImpossible(result.configuration)
    }

    /// With `--keep-going`, without the virtual routers that this machine cannot play.
    private func leavingOutImpossible(_ configuration: DaemonConfiguration) -> DaemonConfiguration {
        let complaints = MachineCheck.complaintsByRouter(
            about: configuration, in: options.configurationFile, among: interfaces.interfaces)
        for name in complaints.keys.sorted() { log.notice("(\(name)) does not take part; the others go on") }
        var configuration = configuration
        configuration.router.virtualRouters.removeAll { complaints[$0.name] != nil }
        for index in configuration.router.syncGroups.indices {
            configuration.router.syncGroups[index].members.removeAll { complaints[$0] != nil }
        }
        configuration.router.syncGroups.removeAll(where: \.members.isEmpty)
        return configuration
    }

    /// Prepares a configuration for this machine: what cannot be done here is left out, with a word about it.
    mutating func adopt(_ loaded: DaemonConfiguration) {
        configuration = loaded
        interfaceNames = loaded.interfaceNames
        adoptNetwork()
        prepared = PreparedScripts(configuration)
        for complaint in prepared.complaints { log.notice(complaint) }
        let names = Set(prepared.tracked.map(\.name))
        configuration.router.scripts.removeAll { !names.contains($0.name) }
    }

    /// Reads the file again. A file that is broken changes nothing.
    mutating func reload() {
        log.notice("Reloading")
        supervisor.reloading(at: MonotonicClock.now)
        defer { supervisor.ready(at: MonotonicClock.now) }
        let loaded: DaemonConfiguration
        do {
            loaded = try load(isReload: true)
            try checkChange(to: loaded)
        } catch {
            log.write(error)
            log.notice("The configuration stays as it was")
            return
        }
        let formerConfiguration = configuration
        let former = configuration.router.virtualRouters
        let formerScripts = prepared
        adopt(loaded)
        installStatics(insteadOf: formerConfiguration)
        // Routers that go need their sockets and scripts once more, to say farewell.
        rematchSockets(for: former + configuration.router.virtualRouters)
        prepared.keep(formerScripts, for: configuration.router)
        startServices()
        tellInterfaces()
        perform(router.reconfigure(configuration.router, at: MonotonicClock.now))
        repeatFacts()
        matchVirtualInterfaces(to: configuration.router.virtualRouters)
        rematchSockets(for: configuration.router.virtualRouters)
        if configuration.fifosRepeatStatesOnReload { repeatStates() }
        ThisProcess.returnFreeMemory()
        log.notice("Reload finished")
    }

    /// What a reload must not do: a file without anything to run is more likely half written than meant, and what
    /// concerns the process as a whole needs another process.
    private func checkChange(to loaded: DaemonConfiguration) throws(DaemonError) {
        if loaded.router.virtualRouters.isEmpty, !configuration.router.virtualRouters.isEmpty {
            throw DaemonError(
                .configuration, "\(options.configurationFile) has no virtual router left: stop the daemon to stop all")
        }
        let changes: [(String, Bool)] = [
            ("net_namespace", loaded.layout.networkNamespace != configuration.layout.networkNamespace),
            ("instance", loaded.layout.instance != configuration.layout.instance),
        ]
        for (keyword, isChanged) in changes where isChanged {
            throw DaemonError(.configuration, "Cannot change \(keyword) at a reload - please restart vrrpd")
        }
    }
}

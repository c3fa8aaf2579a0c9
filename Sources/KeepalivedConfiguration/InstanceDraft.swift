import VRRPCore
import Wire

/// A `vrrp_instance` as it was written, with the global defaults of the moment when it was read.
struct InstanceDraft: AnnouncingDraft {
    enum State: Hashable, Sendable {
        case master, backup
    }

    enum AuthenticationType: Hashable, Sendable {
        case password, header
    }

    let name: Located<String>
    /// The scripts defined before the instance: keepalived finds no others.
    let earlierScripts: Set<String>
    var state: Located<State>?
    var interface: Located<String>?
    var virtualRouterID: Located<Int>?
    var priority: Located<Int>?
    var advertisementInterval: Located<Duration>?
    var version: Located<Int>?
    /// Set by `nopreempt`, taken back by `preempt`.
    var nopreempt: Located<Bool>?
    var preemptDelay: Located<Duration>?
    var downTimerAdvertisements: Located<Int>?
    var authenticationType: Located<AuthenticationType>?
    var password: Located<String>?
    var addresses: [AddressLine] = []
    var excludedAddresses: [AddressLine] = []
    /// Set by `no_virtual_ipaddress`.
    var needsNoAddress: Located<Bool>?
    var sourceAddress: Located<IPAddress>?
    /// The first word that only makes sense with peers.
    var unicastKeyword: SourceLocation?
    var unicastPeers: [Located<IPAddress>] = []
    var trackedScripts: [TrackedLine] = []
    var trackedInterfaces: [TrackedLine] = []
    var announcement: AnnouncementPolicy
    var notifyMaster: Located<ScriptCommand>?
    var notifyBackup: Located<ScriptCommand>?
    var notifyFault: Located<ScriptCommand>?
    var notifyStop: Located<ScriptCommand>?
    var notify: Located<ScriptCommand>?

    init(name: Located<String>, in daemon: DaemonDraft) {
        self.name = name
        earlierScripts = Set(daemon.scripts.map(\.name.value))
        announcement = daemon.globals.announcement
        downTimerAdvertisements = daemon.globals.downTimerAdvertisements
    }

    var subject: String { "(\(name.value)) " }

    /// In the order in which a state is likely to be met.
    var notifyCommands: [Located<ScriptCommand>] {
        [notifyMaster, notifyBackup, notifyFault, notifyStop, notify].compactMap { $0 }
    }
}

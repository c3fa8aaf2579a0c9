import VRRPCore
import Wire

/// What `global_defs` says, and the few words that may also stand outside of it, as far as they have been read.
struct GlobalDraft: AnnouncingDraft {
    var routerID: Located<String>?
    var scriptUser: Located<String>?
    var scriptGroup: Located<String>?
    var scriptSecurity: Located<Bool>?
    var version: Located<Int>?
    var defaultInterface: Located<String>?
    var announcement = AnnouncementPolicy()
    var minimalAnnouncement: Located<Bool>?
    var arpSpacing: Located<Duration>?
    var neighborSpacing: Located<Duration>?
    var mail = MailDraft()
    var fifo = FIFODraft()
    var allFIFO = FIFODraft()
    var repeatsStatesOnReload: Located<Bool>?
    var startupScript: Located<ScriptCommand>?
    var startupTimeout: Located<Int>?
    var shutdownScript: Located<ScriptCommand>?
    var shutdownTimeout: Located<Int>?
    var process = ProcessDraft()
    var layout = LayoutDraft()

    // MARK: Defaults of virtual routers

    var isStrict: Located<Bool>?
    var skipsAddressCheck: Located<Bool>?
    var downTimerAdvertisements: Located<Int>?
    var answersNoLowerPriority: Located<Bool>?
    var sendsLastAdvertisement: Located<Bool>?
    var ownerIgnoresAdvertisements: Located<Bool>?
    var notifiesPriorityChanges: Located<Bool>?
    var checksumOfMessage: Located<Bool>?
    var group4: Located<IPAddress>?
    var group6: Located<IPAddress>?
    var startupDelay: Located<Duration>?
    var lease: Located<Duration>?
    var learnedIntervalCap: Located<Int>?
    var allowsMissingInterfaces: Located<Bool>?
    var logsUnknownVRIDs: Located<Bool>?
    var interfacePrefix: Located<String>?

    var subject: String { "" }

    /// What an instance starts with: `vrrp_min_garp` takes the place of what nobody set.
    var instanceAnnouncement: AnnouncementPolicy {
        guard minimalAnnouncement?.value == true else { return announcement }
        let standard = AnnouncementPolicy()
        var policy = announcement
        if policy.repeatCount == standard.repeatCount { policy.repeatCount = 1 }
        if policy.delay == standard.delay { policy.delay = .zero }
        return policy
    }

    /// Whether instances read from now on get other defaults than those before.
    func changesDefaults(of other: GlobalDraft) -> Bool {
        instanceAnnouncement != other.instanceAnnouncement
            || downTimerAdvertisements?.value != other.downTimerAdvertisements?.value
    }
}

/// The words about mail.
struct MailDraft: Sendable {
    var recipients: [Located<String>] = []
    var sender: Located<String>?
    var server: Located<String>?
    var port: Located<Int>?
    var timeout: Located<Int>?
    var heloName: Located<String>?
    var omitsFaults: Located<Bool>?
    /// `smtp_alert`, and `smtp_alert_vrrp` which is about virtual routers only.
    var alerts: Located<Bool>?
    var routerAlerts: Located<Bool>?
}

/// `notify_fifo` or `vrrp_notify_fifo`, with its script.
struct FIFODraft: Sendable {
    var path: Located<String>?
    var user: String?
    var group: String?
    var script: Located<ScriptCommand>?
}

/// The words about the process.
struct ProcessDraft: Sendable {
    var niceness: Located<Int>?
    var realTimePriority: Located<Int>?
    var realTimeLimit: Located<Int>?
    var staysInMemory: Located<Bool>?
    var processors: [Int] = []
    var name: Located<String>?
    var ownName: Located<String>?
    var fileModeMask: Located<Int>?
    var monitorBufferSize: Located<Int>?
    var packetBufferSize: Located<Int>?
}

/// The words about where the process shows itself.
struct LayoutDraft: Sendable {
    var networkNamespace: Located<String>?
    var instance: Located<String>?
    var usesPIDDirectory: Located<Bool>?
    var dumpsBearInstance: Located<Bool>?
    var stateDumpFile: Located<String>?
    var statisticsDumpFile: Located<String>?
    var jsonDumpFile: Located<String>?
    var jsonVersion: Located<Int>?
}

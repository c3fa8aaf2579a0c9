import VRRPCore

/// What `global_defs` says, as far as it has been read.
struct GlobalDraft: AnnouncingDraft {
    var routerID: Located<String>?
    var scriptUser: Located<String>?
    var scriptGroup: Located<String>?
    var scriptSecurity: Located<Bool>?
    var version: Located<Int>?
    var defaultInterface: Located<String>?
    var downTimerAdvertisements: Located<Int>?
    var announcement = AnnouncementPolicy()

    var subject: String { "" }

    /// Whether instances read from now on get other defaults than those before.
    func changesDefaults(of other: GlobalDraft) -> Bool {
        announcement != other.announcement
            || downTimerAdvertisements?.value != other.downTimerAdvertisements?.value
    }
}

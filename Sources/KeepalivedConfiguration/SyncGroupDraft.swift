import VRRPCore

/// A `vrrp_sync_group` as it was written.
struct SyncGroupDraft: TrackingTarget, NotifyingTarget {
    let name: Located<String>
    let definitions: DefinitionCount
    var members: [Located<String>] = []
    var tracking = TrackingDraft()
    var notify = NotifyDraft()
    var usesWeights: Located<Bool>?

    init(name: Located<String>, definitions: DefinitionCount) {
        self.name = name
        self.definitions = definitions
    }

    var subject: String { "(\(name.value)) " }
}

/// `vrrp_sync_group NAME { … }`.
let syncGroupKeywords = KeywordTable<SyncGroupDraft>(
    [
        Keyword("group", .block) { directive, group, diagnostics in
            directive.expectNoMore(after: 0, &diagnostics)
            let words = (directive.block ?? []).flatMap { [$0.keyword] + $0.arguments }
            group.members += words.map { Located($0.text, at: $0.location) }
        },
        .flag("sync_group_tracking_weight", \.usesWeights),
        Keyword("global_tracking", support: .withoutEffect("use sync_group_tracking_weight")) { word, _, diagnostics in
            diagnostics.warning(
                "global_tracking is deprecated. Use track_interface/script/file on the sync group instead",
                at: word.keyword.location)
        },
    ] + Keyword.trackingRows + Keyword.notifyRows)

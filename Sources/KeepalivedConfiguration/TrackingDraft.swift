/// What a `vrrp_instance` or a `vrrp_sync_group` watches.
struct TrackingDraft: Sendable {
    var scripts: [TrackedLine] = []
    var interfaces: [TrackedLine] = []
    var files: [TrackedLine] = []
    var processes: [TrackedLine] = []
}

/// How many scripts, files and processes had been defined when a block began: keepalived finds no others.
struct DefinitionCount: Hashable, Sendable {
    var scripts = 0
    var files = 0
    var processes = 0
}

/// A draft of something that watches.
protocol TrackingTarget: Draft {
    var tracking: TrackingDraft { get set }
}

extension Keyword where Target: TrackingTarget {
    /// The rows of the words that track something.
    static var trackingRows: [Keyword] {
        [
            tracked("track_script", -253...253) { $0.scripts.append($1) },
            tracked("track_interface", -253...253) { $0.interfaces.append($1) },
            tracked("track_file", -254...254) { $0.files.append($1) },
            tracked("track_process", -254...254) { $0.processes.append($1) },
            .skipped("track_bfd", "BFD is not part of vrrpd"),
        ]
    }

    private static func tracked(
        _ name: String, _ weights: ClosedRange<Int>,
        _ add: @escaping @Sendable (inout TrackingDraft, TrackedLine) -> Void
    ) -> Keyword {
        .lines(name) { directive, target, diagnostics in
            let line = TrackedLine.read(directive, in: weights, subject: target.subject, &diagnostics)
            add(&target.tracking, line)
        }
    }
}

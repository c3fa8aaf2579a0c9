/// Whom a `vrrp_instance` or a `vrrp_sync_group` tells of its states.
struct NotifyDraft: Sendable {
    var master: Located<ScriptCommand>?
    var backup: Located<ScriptCommand>?
    var fault: Located<ScriptCommand>?
    var stop: Located<ScriptCommand>?
    var deleted: Located<ScriptCommand>?
    var receivedLowerPriority: Located<ScriptCommand>?
    var generic: Located<ScriptCommand>?
    /// `notify_deleted` without a command.
    var tellsDeletion: Located<Bool>?
    /// `smtp_alert`.
    var mails: Located<Bool>?
    var priorityChanges: Located<Bool>?

    /// In the order in which a state is likely to be met.
    var commands: [Located<ScriptCommand>] {
        [master, backup, fault, stop, deleted, receivedLowerPriority, generic].compactMap(\.self)
    }

    var scripts: NotifyScripts {
        var scripts = NotifyScripts()
        scripts.master = master?.value
        scripts.backup = backup?.value
        scripts.fault = fault?.value
        scripts.stop = stop?.value
        scripts.deleted = deleted?.value
        scripts.receivedLowerPriority = receivedLowerPriority?.value
        scripts.generic = generic?.value
        return scripts
    }
}

/// A draft of something that tells its states.
protocol NotifyingTarget: Draft {
    var notify: NotifyDraft { get set }
}

extension Keyword where Target: NotifyingTarget {
    /// The rows of the words that tell somebody something.
    static var notifyRows: [Keyword] {
        [
            told("notify_master", \.master), told("notify_backup", \.backup), told("notify_fault", \.fault),
            told("notify_stop", \.stop), told("notify", \.generic),
            toggled("smtp_alert", \.mails), toggled("notify_priority_changes", \.priorityChanges),
        ]
    }

    /// Those that only an instance has.
    static var instanceNotifyRows: [Keyword] {
        [
            told("notify_master_rx_lower_pri", \.receivedLowerPriority),
            Keyword("notify_deleted") { directive, target, diagnostics in
                target.notify.tellsDeletion = Located(true, at: directive.keyword.location)
                guard !directive.arguments.isEmpty else { return }
                target.notify.deleted = ScriptCommand.read(directive, style: .notify, &diagnostics)
            },
        ]
    }

    private static func told(_ name: String, _ slot: Slot<NotifyDraft, ScriptCommand>) -> Keyword {
        Keyword(name) { directive, target, diagnostics in
            guard target.notify[keyPath: slot] == nil else {
                diagnostics.warning(
                    "\(target.subject)\(name) already specified - ignoring", at: directive.keyword.location)
                return
            }
            target.notify[keyPath: slot] = ScriptCommand.read(directive, style: .notify, &diagnostics)
        }
    }

    private static func toggled(_ name: String, _ slot: Slot<NotifyDraft, Bool>) -> Keyword {
        Keyword(name) { directive, target, diagnostics in
            target.notify[keyPath: slot] =
                .boolean(directive, subject: target.subject, &diagnostics)
                ?? target.notify[keyPath: slot]
        }
    }
}

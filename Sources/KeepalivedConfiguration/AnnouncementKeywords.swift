import VRRPCore

/// A draft that says how addresses are announced: the global defaults and each instance.
protocol AnnouncingDraft: Draft {
    var announcement: AnnouncementPolicy { get set }
}

extension Keyword where Target: AnnouncingDraft {
    /// The seven `garp_*` rows, which bear a prefix when they stand in `global_defs`.
    static func announcementRows(prefix: String) -> [Keyword] {
        [
            .announcement(prefix + "garp_master_delay") { $0.delay = .seconds($1) },
            .announcement(prefix + "garp_master_repeat", atLeast: 1) { $0.repeatCount = $1 },
            .announcement(prefix + "garp_master_refresh") { $0.refresh = $1 == 0 ? nil : .seconds($1) },
            .announcement(prefix + "garp_master_refresh_repeat", atLeast: 1) { $0.refreshRepeatCount = $1 },
            .announcement(prefix + "garp_lower_prio_delay") { $0.lowerPriorityDelay = .seconds($1) },
            .announcement(prefix + "garp_lower_prio_repeat") { $0.lowerPriorityRepeatCount = $1 },
            otherInterfaces(prefix + "garp_extra_if"),
        ]
    }

    /// `[all] SECONDS`; interfaces without a virtual MAC address are always included here.
    private static func otherInterfaces(_ name: String) -> Keyword {
        Keyword(name) { directive, target, diagnostics in
            let index = directive.arguments.first?.text == "all" ? 1 : 0
            guard let word = directive.argument(index, &diagnostics) else { return }
            directive.expectNoMore(after: index + 1, &diagnostics)
            do throws(NumberRefusal) {
                let value = try Number.integer(word.text, in: 0...86_400)
                target.announcement.otherInterfacesRefresh = value == 0 ? nil : .seconds(value)
            } catch {
                diagnostics.error("\(target.subject)\(name) not valid! \(error.reason) - ignoring", at: word.location)
            }
        }
    }

    private static func announcement(
        _ name: String, atLeast least: Int = 0, _ set: @escaping @Sendable (inout AnnouncementPolicy, Int) -> Void
    ) -> Keyword {
        Keyword(name) { directive, target, diagnostics in
            guard let word = directive.argument(0, &diagnostics) else { return }
            directive.expectNoMore(after: 1, &diagnostics)
            do throws(NumberRefusal) {
                let value = try Number.integer(word.text, in: 0...86_400)
                if value < least {
                    let sentence = "\(name) must be greater than 0, setting to \(least)"
                    diagnostics.error(target.subject + sentence, at: word.location)
                }
                set(&target.announcement, max(value, least))
            } catch {
                diagnostics.error("\(target.subject)\(name) not valid! \(error.reason) - ignoring", at: word.location)
            }
        }
    }
}

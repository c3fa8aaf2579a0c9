import VRRPCore
import Wire

/// `global_defs { … }`.
let globalKeywords = KeywordTable<GlobalDraft>(
    identityRows + mailRows + scriptRows + routerRows + Keyword.announcementRows(prefix: "vrrp_") + spacingRows
        + processRows + layoutRows + globalFirewallRows + globalRowsWithoutEffect + globalRowsOfOthers)

private let identityRows: [Keyword<GlobalDraft>] = [
    .word("router_id", \.routerID),
    .word("default_interface", \.defaultInterface),
    .integer("vrrp_version", 2...3, \.version, refusal: "Version must be either 2 or 3:"),
]

private let mailRows: [Keyword<GlobalDraft>] = [
    Keyword("notification_email", .block) { directive, globals, diagnostics in
        let words = (directive.block ?? []).flatMap { [$0.keyword] + $0.arguments }
        if words.isEmpty {
            diagnostics.warning("Warning - empty notification_email block", at: directive.keyword.location)
        }
        globals.mail.recipients += words.map { Located($0.text, at: $0.location) }
    },
    .word("notification_email_from", \.mail.sender),
    Keyword("smtp_server") { directive, globals, diagnostics in
        guard let word = directive.argument(0, &diagnostics) else { return }
        directive.expectNoMore(after: 2, &diagnostics)
        globals.mail.server = Located(word.text, at: word.location)
        guard let port = directive.arguments.dropFirst().first else { return }
        if let number = try? Number.integer(port.text, in: 1...65_535) {
            globals.mail.port = Located(number, at: port.location)
        } else {
            diagnostics.error("Invalid smtp_server port '\(port.text)' - using 25", at: port.location)
        }
    },
    .integer("smtp_connect_timeout", 1...4294, \.mail.timeout, fallback: 1),
    .word("smtp_helo_name", \.mail.heloName),
    .toggle("smtp_alert", \.mail.alerts),
    .toggle("smtp_alert_vrrp", \.mail.routerAlerts),
    .flag("no_email_faults", \.mail.omitsFaults),
]

private let scriptRows: [Keyword<GlobalDraft>] = [
    .owner("script_user", \.scriptUser, \.scriptGroup),
    .flag("enable_script_security", \.scriptSecurity),
    .ownScript("startup_script", \.startupScript),
    .integer("startup_script_timeout", 1...1000, \.startupTimeout),
    .ownScript("shutdown_script", \.shutdownScript),
    .integer("shutdown_script_timeout", 1...1000, \.shutdownTimeout),
    .fifo("notify_fifo", \.allFIFO),
    .command("notify_fifo_script", \.allFIFO.script, style: .notify),
    .fifo("vrrp_notify_fifo", \.fifo),
    .command("vrrp_notify_fifo_script", \.fifo.script, style: .notify),
    .flag("fifo_write_vrrp_states_on_reload", \.repeatsStatesOnReload),
]

private let routerRows: [Keyword<GlobalDraft>] = [
    .toggle("vrrp_strict", \.isStrict),
    .toggle("vrrp_skip_check_adv_addr", \.skipsAddressCheck),
    .group("vrrp_mcast_group4", .ipv4, \.group4),
    .group("vrrp_mcast_group6", .ipv6, \.group6),
    .integer("vrrp_down_timer_adverts", 1...100, \.downTimerAdvertisements),
    .toggle("vrrp_lower_prio_no_advert", \.answersNoLowerPriority),
    .toggle("vrrp_higher_prio_send_advert", \.sendsLastAdvertisement),
    .toggle("vrrp_owner_ignore_adverts", \.ownerIgnoresAdvertisements),
    .toggle("vrrp_notify_priority_changes", \.notifiesPriorityChanges),
    .toggle("v3_checksum_as_v2", \.checksumOfMessage),
    .seconds("vrrp_startup_delay", .milliseconds(1) ... .seconds(2_147_483), \.startupDelay),
    .seconds("vrrp_vip_lease", .seconds(1) ... .seconds(86_400), \.lease),
    .limit("vrrp_learned_interval_cap", 1...255, \.learnedIntervalCap),
    Keyword("dynamic_interfaces") { directive, globals, _ in
        globals.allowsMissingInterfaces = Located(true, at: directive.keyword.location)
    },
    .flag("log_unknown_vrids", \.logsUnknownVRIDs),
    .word("vmac_prefix", \.interfacePrefix, atMost: 11),
]

private let spacingRows: [Keyword<GlobalDraft>] = [
    .toggle("vrrp_min_garp", \.minimalAnnouncement),
    .spacing("vrrp_garp_interval", \.arpSpacing),
    .spacing("vrrp_gna_interval", \.neighborSpacing),
]

extension Keyword<GlobalDraft> {
    /// `NAME [USER [GROUP]]`.
    fileprivate static func fifo(
        _ name: String, _ slot: any WritableKeyPath<GlobalDraft, FIFODraft> & Sendable
    ) -> Keyword {
        Keyword(name) { directive, globals, diagnostics in
            guard let word = directive.argument(0, &diagnostics) else { return }
            directive.expectNoMore(after: 3, &diagnostics)
            guard globals[keyPath: slot].path == nil else {
                diagnostics.error("\(name) already specified - ignoring", at: directive.keyword.location)
                return
            }
            globals[keyPath: slot].path = Located(word.text, at: word.location)
            globals[keyPath: slot].user = directive.arguments.dropFirst().first?.text
            globals[keyPath: slot].group = directive.arguments.dropFirst(2).first?.text
        }
    }

    /// A command; its absence is no missing parameter for keepalived.
    fileprivate static func ownScript(_ name: String, _ slot: Slot<GlobalDraft, ScriptCommand>) -> Keyword {
        Keyword(name) { directive, globals, diagnostics in
            guard !directive.arguments.isEmpty else {
                let words = name.split(separator: "_").joined(separator: " ")
                diagnostics.error("\(words) missing - ignoring", at: directive.keyword.location)
                return
            }
            globals[keyPath: slot] = ScriptCommand.read(directive, style: .notify, &diagnostics)
        }
    }

    /// A multicast address of a family.
    fileprivate static func group(
        _ name: String, _ family: AddressFamily, _ slot: Slot<GlobalDraft, IPAddress>
    ) -> Keyword {
        Keyword(name) { directive, globals, diagnostics in
            guard let word = directive.argument(0, &diagnostics) else { return }
            directive.expectNoMore(after: 1, &diagnostics)
            guard let address = IPAddress(word.text), address.family == family, address.isMulticast else {
                diagnostics.error(
                    "Configuration error: Cannot parse \(name) [\(word.text)] - ignoring; it must be a multicast "
                        + "address", at: word.location)
                return
            }
            globals[keyPath: slot] = Located(address, at: word.location)
        }
    }

    /// Seconds between two packets; `0`, which keepalived's sample file has, is none.
    fileprivate static func spacing(_ name: String, _ slot: Slot<GlobalDraft, Duration>) -> Keyword {
        Keyword(name) { directive, globals, diagnostics in
            guard let word = directive.argument(0, &diagnostics) else { return }
            directive.expectNoMore(after: 1, &diagnostics)
            do throws(NumberRefusal) {
                let spacing = try Number.seconds(word.text, in: .zero ... .seconds(4294))
                if spacing == .zero {
                    diagnostics.warning("\(name) '\(word.text)' is invalid; no spacing is meant", at: word.location)
                } else if spacing >= .seconds(1) {
                    diagnostics.note("The \(name) is very large - \(word.text) seconds", at: word.location)
                }
                globals[keyPath: slot] = Located(spacing, at: word.location)
            } catch {
                diagnostics.error("\(name) '\(word.text)' is invalid: \(error.reason) - ignoring", at: word.location)
            }
        }
    }
}

import VRRPCore
import Wire

/// `vrrp_instance NAME { … }`.
let instanceKeywords = KeywordTable<InstanceDraft>(
    identityRows + transportRows + actionRows + Keyword.announcementRows(prefix: ""),
    accepted: [
        "accept", "auth_hmac", "check_unicast_src", "debug", "dont_track_primary", "garp_extra_if",
        "higher_prio_send_advert", "kernel_rx_buf_size", "linkbeat_use_polling", "lower_prio_no_advert",
        "lvs_sync_daemon_interface", "mcast_dst_ip", "native_ipv6", "no_accept", "notify_deleted",
        "notify_master_rx_lower_pri", "notify_priority_changes", "old_unicast_checksum", "owner_ignore_adverts",
        "promote_secondaries", "skip_check_adv_addr", "smtp_alert", "strict_mode", "thread_timer_expired",
        "timer_expired_backup", "track_bfd", "track_file", "track_process", "track_src_ip", "unicast_fault_no_peer",
        "unicast_ttl", "use_ipvlan", "use_vmac", "use_vmac_addr", "v3_checksum_as_v2", "virtual_routes",
        "virtual_rules", "vmac_xmit_base", "vrf",
    ])

/// `authentication { … }`.
let authenticationKeywords = KeywordTable<InstanceDraft>([
    Keyword("auth_type") { directive, instance, diagnostics in
        guard let word = directive.argument(0, &diagnostics) else { return }
        directive.expectNoMore(after: 1, &diagnostics)
        switch word.text {
        case "PASS": instance.authenticationType = Located(.password, at: word.location)
        case "AH": instance.authenticationType = Located(.header, at: word.location)
        default:
            diagnostics.error(
                "\(instance.subject)unknown authentication type '\(word.text)'; PASS is known", at: word.location)
        }
    },
    .word("auth_pass", \.password),
])

private let identityRows: [Keyword<InstanceDraft>] = [
    Keyword("state") { directive, instance, diagnostics in
        guard let word = directive.argument(0, &diagnostics) else { return }
        directive.expectNoMore(after: 1, &diagnostics)
        switch word.text {
        case "MASTER":
            instance.state = Located(.master, at: word.location)
        case "BACKUP" where instance.state?.value == .master:
            diagnostics.warning(
                "\(instance.subject)state previously set as MASTER - ignoring BACKUP", at: word.location)
        case "BACKUP":
            instance.state = Located(.backup, at: word.location)
        default:
            let sentence = "unknown state '\(word.text)', defaulting to BACKUP"
            diagnostics.error(instance.subject + sentence, at: word.location)
            instance.state = instance.state ?? Located(.backup, at: word.location)
        }
    },
    .word("interface", \.interface),
    .integer("virtual_router_id", 1...255, \.virtualRouterID, refusal: "VRID not valid!"),
    .integer("priority", 1...255, \.priority, refusal: "Priority not valid!", fallback: 100),
    .seconds(
        "advert_int", .milliseconds(10) ... .seconds(255), \.advertisementInterval,
        refusal: "Advert interval not valid!"),
    .integer("version", 2...3, \.version, refusal: "Version must be either 2 or 3:"),
    .flag("nopreempt", \.nopreempt),
    .flag("preempt", \.nopreempt, false),
    .seconds("preempt_delay", .zero ... .seconds(1000), \.preemptDelay, refusal: "Preempt_delay not valid!"),
    .integer("down_timer_adverts", 1...100, \.downTimerAdvertisements),
    .block("authentication", authenticationKeywords),
]

private let transportRows: [Keyword<InstanceDraft>] = [
    .source("mcast_src_ip", isUnicast: false),
    .source("unicast_src_ip", isUnicast: true),
    .lines(
        "unicast_peer",
        opening: { directive, instance, _ in instance.noteUnicast(directive) },
        { directive, instance, diagnostics in instance.addPeer(directive, &diagnostics) }),
]

private let actionRows: [Keyword<InstanceDraft>] = [
    .lines("virtual_ipaddress") { directive, instance, diagnostics in
        if let line = AddressLine.read(directive, &diagnostics) { instance.addresses.append(line) }
    },
    .lines("virtual_ipaddress_excluded") { directive, instance, diagnostics in
        if let line = AddressLine.read(directive, &diagnostics) { instance.excludedAddresses.append(line) }
    },
    .flag("no_virtual_ipaddress", \.needsNoAddress),
    .lines("track_script") { directive, instance, diagnostics in
        let line = TrackedLine.read(directive, subject: instance.subject, &diagnostics)
        instance.trackedScripts.append(line)
    },
    .lines("track_interface") { directive, instance, diagnostics in
        let line = TrackedLine.read(directive, subject: instance.subject, &diagnostics)
        instance.trackedInterfaces.append(line)
    },
    .command("notify_master", \.notifyMaster, style: .notify),
    .command("notify_backup", \.notifyBackup, style: .notify),
    .command("notify_fault", \.notifyFault, style: .notify),
    .command("notify_stop", \.notifyStop, style: .notify),
    .command("notify", \.notify, style: .notify),
]

extension Keyword<InstanceDraft> {
    /// Both words set the same address.
    fileprivate static func source(_ name: String, isUnicast: Bool) -> Keyword {
        Keyword(name) { directive, instance, diagnostics in
            guard let word = directive.argument(0, &diagnostics) else { return }
            directive.expectNoMore(after: 1, &diagnostics)
            if isUnicast { instance.noteUnicast(directive) }
            guard let address = IPAddress(word.text) else {
                let sentence = "malformed src address[\(word.text)]. Skipping..."
                diagnostics.error("VRRP instance[\(instance.name.value)] \(sentence)", at: word.location)
                return
            }
            instance.sourceAddress = Located(address, at: word.location)
        }
    }
}

extension InstanceDraft {
    fileprivate mutating func noteUnicast(_ directive: Directive) {
        unicastKeyword = unicastKeyword ?? directive.keyword.location
    }

    /// `ADDRESS [min_ttl N] [max_ttl N]`.
    fileprivate mutating func addPeer(_ directive: Directive, _ diagnostics: inout Diagnostics) {
        let word = directive.keyword
        guard let address = IPAddress(word.text) else {
            let sentence = "malformed unicast peer address[\(word.text)]. Skipping..."
            diagnostics.error("VRRP instance[\(name.value)] \(sentence)", at: word.location)
            return
        }
        unicastPeers.append(Located(address, at: word.location))
        var options = directive.arguments[...]
        while let option = options.popFirst() {
            if ["min_ttl", "max_ttl"].contains(option.text) {
                _ = options.popFirst()
                diagnostics.noteWithoutEffect(option)
            } else {
                let advice = "ignoring; write each peer on a line of its own"
                diagnostics.error("unknown unicast_peer option '\(option.text)' - \(advice)", at: option.location)
            }
        }
    }
}

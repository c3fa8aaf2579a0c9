import VRRPCore
import Wire

/// `vrrp_instance NAME { … }`.
let instanceKeywords = KeywordTable<InstanceDraft>(
    identityRows + electionRows + transportRows + interfaceRows + resourceRows + rowsWithoutEffect
        + Keyword.announcementRows(prefix: "") + Keyword.trackingRows + Keyword.notifyRows
        + Keyword.instanceNotifyRows)

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
                "\(instance.subject)unknown authentication type '\(word.text)'; PASS and AH are known",
                at: word.location)
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
    .integer("version", 2...3, \.version, refusal: "Version must be either 2 or 3:"),
    .toggle("strict_mode", \.isStrict),
    .block("authentication", authenticationKeywords),
]

private let electionRows: [Keyword<InstanceDraft>] = [
    .seconds(
        "advert_int", .milliseconds(10) ... .seconds(255), \.advertisementInterval,
        refusal: "Advert interval not valid!"),
    .limit("learned_interval_cap", 1...255, \.learnedIntervalCap),
    .flag("nopreempt", \.nopreempt),
    .flag("preempt", \.nopreempt, false),
    .seconds("preempt_delay", .zero ... .seconds(1000), \.preemptDelay, refusal: "Preempt_delay not valid!"),
    .integer("down_timer_adverts", 1...100, \.downTimerAdvertisements),
    .toggle("owner_ignore_adverts", \.ownerIgnoresAdvertisements),
    .toggle("lower_prio_no_advert", \.answersNoLowerPriority),
    .toggle("higher_prio_send_advert", \.sendsLastAdvertisement),
    .toggle("skip_check_adv_addr", \.skipsAddressCheck),
]

private let transportRows: [Keyword<InstanceDraft>] = [
    .source("mcast_src_ip", isUnicast: false),
    .source("unicast_src_ip", isUnicast: true),
    .flag("track_src_ip", \.tracksSource),
    Keyword("mcast_dst_ip") { directive, instance, diagnostics in
        guard let word = directive.argument(0, &diagnostics) else { return }
        directive.expectNoMore(after: 1, &diagnostics)
        guard let address = IPAddress(word.text), address.isMulticast else {
            diagnostics.error(
                "\(instance.subject)mcast_dst_ip '\(word.text)' is not a multicast address - ignoring",
                at: word.location)
            return
        }
        instance.multicastGroup = Located(address, at: word.location)
    },
    .lines(
        "unicast_peer",
        opening: { directive, instance, _ in instance.noteUnicast(directive) },
        { directive, instance, diagnostics in instance.addPeer(directive, &diagnostics) }),
    .flag("unicast_fault_no_peer", \.lacksPeersIsFault),
    .integer("unicast_ttl", 0...255, \.unicastHopLimit),
    Keyword("old_unicast_checksum") { directive, instance, _ in
        let isWanted = directive.arguments.first?.text != "never"
        instance.oldChecksum = Located(isWanted, at: directive.keyword.location)
    },
    .toggle("v3_checksum_as_v2", \.checksumOfMessage),
]

private let interfaceRows: [Keyword<InstanceDraft>] = [
    Keyword("use_vmac") { directive, instance, diagnostics in
        let subject = instance.subject
        instance.virtualInterface = .readMACVLAN(directive, subject: subject, &diagnostics)
    },
    Keyword("use_ipvlan") { directive, instance, diagnostics in
        let subject = instance.subject
        instance.virtualInterface = .readIPVLAN(directive, subject: subject, &diagnostics)
    },
    .flag("vmac_xmit_base", \.transmitsOnBase),
    .flag("dont_track_primary", \.ignoresOwnInterface),
]

private let resourceRows: [Keyword<InstanceDraft>] = [
    .lines("virtual_ipaddress") { directive, instance, diagnostics in
        if let line = AddressLine.read(directive, &diagnostics) { instance.addresses.append(line) }
    },
    .lines("virtual_ipaddress_excluded") { directive, instance, diagnostics in
        if let line = AddressLine.read(directive, &diagnostics) { instance.excludedAddresses.append(line) }
    },
    .flag("no_virtual_ipaddress", \.needsNoAddress),
    .seconds("vip_lease", .seconds(1) ... .seconds(86_400), \.lease),
    .lines("virtual_routes") { directive, instance, diagnostics in
        if let line = RouteLine.read(directive, &diagnostics) { instance.routes.append(line) }
    },
    .lines("virtual_rules") { directive, instance, diagnostics in
        if let line = RuleLine.read(directive, &diagnostics) { instance.rules.append(line) }
    },
    .flag("accept", \.accepts),
    .flag("no_accept", \.accepts, false),
    .flag("promote_secondaries", \.promotesSecondaries),
]

private let rowsWithoutEffect: [Keyword<InstanceDraft>] =
    ["check_unicast_src"].accepted("it is always done")
    + ["debug", "native_ipv6", "lvs_sync_daemon_interface"].accepted("keepalived has given it up")
    + ["linkbeat_use_polling"].accepted("the kernel reports the state of links")
    + ["thread_timer_expired", "timer_expired_backup"].accepted("what waits in sockets is heard before timers count")
    + ["kernel_rx_buf_size"].accepted("vrrp_rx_bufs_policy is for all")
    + ["vrf"].accepted("the interface decides")
    + ["use_vmac_addr"].accepted("addresses on other interfaces have the MAC address of their interface")
    + [
        Keyword("auth_hmac", .any, support: .withoutEffect("advertisements bear no HMAC")) {
            word, instance, diagnostics in
            diagnostics.error(
                "\(instance.subject)auth_hmac is not supported by vrrpd: advertisements are not authenticated",
                at: word.keyword.location)
        }
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

    fileprivate mutating func addPeer(_ directive: Directive, _ diagnostics: inout Diagnostics) {
        let word = directive.keyword
        guard let address = IPAddress(word.text) else {
            let sentence = "malformed unicast peer address[\(word.text)]. Skipping..."
            diagnostics.error("VRRP instance[\(name.value)] \(sentence)", at: word.location)
            return
        }
        var peer = PeerLine(address: Located(address, at: word.location))
        var options = directive.arguments[...]
        while let option = options.popFirst() {
            guard ["min_ttl", "max_ttl"].contains(option.text) else {
                let advice = "ignoring; write each peer on a line of its own"
                diagnostics.error("unknown unicast_peer option '\(option.text)' - \(advice)", at: option.location)
                continue
            }
            guard let value = options.popFirst(), let limit = UInt8(value.text) else {
                diagnostics.error("\(option.text) needs a number, 0...255 - ignoring", at: option.location)
                continue
            }
            let (least, most) = (peer.hopLimits?.lowerBound ?? 0, peer.hopLimits?.upperBound ?? 255)
            peer.hopLimits = option.text == "min_ttl" ? limit...max(limit, most) : min(least, limit)...limit
        }
        unicastPeers.append(peer)
    }
}

import VRRPCore
import Wire

/// `global_defs { … }`.
let globalKeywords = KeywordTable<GlobalDraft>(
    identityRows + mailRows + scriptRows + routerRows + Keyword.announcementRows(prefix: "vrrp_") + spacingRows
        + processRows + layoutRows + firewallRows + rowsWithoutEffect + rowsOfOthers)

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

private let processRows: [Keyword<GlobalDraft>] = [
    .integer("vrrp_priority", -20...19, \.process.niceness),
    .integer("vrrp_rt_priority", 1...99, \.process.realTimePriority),
    .integer("vrrp_rlimit_rttime", 1...1_000_000_000, \.process.realTimeLimit),
    .integer("vrrp_rlimit_rtime", 1...1_000_000_000, \.process.realTimeLimit),
    .flag("vrrp_no_swap", \.process.staysInMemory),
    Keyword("vrrp_cpu_affinity") { directive, globals, diagnostics in
        guard directive.argument(0, &diagnostics) != nil else { return }
        for word in directive.arguments {
            if let number = try? Number.integer(word.text, in: 0...4095) {
                globals.process.processors.append(number)
            } else {
                diagnostics.error("vrrp_cpu_affinity '\(word.text)' is not a processor - ignoring", at: word.location)
            }
        }
    },
    .word("process_name", \.process.name, atMost: 15),
    .word("vrrp_process_name", \.process.ownName, atMost: 15),
    Keyword("umask") { directive, globals, diagnostics in
        guard let word = directive.argument(0, &diagnostics) else { return }
        guard let mask = fileModeMask(directive.arguments.map(\.text)) else {
            diagnostics.error(
                "umask '\(word.text)' invalid - ignoring; write it in octal, or as names such as IRGRP with | between",
                at: word.location)
            return
        }
        globals.process.fileModeMask = Located(mask, at: word.location)
    },
    .integer("vrrp_netlink_monitor_rcv_bufs", 1...2_147_483_647, \.process.monitorBufferSize),
    Keyword("vrrp_rx_bufs_policy") { directive, globals, diagnostics in
        guard let word = directive.argument(0, &diagnostics) else { return }
        if ["MTU", "ADVERT", "NO_SEND_RX"].contains(word.text) {
            diagnostics.noteWithoutEffect(directive.keyword, "the kernel's buffers hold thousands of advertisements")
        } else if let size = try? Number.integer(word.text, in: 1...2_147_483_647) {
            globals.process.packetBufferSize = Located(size, at: word.location)
        } else {
            diagnostics.error("Invalid vrrp_rx_bufs_policy '\(word.text)' - ignoring", at: word.location)
        }
    },
]

private let layoutRows: [Keyword<GlobalDraft>] = [
    .optionalWord("net_namespace", \.layout.networkNamespace),
    .word("instance", \.layout.instance),
    .flag("use_pid_dir", \.layout.usesPIDDirectory),
    .flag("data_use_instance", \.layout.dumpsBearInstance),
    .word("state_dump_file", \.layout.stateDumpFile),
    .word("stats_dump_file", \.layout.statisticsDumpFile),
    .word("json_dump_file", \.layout.jsonDumpFile),
    .integer("json_version", 1...2, \.layout.jsonVersion),
]

/// vrrpd always uses nftables, in a table of its own.
private let firewallRows: [Keyword<GlobalDraft>] =
    ["vrrp_iptables", "vrrp_ipsets"].map { name in
        Keyword(name, support: .withoutEffect("nftables is used")) { directive, _, diagnostics in
            diagnostics.warning(
                "iptables not supported, using nftables instead. Please replace '\(name)' with 'nftables' config "
                    + "option",
                at: directive.keyword.location)
        }
    }
    + ["nftables", "nftables_counters", "nftables_ifindex", "nftables_priority"]
    .accepted("rules are made in a table of vrrpd's own as far as they are needed")

private let rowsWithoutEffect: [Keyword<GlobalDraft>] =
    ["vrrp_check_unicast_src"].accepted("it is always done")
    + ["vrrp_delay_after_boot"].accepted("use vrrp_startup_delay, which counts from the start of the daemon")
    + ["reload_check_config"].accepted("a file that cannot be used never takes the place of one that can")
    + ["reload_file", "reload_repeat", "reload_time_file"].accepted("send SIGHUP when the file is to be read")
    + ["max_auto_priority", "min_auto_priority_delay"].accepted("set vrrp_rt_priority where it is needed")
    + ["thread_timer_expired", "timer_expired_backup"].accepted("what waits in sockets is heard before timers count")
    + ["vrrp_netlink_monitor_rcv_bufs_force", "vrrp_netlink_cmd_rcv_bufs", "vrrp_netlink_cmd_rcv_bufs_force"]
    .accepted("losses are noticed and made good")
    + ["vrrp_rx_bufs_multiplier"].accepted("the kernel's buffers hold thousands of advertisements")
    + ["disable_local_igmp"].accepted("the kernel joins the group")
    + ["vmac_addr_prefix"].accepted("see use_vmac_addr")
    + ["iproute_etc_dir", "iproute_usr_dir"].accepted("tables and protocols are written as numbers or well-known names")
    + ["child_wait_time", "net_namespace_ipvs", "process_names"].accepted("there is one process")
    + ["include_check"].accepted("from here on every include must match something")
    + ["linkbeat_use_polling"].accepted("the kernel reports the state of links")
    + ["config_save_dir", "tmp_config_directory", "random_seed", "set_supplementary_groups", "use_symlink_paths"]
    .accepted("nothing depends on it")

private let rowsOfOthers: [Keyword<GlobalDraft>] =
    [
        "bfd_cpu_affinity", "bfd_no_swap", "bfd_priority", "bfd_process_name", "bfd_rlimit_rtime", "bfd_rlimit_rttime",
        "bfd_rt_priority",
    ].skipped("BFD is not part of vrrpd")
    + [
        "checker_cpu_affinity", "checker_log_all_failures", "checker_no_swap", "checker_priority",
        "checker_process_name", "checker_rlimit_rtime", "checker_rlimit_rttime", "checker_rt_priority", "lvs_flush",
        "lvs_flush_onstop", "lvs_flush_on_stop", "lvs_netlink_cmd_rcv_bufs", "lvs_netlink_cmd_rcv_bufs_force",
        "lvs_netlink_monitor_rcv_bufs", "lvs_netlink_monitor_rcv_bufs_force", "lvs_notify_fifo",
        "lvs_notify_fifo_script", "lvs_sync_daemon", "lvs_timeouts", "no_checker_emails", "rs_init_notifies",
        "smtp_alert_checker",
    ].skipped("LVS is not part of vrrpd")
    + [
        "enable_snmp_checker", "enable_snmp_keepalived", "enable_snmp_rfc", "enable_snmp_rfcv2", "enable_snmp_rfcv3",
        "enable_snmp_vrrp", "enable_traps", "snmp_socket",
    ].skipped("SNMP is not part of vrrpd")
    + ["dbus_no_interface_name", "dbus_service_name", "enable_dbus"].skipped("DBus is not part of vrrpd")

/// Reads octal digits, or names of rights as C has them without the `S_`, `IWGRP | IWOTH`.
private func fileModeMask(_ words: [String]) -> Int? {
    if words.count == 1, let mask = Int(words[0], radix: 8), (0...0o777).contains(mask) { return mask }
    let names: [Substring: Int] = [
        "IRUSR": 0o400, "IWUSR": 0o200, "IXUSR": 0o100, "IRWXU": 0o700, "IRGRP": 0o040, "IWGRP": 0o020,
        "IXGRP": 0o010, "IRWXG": 0o070, "IROTH": 0o004, "IWOTH": 0o002, "IXOTH": 0o001, "IRWXO": 0o007,
    ]
    let rights = words.joined(separator: " ").split { $0 == " " || $0 == "|" }.map { names[$0] }
    return rights.reduce(0) { sum, right in sum.flatMap { sum in right.map { sum | $0 } } }
}

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

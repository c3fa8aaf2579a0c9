import VRRPCore

/// What may stand outside of every block.
let outerKeywords = KeywordTable<DaemonDraft>(
    [
        Keyword("global_defs", .block) { directive, daemon, diagnostics in
            directive.expectNoMore(after: 0, &diagnostics)
            let before = daemon.globals
            globalKeywords.apply(directive.block ?? [], to: &daemon.globals, &diagnostics)
            if let instance = daemon.instances.last, daemon.globals.changesDefaults(of: before) {
                diagnostics.warning(
                    "the defaults of this block come too late for vrrp_instance '\(instance.name.value)' and those "
                        + "before it: move global_defs to the beginning",
                    at: directive.keyword.location)
            }
        },
        Keyword("vrrp_script", .block) { directive, daemon, diagnostics in
            guard let name = directive.blockName(.error, &diagnostics) else { return }
            guard !daemon.scripts.contains(where: { $0.name.value == name.value }) else {
                diagnostics.error("vrrp_script \(name.value) already defined - ignoring the block", at: name.location)
                return
            }
            var script = ScriptDraft(name: name)
            scriptKeywords.apply(directive.block ?? [], to: &script, &diagnostics)
            daemon.scripts.append(script)
        },
        Keyword("vrrp_instance", .block) { directive, daemon, diagnostics in
            guard let name = directive.blockName(.fatal, &diagnostics) else { return }
            guard !daemon.instances.contains(where: { $0.name.value == name.value }) else {
                diagnostics.error("vrrp instance \(name.value) already defined - ignoring the block", at: name.location)
                return
            }
            var instance = InstanceDraft(name: name, in: daemon)
            instanceKeywords.apply(directive.block ?? [], to: &instance, &diagnostics)
            daemon.instances.append(instance)
        },
    ],
    accepted: [
        "SSL", "bfd_instance", "child_wait_time", "garp_group", "instance", "interface_up_down_delays",
        "linkbeat_interfaces", "linkbeat_use_polling", "net_namespace", "net_namespace_ipvs", "static_ipaddress",
        "static_routes", "static_rules", "track_file", "track_group", "use_pid_dir", "virtual_server",
        "virtual_server_group", "vrrp_sync_group", "vrrp_track_file", "vrrp_track_process",
    ])

/// Blocks that never stand within another.
let sectionNames: Set = [
    "bfd_instance", "global_defs", "virtual_server", "virtual_server_group", "vrrp_instance", "vrrp_script",
    "vrrp_sync_group", "vrrp_track_process",
]

/// `vrrp_script NAME { … }`.
let scriptKeywords = KeywordTable<ScriptDraft>([
    .command("script", \.command, style: .check),
    .seconds(
        "interval", .microseconds(1) ... .seconds(4294), \.interval,
        refusal: "vrrp script interval must be greater than 0:", fallback: .seconds(1)),
    .seconds(
        "timeout", .microseconds(1) ... .seconds(4294), \.timeout,
        refusal: "vrrp script timeout must be greater than 0:"),
    Keyword("weight") { directive, script, diagnostics in
        let refusal = "vrrp_script \(script.name.value) weight not valid!"
        if let weight = TrackedWeight.read(directive, at: 0, refusal: refusal, &diagnostics) { script.weight = weight }
    },
    .integer("rise", 1...2_147_483_647, \.rise, refusal: "vrrp script rise value invalid,", fallback: 1),
    .integer("fall", 1...2_147_483_647, \.fall, refusal: "vrrp script fall value invalid,", fallback: 1),
    .owner("user", \.user, \.group),
    .flag("init_fail", \.startsFailed),
])

/// `global_defs { … }`.
let globalKeywords = KeywordTable<GlobalDraft>(
    [
        .word("router_id", \.routerID),
        .owner("script_user", \.scriptUser, \.scriptGroup),
        .flag("enable_script_security", \.scriptSecurity),
        .integer("vrrp_version", 2...3, \.version, refusal: "Version must be either 2 or 3:"),
        .word("default_interface", \.defaultInterface),
        .integer("vrrp_down_timer_adverts", 1...100, \.downTimerAdvertisements),
    ] + Keyword.announcementRows(prefix: "vrrp_"),
    accepted: mailKeywords + processKeywords + protocolKeywords + otherServiceKeywords)

private let mailKeywords = [
    "no_checker_emails", "no_email_faults", "notification_email", "notification_email_from", "smtp_alert",
    "smtp_alert_checker", "smtp_alert_vrrp", "smtp_connect_timeout", "smtp_helo_name", "smtp_server",
]

private let processKeywords = [
    "bfd_cpu_affinity", "bfd_no_swap", "bfd_priority", "bfd_process_name", "bfd_rlimit_rtime", "bfd_rlimit_rttime",
    "bfd_rt_priority",
    "checker_cpu_affinity", "checker_no_swap", "checker_priority", "checker_process_name", "checker_rlimit_rtime",
    "checker_rlimit_rttime",
    "checker_rt_priority", "child_wait_time", "config_save_dir", "data_use_instance", "include_check", "instance",
    "iproute_etc_dir", "iproute_usr_dir", "json_dump_file", "json_version", "linkbeat_use_polling", "max_auto_priority",
    "min_auto_priority_delay", "net_namespace", "net_namespace_ipvs", "process_name", "process_names", "random_seed",
    "reload_check_config", "reload_file", "reload_repeat", "reload_time_file", "set_supplementary_groups",
    "shutdown_script", "shutdown_script_timeout", "startup_script", "startup_script_timeout", "state_dump_file",
    "stats_dump_file", "tmp_config_directory", "umask", "use_pid_dir", "use_symlink_paths", "vrrp_cpu_affinity",
    "vrrp_no_swap", "vrrp_priority", "vrrp_process_name", "vrrp_rlimit_rtime", "vrrp_rlimit_rttime", "vrrp_rt_priority",
]

private let protocolKeywords = [
    "disable_local_igmp", "dynamic_interfaces", "fifo_write_vrrp_states_on_reload", "log_unknown_vrids", "nftables",
    "nftables_counters", "nftables_ifindex", "nftables_priority", "notify_fifo", "notify_fifo_script",
    "thread_timer_expired", "timer_expired_backup", "v3_checksum_as_v2", "vmac_addr_prefix", "vmac_prefix",
    "vrrp_check_unicast_src", "vrrp_delay_after_boot", "vrrp_garp_extra_if", "vrrp_garp_interval", "vrrp_gna_interval",
    "vrrp_higher_prio_send_advert", "vrrp_ipsets", "vrrp_iptables", "vrrp_lower_prio_no_advert", "vrrp_mcast_group4",
    "vrrp_mcast_group6", "vrrp_min_garp", "vrrp_netlink_cmd_rcv_bufs", "vrrp_netlink_cmd_rcv_bufs_force",
    "vrrp_netlink_monitor_rcv_bufs", "vrrp_netlink_monitor_rcv_bufs_force", "vrrp_notify_fifo",
    "vrrp_notify_fifo_script", "vrrp_notify_priority_changes", "vrrp_owner_ignore_adverts", "vrrp_rx_bufs_multiplier",
    "vrrp_rx_bufs_policy", "vrrp_skip_check_adv_addr", "vrrp_startup_delay", "vrrp_strict",
]

private let otherServiceKeywords = [
    "checker_log_all_failures", "dbus_no_interface_name", "dbus_service_name", "enable_dbus", "enable_snmp_checker",
    "enable_snmp_keepalived", "enable_snmp_rfc", "enable_snmp_rfcv2", "enable_snmp_rfcv3", "enable_snmp_vrrp",
    "enable_traps", "lvs_flush", "lvs_flush_onstop", "lvs_netlink_cmd_rcv_bufs",
    "lvs_netlink_cmd_rcv_bufs_force", "lvs_netlink_monitor_rcv_bufs", "lvs_netlink_monitor_rcv_bufs_force",
    "lvs_notify_fifo", "lvs_notify_fifo_script", "lvs_sync_daemon", "lvs_timeouts", "rs_init_notifies", "snmp_socket",
]

extension Directive {
    /// The one word after a keyword that opens a named block.
    fileprivate func blockName(
        _ severity: Diagnostic.Severity, _ diagnostics: inout Diagnostics
    ) -> Located<String>? {
        if let name = arguments.first, arguments.count == 1 { return Located(name.text, at: name.location) }
        let problem = "\(keyword.text) must have a name of one word - ignoring the block"
        diagnostics.report(Diagnostic(severity, problem, at: arguments.last?.location ?? keyword.location))
        return nil
    }
}

// The rows of `global_defs` that are known and without effect, or of other services.

/// vrrpd always uses nftables, in a table of its own.
let globalFirewallRows: [Keyword<GlobalDraft>] =
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

let globalRowsWithoutEffect: [Keyword<GlobalDraft>] =
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
    + ["vmac_addr_prefix"].accepted("use_vmac_addr has no effect")
    + ["iproute_etc_dir", "iproute_usr_dir"].accepted("tables and protocols are written as numbers or well-known names")
    + ["child_wait_time", "net_namespace_ipvs", "process_names"].accepted("there is one process")
    + ["include_check"].accepted("from here on every include must match something")
    + ["linkbeat_use_polling"].accepted("the kernel reports the state of links")
    + ["config_save_dir", "tmp_config_directory", "random_seed", "set_supplementary_groups", "use_symlink_paths"]
    .accepted("nothing depends on it")

let globalRowsOfOthers: [Keyword<GlobalDraft>] =
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

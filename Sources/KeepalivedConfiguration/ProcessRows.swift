// The rows of `global_defs` about the process, and about where it shows itself.

let processRows: [Keyword<GlobalDraft>] = [
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

let layoutRows: [Keyword<GlobalDraft>] = [
    .optionalWord("net_namespace", \.layout.networkNamespace),
    .word("instance", \.layout.instance),
    .flag("use_pid_dir", \.layout.usesPIDDirectory),
    .flag("data_use_instance", \.layout.dumpsBearInstance),
    .word("state_dump_file", \.layout.stateDumpFile),
    .word("stats_dump_file", \.layout.statisticsDumpFile),
    .word("json_dump_file", \.layout.jsonDumpFile),
    .integer("json_version", 1...2, \.layout.jsonVersion),
]

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

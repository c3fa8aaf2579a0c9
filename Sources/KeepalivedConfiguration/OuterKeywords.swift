import VRRPCore

/// What may stand outside of every block.
let outerKeywords = KeywordTable<DaemonDraft>(
    blockRows + staticRows + interfaceRows + scalarRows + rowsOfOthers)

/// Blocks that never stand within another.
let sectionNames: Set = [
    "bfd_instance", "garp_group", "global_defs", "virtual_server", "virtual_server_group", "vrrp_instance",
    "vrrp_script", "vrrp_sync_group", "vrrp_track_process",
]

private let blockRows: [Keyword<DaemonDraft>] = [
    Keyword("global_defs", .block) { directive, daemon, diagnostics in
        directive.expectNoMore(after: 0, &diagnostics)
        let before = daemon.globals
        globalKeywords.apply(directive.block ?? [], to: &daemon.globals, &diagnostics)
        if let instance = daemon.instances.last, daemon.globals.changesDefaults(of: before) {
            diagnostics.advice(
                "the defaults of this block come too late for vrrp_instance '\(instance.name.value)' and those "
                    + "before it: move global_defs to the beginning",
                at: directive.keyword.location)
        }
    },
    Keyword("vrrp_script", .block) { directive, daemon, diagnostics in
        guard let name = daemon.newName(of: directive, twice: .advice, &diagnostics) else { return }
        var script = ScriptDraft(name: name)
        scriptKeywords.apply(directive.block ?? [], to: &script, &diagnostics)
        daemon.scripts.append(script)
    },
    trackFile("track_file"),
    trackFile("vrrp_track_file"),
    Keyword("vrrp_track_process", .block) { directive, daemon, diagnostics in
        guard let name = daemon.newName(of: directive, &diagnostics) else { return }
        var process = TrackProcessDraft(name: name)
        trackProcessKeywords.apply(directive.block ?? [], to: &process, &diagnostics)
        daemon.processes.append(process)
    },
    Keyword("vrrp_sync_group", .block) { directive, daemon, diagnostics in
        guard let name = daemon.newName(of: directive, &diagnostics) else { return }
        var group = SyncGroupDraft(name: name, definitions: daemon.definitions)
        syncGroupKeywords.apply(directive.block ?? [], to: &group, &diagnostics)
        daemon.groups.append(group)
    },
    Keyword("vrrp_instance", .block) { directive, daemon, diagnostics in
        guard let name = daemon.newName(of: directive, unnamed: .fatal, &diagnostics) else { return }
        var instance = InstanceDraft(name: name, in: daemon)
        instanceKeywords.apply(directive.block ?? [], to: &instance, &diagnostics)
        daemon.instances.append(instance)
    },
]

/// The second name is the older one.
private func trackFile(_ keyword: String) -> Keyword<DaemonDraft> {
    Keyword(keyword, .block) { directive, daemon, diagnostics in
        guard let name = daemon.newName(of: directive, &diagnostics) else { return }
        var file = TrackFileDraft(name: name)
        trackFileKeywords.apply(directive.block ?? [], to: &file, &diagnostics)
        daemon.files.append(file)
    }
}

private let staticRows: [Keyword<DaemonDraft>] = [
    .lines("static_ipaddress") { directive, daemon, diagnostics in
        if let line = AddressLine.read(directive, &diagnostics) { daemon.staticAddresses.append(line) }
    },
    .lines("static_routes") { directive, daemon, diagnostics in
        if let line = RouteLine.read(directive, &diagnostics) { daemon.staticRoutes.append(line) }
    },
    .lines("static_rules") { directive, daemon, diagnostics in
        if let line = RuleLine.read(directive, &diagnostics) { daemon.staticRules.append(line) }
    },
    .accepted("track_group", "what is static is put back when it is lost, and no instance waits for it"),
]

private let interfaceRows: [Keyword<DaemonDraft>] = [
    Keyword("garp_group", .block) { directive, daemon, diagnostics in
        var group = SpacingGroupDraft()
        spacingGroupKeywords.apply(directive.block ?? [], to: &group, &diagnostics)
        if group.arp == nil, group.neighbor == nil {
            diagnostics.warning(
                "garp group \(daemon.spacingGroups.count + 1) does not have any delay set - removing",
                at: directive.keyword.location)
        } else {
            daemon.spacingGroups.append(group)
        }
    },
    .lines("interface_up_down_delays") { directive, daemon, diagnostics in
        let range: ClosedRange<Duration> = .zero ... .seconds(255)
        var delays: [Duration] = []
        for word in directive.arguments.prefix(2) {
            do throws(NumberRefusal) {
                delays.append(try Number.seconds(word.text, in: range))
            } catch {
                diagnostics.error("interface_up_down_delays: \(error.reason) - ignoring the line", at: word.location)
                return
            }
        }
        guard let down = delays.first, let up = delays.last else {
            diagnostics.error(
                "interface_up_down_delays: \(directive.keyword.text) has no delay - ignoring the line",
                at: directive.keyword.location)
            return
        }
        directive.expectNoMore(after: 2, &diagnostics)
        let name = Located(directive.keyword.text, at: directive.keyword.location)
        daemon.interfaceDelays.append((name, InterfaceDelay(down: down, up: up)))
    },
    .accepted("linkbeat_interfaces", "the kernel reports the state of links"),
]

/// Words that `global_defs` knows too.
private let scalarRows: [Keyword<DaemonDraft>] = [
    .optionalWord("net_namespace", \.globals.layout.networkNamespace),
    .word("instance", \.globals.layout.instance),
    .flag("use_pid_dir", \.globals.layout.usesPIDDirectory),
    .accepted("net_namespace_ipvs", "LVS is not part of vrrpd"),
    .accepted("child_wait_time", "there is one process"),
    .accepted("linkbeat_use_polling", "the kernel reports the state of links"),
]

private let rowsOfOthers: [Keyword<DaemonDraft>] =
    [
        Keyword("bfd_instance", .block, support: .skipped("BFD is not part of vrrpd")) { directive, _, diagnostics in
            diagnostics.noteWithoutEffect(directive.keyword, "BFD is not part of vrrpd")
            SkippedBlock(directive).checkBFD(&diagnostics)
        },
        Keyword("virtual_server", .any, support: .skipped("LVS is not part of vrrpd")) { directive, _, diagnostics in
            diagnostics.noteWithoutEffect(directive.keyword, "LVS is not part of vrrpd")
            SkippedBlock(directive).checkVirtualServer(&diagnostics)
        },
    ] + ["SSL", "virtual_server_group"].skipped("LVS is not part of vrrpd")

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
        if let weight = TrackedWeight.read(directive, at: 0, in: -253...253, refusal: refusal, &diagnostics) {
            script.weight = weight
        }
    },
    .integer("rise", 1...2_147_483_647, \.rise, refusal: "vrrp script rise value invalid,", fallback: 1),
    .integer("fall", 1...2_147_483_647, \.fall, refusal: "vrrp script fall value invalid,", fallback: 1),
    .owner("user", \.user, \.group),
    .flag("init_fail", \.startsFailed),
])

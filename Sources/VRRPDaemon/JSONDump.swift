import KeepalivedConfiguration
import VRRPCore
import Wire

/// The text of `keepalived.json`, with the names and kinds of keepalived 2.2.7, which monitoring programs read.
struct JSONDump {
    var state: StateDump

    /// nil when there is no virtual router: then keepalived writes no file.
    ///
    /// - Parameter version: 1 is the list of virtual routers, 2 an object around it (`json_version`).
    func text(version: Int) -> String? {
        guard !state.routers.isEmpty else { return nil }
        let routers = JSONValue.array(
            state.routers.map { .object(["data": data(of: $0), "stats": statistics($0.statistics)]) })
        guard version >= 2 else { return routers.text + "\n" }
        let processes = state.configuration.processes.map { kind in
            JSONValue.object([
                "name": .string(kind.name), "process": .string(kind.program),
                "num_cur_proc": .integer(state.processCounts[kind.name] ?? 0),
            ])
        }
        return JSONValue.object(["vrrp": routers, "track_process": .array(processes)]).text + "\n"
    }

    private func data(of router: VirtualRouter) -> JSONValue {
        var members: [JSONValue.Member] = []
        for part in [identity(of: router), timing(of: router), standing(of: router)] {
            guard case .object(let some) = part else { continue }
            members += some
        }
        return .object(members + scripts(of: router) + resources(of: router) + authentication(of: router))
    }

    private func identity(of router: VirtualRouter) -> JSONValue {
        let told = router.configuration
        var masterPriority = 0
        if case .backup(let backup) = router.state, let master = backup.master {
            masterPriority = Int(master.priority.rawValue)
        }
        return .object([
            "iname": .string(told.name), "dont_track_primary": flag(told.ignoresOwnInterface),
            "skip_check_adv_addr": flag(told.skipsAddressCheck), "strict_mode": flag(told.isStrict),
            "vmac_ifname": .string(told.virtualInterface?.name ?? ""), "ifp_ifname": .string(told.interface),
            "master_priority": .integer(masterPriority), "last_transition": lastTransition(of: router),
        ])
    }

    private func timing(of router: VirtualRouter) -> JSONValue {
        let told = router.configuration
        let policy = told.announcement
        var masterInterval = told.advertisementInterval
        if case .backup(let backup) = router.state { masterInterval = backup.masterInterval }
        return .object([
            "garp_delay": .integer(state.seconds(policy.delay)),
            "garp_refresh": .integer(policy.refresh.map { state.seconds($0) } ?? 0),
            "garp_rep": .integer(policy.repeatCount), "garp_refresh_rep": .integer(policy.refreshRepeatCount),
            "garp_lower_prio_delay": .integer(state.seconds(policy.lowerPriorityDelay ?? policy.delay)),
            "garp_lower_prio_rep": .integer(policy.lowerPriorityRepeatCount ?? policy.repeatCount),
            "lower_prio_no_advert": flag(!told.answersLowerPriority),
            "higher_prio_send_advert": flag(told.sendsLastAdvertisement), "vrid": .integer(told.virtualRouterID),
            "base_priority": .integer(told.priority.rawValue),
            "effective_priority": .integer(router.effectivePriority.rawValue),
            "vipset": .bool(told.addresses.contains { state.installed.contains($0) }),
            "promote_secondaries": .bool(told.promotesSecondaries), "adver_int": decimal(told.advertisementInterval),
            "master_adver_int": decimal(masterInterval),
        ])
    }

    private func standing(of router: VirtualRouter) -> JSONValue {
        let told = router.configuration
        return .object([
            "accept": flag(told.accepts), "nopreempt": .bool(!told.preempts),
            "preempt_delay": .integer(state.seconds(told.preemptDelay)), "state": number(of: router.state),
            "wantstate": number(of: router.state), "version": .integer(told.version.rawValue),
            "smtp_alert": .bool(state.configuration.mailedRouters.contains(told.name)),
            "notify_deleted": .bool(told.notifiesDeletion),
        ])
    }

    private func scripts(of router: VirtualRouter) -> [JSONValue.Member] {
        let scripts = state.notifications[router.configuration.name]
        let named: [(String, PreparedScript?)] = [
            ("script_backup", scripts?.specific[.backup]), ("script_master", scripts?.specific[.master]),
            ("script_fault", scripts?.specific[.fault]), ("script_stop", scripts?.specific[.stop]),
            ("script_deleted", scripts?.specific[.deleted]),
            ("script_master_rx_lower_pri", scripts?.specific[.receivedLowerPriority]), ("script", scripts?.generic),
        ]
        return named.compactMap { name, script in
            script.map { JSONValue.Member(name: name, value: .string(state.command($0))) }
        }
    }

    private func resources(of router: VirtualRouter) -> [JSONValue.Member] {
        let told = router.configuration
        let commands = Dictionary(state.scripts.map { ($0.name, state.command($0.script)) }) { first, _ in first }
        let lists: [(String, [String])] = [
            ("vips", told.addresses.map { state.text(of: $0) }),
            ("evips", told.excludedAddresses.map { state.text(of: $0) }),
            ("vroutes", told.routes.map { state.text(of: $0) }), ("vrules", told.rules.map { state.text(of: $0) }),
            ("track_ifp", told.trackedInterfaces.map(\.name)),
            ("track_script", told.trackedScripts.map { commands[$0.name] ?? $0.name }),
        ]
        return lists.filter { !$0.1.isEmpty }.map { JSONValue.Member(name: $0.0, value: .strings($0.1)) }
    }

    /// The secret itself is nobody's business.
    private func authentication(of router: VirtualRouter) -> [JSONValue.Member] {
        let type =
            switch router.configuration.authentication {
            case .none: 0
            case .password: 1
            case .header: 2
            }
        let kind = JSONValue.Member(name: "auth_type", value: .integer(type))
        return type == 0 ? [kind] : [kind, JSONValue.Member(name: "auth_data", value: .string("********"))]
    }

    private func statistics(_ statistics: Statistics) -> JSONValue {
        func discards(_ counter: Discard.Counter) -> JSONValue { .integer(statistics.discards[counter] ?? 0) }
        return .object([
            "advert_rcvd": .integer(statistics.advertisementsReceived),
            "advert_sent": .integer(statistics.advertisementsSent),
            "become_master": .integer(statistics.becameMaster),
            "release_master": .integer(statistics.releasedMaster), "packet_len_err": discards(.length),
            "advert_interval_err": discards(.interval), "ip_ttl_err": discards(.hopLimit),
            "invalid_type_rcvd": discards(.type), "addr_list_err": discards(.addressList),
            "invalid_authtype": discards(.authenticationType), "authtype_mismatch": discards(.authenticationMismatch),
            "auth_failure": discards(.authenticationFailure),
            "pri_zero_rcvd": .integer(statistics.priorityZeroReceived),
            "pri_zero_sent": .integer(statistics.priorityZeroSent),
        ])
    }

    private func lastTransition(of router: VirtualRouter) -> JSONValue {
        guard let instant = router.lastTransition else { return .number("0.000000") }
        let (seconds, fraction) = state.realTime(of: instant)
        return .number("\(seconds)\(fraction)")
    }

    /// Seconds, in as many digits as it takes: whole centiseconds come in.
    private func decimal(_ duration: Duration) -> JSONValue {
        let (seconds, rest) = duration.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        return .number(rest == 0 ? "\(seconds)" : "\(duration.inSeconds)")
    }

    private func flag(_ value: Bool) -> JSONValue { .integer(value ? 1 : 0) }

    /// keepalived's numbers: 0 INIT, 1 BACKUP, 2 MASTER, 3 FAULT.
    private func number(of state: VirtualRouter.State) -> JSONValue {
        switch state {
        case .initialize: .integer(state.isFault ? 3 : 0)
        case .backup: .integer(1)
        case .active: .integer(2)
        }
    }
}

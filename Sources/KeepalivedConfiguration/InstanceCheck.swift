import VRRPCore
import Wire

extension InstanceDraft {
    /// The virtual router that a draft stands for, with keepalived's defaults and its rules between keywords; nil when
    /// it cannot run.
    func checked(
        _ globals: GlobalDraft, _ known: KnownItems, _ diagnostics: inout Diagnostics
    ) -> VirtualRouterConfiguration? {
        // An instance that cannot run is checked to the end all the same: one run reports every problem.
        let identity = identity(globals, &diagnostics)
        let family =
            addresses.first?.prefix.address.family ?? sourceAddress?.value.family
            ?? unicastPeers.first?.address.value.family ?? .ipv4
        var router = VirtualRouterConfiguration(
            name: name.value, version: version(for: family, globals, &diagnostics), family: family,
            interface: identity?.interface ?? "", virtualRouterID: identity?.virtualRouterID ?? 0,
            priority: checkedPriority(&diagnostics))
        router.isStrict = isStrict(globals)
        router.startsAsMaster = startsAsMaster(router, &diagnostics)
        router.advertisementInterval = interval(for: router.version, &diagnostics)
        setDefaults(of: &router, globals)
        setPreemption(of: &router, &diagnostics)
        let hasTransport = setTransport(of: &router, globals, &diagnostics)
        setVirtualInterface(of: &router, globals, &diagnostics)
        setAddresses(of: &router, &diagnostics)
        setTracking(of: &router, known, &diagnostics)
        router.authentication = authentication(for: router, &diagnostics)
        let obeys = applyStrictness(to: &router, globals, &diagnostics)
        let hasAddress = hasAddress(router, &diagnostics)
        return identity != nil && hasTransport && obeys && hasAddress ? router : nil
    }

    private func isStrict(_ globals: GlobalDraft) -> Bool {
        (isStrict ?? globals.isStrict)?.value ?? false
    }

    /// What an instance says for itself counts more than what is said for all.
    private func setDefaults(of router: inout VirtualRouterConfiguration, _ globals: GlobalDraft) {
        router.downTimerAdvertisements = downTimerAdvertisements?.value ?? 3
        router.announcement = announcement
        router.skipsAddressCheck = (skipsAddressCheck ?? globals.skipsAddressCheck)?.value ?? false
        router.answersLowerPriority = (answersNoLowerPriority ?? globals.answersNoLowerPriority)?.value != true
        router.sendsLastAdvertisement = (sendsLastAdvertisement ?? globals.sendsLastAdvertisement)?.value ?? true
        router.ownerIgnoresAdvertisements =
            (ownerIgnoresAdvertisements ?? globals.ownerIgnoresAdvertisements)?.value ?? false
        router.notifiesPriorityChanges =
            (notify.priorityChanges ?? globals.notifiesPriorityChanges)?.value ?? false
        router.notifiesDeletion = notify.tellsDeletion?.value ?? false
        router.addressLease = (lease ?? globals.lease)?.value
        router.accepts = accepts?.value ?? true
        if let cap = (learnedIntervalCap ?? globals.learnedIntervalCap)?.value {
            router.learnedIntervalCap = cap == 0 ? nil : cap
        }
    }

    private func identity(
        _ globals: GlobalDraft, _ diagnostics: inout Diagnostics
    ) -> (interface: String, virtualRouterID: UInt8)? {
        let interface = interface ?? globals.defaultInterface
        if interface == nil {
            let reason = unicastPeers.isEmpty ? "" : "; vrrpd needs it for peers too"
            diagnostics.fatal("\(subject)Unknown interface! Add 'interface NAME'\(reason)", at: name.location)
        } else if let interface, interface.value == "lo" {
            diagnostics.fatal("\(subject)cannot use a loopback interface", at: interface.location)
        }
        if virtualRouterID == nil {
            diagnostics.fatal("\(subject)the virtual router id must be set", at: name.location)
        }
        guard let interface, interface.value != "lo", let id = virtualRouterID.flatMap({ UInt8(exactly: $0.value) })
        else { return nil }
        return (interface.value, id)
    }

    /// keepalived never applies `vrrp_version` to IPv6.
    private func version(
        for family: AddressFamily, _ globals: GlobalDraft, _ diagnostics: inout Diagnostics
    ) -> VRRPVersion {
        let standard = family == .ipv6 ? 3 : globals.version?.value ?? 2
        guard family == .ipv6, isStrict(globals), let version, version.value == 2 else {
            return (version?.value ?? standard) == 3 ? .v3 : .v2
        }
        diagnostics.warning(
            "\(subject)IPv6 in strict mode is VRRP version 3 - ignoring version 2", at: version.location)
        return .v3
    }

    private func startsAsMaster(_ router: VirtualRouterConfiguration, _ diagnostics: inout Diagnostics) -> Bool {
        let isOwner = router.priority.isOwner
        let isWanted = state?.value == .master || state == nil && isOwner
        if router.isStrict, isWanted != isOwner {
            diagnostics.warning(
                "\(subject)State MASTER must match being address owner", at: state?.location ?? name.location)
            return isOwner
        }
        if authenticationType?.value == .header, router.version == .v2, isWanted, !isOwner {
            diagnostics.warning(
                "\(subject)Initial state master is incompatible with AH authentication - clearing",
                at: state?.location ?? name.location)
            return false
        }
        return isWanted
    }

    private func checkedPriority(_ diagnostics: inout Diagnostics) -> Priority {
        if let priority { return UInt8(exactly: priority.value).flatMap { Priority($0) } ?? .standard }
        guard let state, state.value == .master else { return .standard }
        diagnostics.advice(
            "\(subject)state MASTER without a priority means priority 255, the owner of the addresses: set a priority",
            at: state.location)
        return .owner
    }

    private func interval(for version: VRRPVersion, _ diagnostics: inout Diagnostics) -> Duration {
        guard let advertisementInterval else { return .seconds(1) }
        let written = advertisementInterval.value
        let location = advertisementInterval.location
        let unit: Duration = version == .v2 ? .seconds(1) : .milliseconds(10)
        let rounded = max(unit, unit * Int((written + unit / 2) / unit))
        switch version {
        case .v2 where rounded != written:
            diagnostics.warning(
                "\(subject)VRRPv2 advertisement interval \(Number.decimal(written))s must be an integer. rounding "
                    + "to \(rounded.components.seconds)s", at: location)
        case .v3 where rounded > .milliseconds(40_950):
            diagnostics.warning(
                "\(subject)VRRPv3 advertisement interval \(Number.decimal(written))s is out of range. "
                    + "Must be less than 40.96s. Setting to 40.95s", at: location)
            return .milliseconds(40_950)
        case .v3 where rounded != written:
            diagnostics.warning(
                "\(subject)VRRPv3 advertisement interval \(Number.decimal(written))s must be in units of 10ms - "
                    + "rounding to \(Number.decimal(rounded))s", at: location)
        case .v2, .v3:
            break
        }
        return rounded
    }

    private func setPreemption(of router: inout VirtualRouterConfiguration, _ diagnostics: inout Diagnostics) {
        if let nopreempt, nopreempt.value {
            if router.priority.isOwner {
                diagnostics.warning(
                    "\(subject)nopreempt is incompatible with priority 255. resetting nopreempt",
                    at: nopreempt.location)
            } else if router.startsAsMaster {
                diagnostics.warning(
                    "\(subject)Warning - nopreempt will not work with initial state MASTER - clearing",
                    at: nopreempt.location)
            } else {
                router.preempts = false
            }
        }
        guard let preemptDelay, preemptDelay.value > .zero else { return }
        if router.startsAsMaster {
            diagnostics.warning(
                "\(subject)Warning - preempt delay will not work with initial state MASTER - clearing",
                at: preemptDelay.location)
        } else if !router.preempts {
            diagnostics.warning(
                "\(subject)preempt_delay is incompatible with nopreempt mode - resetting", at: preemptDelay.location)
        } else {
            router.preemptDelay = preemptDelay.value
        }
    }
}

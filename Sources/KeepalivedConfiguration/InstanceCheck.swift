import VRRPCore
import Wire

extension InstanceDraft {
    /// The virtual router that a draft stands for, with keepalived's defaults and its rules between keywords; nil when
    /// it cannot run.
    func checked(
        _ globals: GlobalDraft, _ scripts: [ScriptDraft], _ diagnostics: inout Diagnostics
    ) -> VirtualRouterConfiguration? {
        // An instance that cannot run is checked to the end all the same: one run reports every problem.
        let identity = identity(globals, &diagnostics)
        let family =
            addresses.first?.prefix.address.family ?? sourceAddress?.value.family
            ?? unicastPeers.first?.value.family ?? .ipv4
        var router = VirtualRouterConfiguration(
            name: name.value, version: version(for: family, globals), family: family,
            interface: identity?.interface ?? "", virtualRouterID: identity?.virtualRouterID ?? 0,
            priority: checkedPriority(&diagnostics))
        router.startsAsMaster = state?.value == .master || state == nil && router.priority.isOwner
        router.advertisementInterval = interval(for: router.version, &diagnostics)
        router.downTimerAdvertisements = downTimerAdvertisements?.value ?? 3
        router.announcement = announcement
        setPreemption(of: &router, &diagnostics)
        setTransport(of: &router, &diagnostics)
        setAddresses(of: &router, &diagnostics)
        setTracking(of: &router, scripts, &diagnostics)
        let authentication = authentication(for: router.version, &diagnostics)
        let hasAddress = hasAddress(router, &diagnostics)
        guard identity != nil, hasAddress, let method = authentication else { return nil }
        router.authentication = method
        return router
    }

    private func identity(
        _ globals: GlobalDraft, _ diagnostics: inout Diagnostics
    ) -> (interface: String, virtualRouterID: UInt8)? {
        let interface = interface ?? globals.defaultInterface
        if interface == nil {
            diagnostics.fatal("\(subject)Unknown interface! Add 'interface NAME'", at: name.location)
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
    private func version(for family: AddressFamily, _ globals: GlobalDraft) -> VRRPVersion {
        let standard = family == .ipv6 ? 3 : globals.version?.value ?? 2
        return (version?.value ?? standard) == 3 ? .v3 : .v2
    }

    private func checkedPriority(_ diagnostics: inout Diagnostics) -> Priority {
        if let priority { return UInt8(exactly: priority.value).flatMap { Priority($0) } ?? .standard }
        guard let state, state.value == .master else { return .standard }
        diagnostics.warning(
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

    /// nil when the router would have to speak without the authentication that its peers demand.
    private func authentication(
        for version: VRRPVersion, _ diagnostics: inout Diagnostics
    ) -> AdvertisementAuthentication? {
        guard let type = authenticationType else {
            if let password {
                diagnostics.warning("\(subject)auth_pass without auth_type: no authentication", at: password.location)
            }
            return AdvertisementAuthentication.none
        }
        guard let password else {
            diagnostics.warning(
                "\(subject)Authentication specified but no password given. Ignoring", at: type.location)
            return AdvertisementAuthentication.none
        }
        let octets = Array(password.value.utf8)
        if octets.count > 8 {
            diagnostics.warning("Truncating auth_pass to 8 characters", at: password.location)
        }
        if version == .v3 {
            diagnostics.warning(
                "\(subject)VRRP version 3 does not support authentication. Ignoring.", at: type.location)
            return AdvertisementAuthentication.none
        }
        if type.value == .header {
            diagnostics.fatal("\(subject)auth_type AH is not supported by vrrpd; use PASS", at: type.location)
            return nil
        }
        return .password(octets.prefix(8) + Array(repeating: 0, count: max(0, 8 - octets.count)))
    }
}

import VRRPCore
import Wire

// How an instance's advertisements travel.
extension InstanceDraft {
    /// False when the router could not speak at all.
    func setTransport(
        of router: inout VirtualRouterConfiguration, _ globals: GlobalDraft, _ diagnostics: inout Diagnostics
    ) -> Bool {
        if let sourceAddress, matches(sourceAddress, router, &diagnostics) {
            router.sourceAddress = sourceAddress.value
        }
        router.tracksSourceAddress = tracksSource?.value ?? false
        router.ignoresOwnInterface = ignoresOwnInterface?.value ?? false
        setPeers(of: &router, &diagnostics)
        let standard = router.family == .ipv4 ? globals.group4 : globals.group6
        router.multicastGroup = standard?.value
        if let multicastGroup, matches(multicastGroup, router, &diagnostics) {
            router.multicastGroup = multicastGroup.value
        }
        let isOld = oldChecksum?.value ?? false
        let isMessageOnly = (checksumOfMessage ?? globals.checksumOfMessage)?.value ?? false
        if isOld, !router.unicastPeers.isEmpty { router.checksumCoverage = .pseudoHeaderToGroup }
        if isMessageOnly { router.checksumCoverage = .message }
        guard router.isStrict, let first = router.unicastPeers.isEmpty ? nil : unicastPeers.first else { return true }
        diagnostics.fatal(
            "\(subject)Unicast peers are not supported in strict mode: take vrrp_strict out of global_defs",
            at: first.address.location)
        return false
    }

    private func setPeers(of router: inout VirtualRouterConfiguration, _ diagnostics: inout Diagnostics) {
        var known: Set<IPAddress> = []
        for peer in unicastPeers where matches(peer.address, router, &diagnostics) {
            guard known.insert(peer.address.value).inserted else {
                let sentence = "peer \(peer.address.value) is listed twice - ignoring"
                diagnostics.advice(subject + sentence, at: peer.address.location)
                continue
            }
            router.unicastPeers.append(peer.address.value)
            router.peerHopLimits[peer.address.value] = peer.hopLimits
        }
        if let unicastHopLimit {
            if router.unicastPeers.isEmpty {
                diagnostics.warning(
                    "\(subject)Cannot specify unicast_ttl without unicast peers - resetting",
                    at: unicastHopLimit.location)
            } else {
                router.unicastHopLimit = UInt8(exactly: unicastHopLimit.value)
            }
        }
        guard router.unicastPeers.isEmpty, let unicastKeyword else { return }
        router.lacksPeers = lacksPeersIsFault?.value ?? false
        let consequence = router.lacksPeers ? "Setting FAULT" : "Defaulting to multicast. This usage is deprecated"
        diagnostics.warning(
            "\(subject)A unicast keyword has been specified without any unicast peers. \(consequence)",
            at: unicastKeyword)
    }

    private func matches(
        _ address: Located<IPAddress>, _ router: VirtualRouterConfiguration, _ diagnostics: inout Diagnostics
    ) -> Bool {
        if address.value.family == router.family { return true }
        reportFamily(of: address.value.description, at: address.location, &diagnostics)
        return false
    }

    func reportFamily(of text: String, at location: SourceLocation, _ diagnostics: inout Diagnostics) {
        diagnostics.error("\(subject)address family must match VRRP instance [\(text)] - ignoring", at: location)
    }

    func setVirtualInterface(
        of router: inout VirtualRouterConfiguration, _ globals: GlobalDraft, _ diagnostics: inout Diagnostics
    ) {
        router.promotesSecondaries = promotesSecondaries?.value ?? false
        guard let virtualInterface else {
            if let transmitsOnBase {
                diagnostics.warning(
                    "\(subject)vmac_xmit_base is only meaningful with use_vmac - ignoring", at: transmitsOnBase.location
                )
            }
            return
        }
        var transmits = transmitsOnBase?.value ?? false
        if !router.unicastPeers.isEmpty, !transmits {
            diagnostics.warning(
                "\(subject)unicast with use_vmac requires vmac_xmit_base - setting", at: virtualInterface.location)
            transmits = true
        }
        if let promotesSecondaries {
            diagnostics.warning(
                "\(subject)promote_secondaries is automatically set for vmacs - ignoring",
                at: promotesSecondaries.location)
            router.promotesSecondaries = false
        }
        let interface = virtualInterface.checked(
            for: router, prefix: globals.interfacePrefix?.value ?? "vrrp", transmitsOnBase: transmits)
        router.virtualInterface = interface
        guard case .ipvlan(let own?) = interface.kind else { return }
        if own.address.family == router.family {
            router.sourceAddress = router.sourceAddress ?? own.address
        } else {
            reportFamily(of: own.description, at: virtualInterface.location, &diagnostics)
            router.virtualInterface?.kind = .ipvlan(nil)
        }
    }
}

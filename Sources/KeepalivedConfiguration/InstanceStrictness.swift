import VRRPCore
import Wire

// What follows from `vrrp_strict`: keepalived takes back every addition of its own.
extension InstanceDraft {
    /// False when the router cannot run under the RFC's rules.
    func applyStrictness(
        to router: inout VirtualRouterConfiguration, _ globals: GlobalDraft, _ diagnostics: inout Diagnostics
    ) -> Bool {
        guard router.isStrict else { return true }
        if accepts == nil { router.accepts = router.priority.isOwner }
        router.answersLowerPriority = false
        router.sendsLastAdvertisement = false
        let answers = answersNoLowerPriority ?? globals.answersNoLowerPriority
        if let answers, !answers.value {
            reset("lower_prio_no_advert must be true", answers.location, &diagnostics)
        }
        let sends = sendsLastAdvertisement ?? globals.sendsLastAdvertisement
        if let sends, sends.value {
            reset("higher_prio_send_advert must be false", sends.location, &diagnostics)
        }
        if let preemptDelay, router.preemptDelay > .zero {
            reset("preempt_delay is not supported", preemptDelay.location, &diagnostics)
            router.preemptDelay = .zero
        }
        if let adverts = downTimerAdvertisements, adverts.value != 3 {
            reset("down_timer_adverts must be 3", adverts.location, &diagnostics)
            router.downTimerAdvertisements = 3
        }
        if router.announcement.lowerPriorityRepeatCount != nil || router.announcement.lowerPriorityDelay != nil {
            reset("garp_lower_prio_* is not supported", name.location, &diagnostics)
            router.announcement.lowerPriorityRepeatCount = nil
            router.announcement.lowerPriorityDelay = nil
        }
        if case .macvlan(.some)? = router.virtualInterface?.kind, let virtualInterface {
            reset("the MAC address of use_vmac cannot be chosen", virtualInterface.location, &diagnostics)
            router.virtualInterface?.kind = .macvlan(nil)
        }
        return hasLinkLocalAddress(router, &diagnostics)
    }

    private func reset(_ sentence: String, _ location: SourceLocation, _ diagnostics: inout Diagnostics) {
        diagnostics.warning("\(subject)\(sentence) in strict mode - resetting", at: location)
    }

    /// RFC 9568 §5.2.9: the first IPv6 address is link-local.
    private func hasLinkLocalAddress(
        _ router: VirtualRouterConfiguration, _ diagnostics: inout Diagnostics
    ) -> Bool {
        guard let first = router.addresses.first?.prefix.address else { return true }
        guard case .v6(let address) = first, !address.isLinkLocal else { return true }
        diagnostics.fatal(
            "\(subject)the first IPv6 VIP address must be link local", at: addresses.first?.location ?? name.location)
        return false
    }
}

import VRRPCore

// What is said of interfaces as such.
extension DaemonDraft {
    func fillInterfaces(_ configuration: inout DaemonConfiguration, _ diagnostics: inout Diagnostics) {
        for group in spacingGroups {
            let spacing = AnnouncementSpacing(
                arp: group.arp?.value ?? configuration.announcementSpacing.arp,
                neighbor: group.neighbor?.value ?? configuration.announcementSpacing.neighbor)
            for interface in group.interfaces {
                guard configuration.interfaceSpacing.updateValue(spacing, forKey: interface.value) != nil else {
                    continue
                }
                diagnostics.warning(
                    "interface \(interface.value) is in more than one garp_group - the last one counts",
                    at: interface.location)
            }
        }
        // A change that counts only after peers have given us up would be noticed by them first.
        var limits: [String: Duration] = [:]
        for router in configuration.router.virtualRouters where router.downTimerAdvertisements > 1 {
            let limit = router.advertisementInterval * (router.downTimerAdvertisements - 1) - .milliseconds(1)
            limits[router.interface] = min(limit, limits[router.interface] ?? limit)
        }
        for (name, delay) in interfaceDelays {
            var delay = delay
            if let limit = limits[name.value], max(delay.down, delay.up) > limit {
                diagnostics.warning(
                    "interface_up_down_delays of \(name.value) are too long for its virtual routers - reducing to "
                        + "\(Number.decimal(limit))s", at: name.location)
                delay = InterfaceDelay(down: min(delay.down, limit), up: min(delay.up, limit))
            }
            configuration.router.interfaceDelays[name.value] = delay
        }
    }
}

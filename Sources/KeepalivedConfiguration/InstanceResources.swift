import VRRPCore
import Wire

// What comes and goes with an instance: addresses, routes, and what it watches.
extension InstanceDraft {
    func setAddresses(of router: inout VirtualRouterConfiguration, _ diagnostics: inout Diagnostics) {
        // One octet counts them; of IPv6 addresses fewer fit a packet of 1500 octets.
        let most = router.family == .ipv4 ? 255 : 90
        var known: Set<IPAddress> = []
        var advertised: [VirtualAddress] = []
        for line in addresses {
            guard line.prefix.address.family == router.family else {
                reportFamily(of: line.text, at: line.location, &diagnostics)
                continue
            }
            if isNew(line, &known, &diagnostics) { advertised.append(address(line, of: router)) }
        }
        if advertised.count > most {
            diagnostics.warning(
                "\(subject)Number of VIPs (\(advertised.count)) exceeds maximum/space available in packet "
                    + "(max \(most) addresses) - excess moved to eVIPs", at: name.location)
        }
        router.addresses = Array(advertised.prefix(most))
        router.excludedAddresses = Array(advertised.dropFirst(most))
        for line in excludedAddresses where isNew(line, &known, &diagnostics) {
            router.excludedAddresses.append(address(line, of: router))
        }
        router.routes = routes.map(\.route)
    }

    /// Without `dev` an address belongs where the router lives.
    private func address(_ line: AddressLine, of router: VirtualRouterConfiguration) -> VirtualAddress {
        line.address(on: router.home)
    }

    private func isNew(
        _ line: AddressLine, _ known: inout Set<IPAddress>, _ diagnostics: inout Diagnostics
    ) -> Bool {
        if known.insert(line.prefix.address).inserted { return true }
        diagnostics.advice("\(subject)address \(line.text) is listed twice - ignoring", at: line.location)
        return false
    }

    /// RFC 9568 leaves no room for a v3 router without addresses.
    func hasAddress(_ router: VirtualRouterConfiguration, _ diagnostics: inout Diagnostics) -> Bool {
        guard router.addresses.isEmpty, needsNoAddress == nil else { return true }
        if router.version == .v3 || router.isStrict {
            diagnostics.fatal("\(subject)No VIP specified; at least one is required", at: name.location)
            return false
        }
        diagnostics.warning("\(subject)No VIP specified; at least one is sensible", at: name.location)
        return true
    }

    func setTracking(
        of router: inout VirtualRouterConfiguration, _ known: KnownItems, _ diagnostics: inout Diagnostics
    ) {
        let rule = TrackingRule(subject: subject, isOwner: router.priority.isOwner, interface: router.interface)
        let items = tracking.checked(under: rule, known, definitions, &diagnostics)
        router.trackedScripts = items.scripts
        router.trackedInterfaces = items.interfaces
        router.trackedFiles = items.files
        router.trackedProcesses = items.processes
    }
}

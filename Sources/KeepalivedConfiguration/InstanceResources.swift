import VRRPCore
import Wire

// The parts of an instance that are lists: addresses, peers, trackers.
extension InstanceDraft {
    func setTransport(of router: inout VirtualRouterConfiguration, _ diagnostics: inout Diagnostics) {
        if let sourceAddress, matches(sourceAddress, router, &diagnostics) {
            router.sourceAddress = sourceAddress.value
        }
        for peer in unicastPeers where matches(peer, router, &diagnostics) {
            if router.unicastPeers.contains(peer.value) {
                diagnostics.warning("\(subject)peer \(peer.value) is listed twice - ignoring", at: peer.location)
            } else {
                router.unicastPeers.append(peer.value)
            }
        }
        if let unicastKeyword, router.unicastPeers.isEmpty {
            diagnostics.warning(
                "\(subject)A unicast keyword has been specified without any unicast peers. Defaulting to multicast. "
                    + "This usage is deprecated", at: unicastKeyword)
        }
    }

    private func matches(
        _ address: Located<IPAddress>, _ router: VirtualRouterConfiguration, _ diagnostics: inout Diagnostics
    ) -> Bool {
        if address.value.family == router.family { return true }
        reportFamily(of: address.value.description, at: address.location, &diagnostics)
        return false
    }

    private func reportFamily(of text: String, at location: SourceLocation, _ diagnostics: inout Diagnostics) {
        diagnostics.error("\(subject)address family must match VRRP instance [\(text)] - ignoring", at: location)
    }

    func setAddresses(of router: inout VirtualRouterConfiguration, _ diagnostics: inout Diagnostics) {
        // One octet counts them; of IPv6 addresses fewer fit a packet of 1500 octets.
        let most = router.family == .ipv4 ? 255 : 90
        var excess: [VirtualAddress] = []
        for line in addresses {
            guard line.prefix.address.family == router.family else {
                reportFamily(of: line.text, at: line.location, &diagnostics)
                continue
            }
            guard isNew(line, router.addresses + excess, &diagnostics) else { continue }
            let address = line.address(on: router.interface)
            if router.addresses.count < most { router.addresses.append(address) } else { excess.append(address) }
        }
        if !excess.isEmpty {
            diagnostics.warning(
                "\(subject)Number of VIPs (\(most + excess.count)) exceeds maximum/space available in packet "
                    + "(max \(most) addresses) - excess moved to eVIPs", at: name.location)
        }
        router.excludedAddresses = excess
        for line in excludedAddresses where isNew(line, router.allAddresses, &diagnostics) {
            router.excludedAddresses.append(line.address(on: router.interface))
        }
    }

    private func isNew(
        _ line: AddressLine, _ known: [VirtualAddress], _ diagnostics: inout Diagnostics
    ) -> Bool {
        guard known.contains(where: { $0.prefix.address == line.prefix.address }) else { return true }
        diagnostics.warning("\(subject)address \(line.text) is listed twice - ignoring", at: line.location)
        return false
    }

    /// RFC 9568 leaves no room for a v3 router without addresses.
    func hasAddress(_ router: VirtualRouterConfiguration, _ diagnostics: inout Diagnostics) -> Bool {
        guard router.addresses.isEmpty, needsNoAddress == nil else { return true }
        if router.version == .v3 {
            diagnostics.fatal("\(subject)No VIP specified; at least one is required", at: name.location)
            return false
        }
        diagnostics.warning("\(subject)No VIP specified; at least one is sensible", at: name.location)
        return true
    }

    func setTracking(
        of router: inout VirtualRouterConfiguration, _ scripts: [ScriptDraft], _ diagnostics: inout Diagnostics
    ) {
        for line in trackedScripts {
            guard let script = scripts.first(where: { $0.name.value == line.name.value }) else {
                let sentence = "track script \(line.name.value) not found, ignoring..."
                diagnostics.error(subject + sentence, at: line.name.location)
                continue
            }
            if !earlierScripts.contains(script.name.value) {
                diagnostics.warning(
                    "\(subject)track script \(line.name.value) is defined later, where keepalived does not find it: "
                        + "move vrrp_script before vrrp_instance", at: line.name.location)
            }
            track(line, script.weight, "script", in: &router.trackedScripts, of: router.priority, &diagnostics)
        }
        for line in trackedInterfaces {
            if line.name.value == router.interface {
                diagnostics.warning(
                    "\(subject)Ignoring track_interface \(line.name.value) since own interface",
                    at: line.name.location)
                continue
            }
            track(
                line, TrackedWeight(), "interface", in: &router.trackedInterfaces, of: router.priority, &diagnostics)
        }
    }

    private func track(
        _ line: TrackedLine, _ standard: TrackedWeight, _ kind: String, in items: inout [TrackedItem],
        of priority: Priority, _ diagnostics: inout Diagnostics
    ) {
        let weight = line.weight ?? standard
        if items.contains(where: { $0.name == line.name.value }) {
            diagnostics.warning(
                "\(subject)\(kind) \(line.name.value) is tracked twice - ignoring", at: line.name.location)
        } else if priority.isOwner, weight.value != 0 {
            diagnostics.warning(
                "\(subject)ignoring tracked \(kind) \(line.name.value) with weights due to address_owner",
                at: line.name.location)
        } else {
            items.append(TrackedItem(line.name.value, weight: weight.value, isReversed: weight.isReversed))
        }
    }
}

extension AddressLine {
    fileprivate func address(on interface: String) -> VirtualAddress {
        VirtualAddress(prefix, interface: self.interface ?? interface, label: label, scope: scope)
    }
}

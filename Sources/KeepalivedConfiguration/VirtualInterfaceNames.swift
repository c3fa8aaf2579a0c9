import VRRPCore
import Wire

/// Names of virtual interfaces, none of which may be given to two routers.
struct VirtualInterfaceNames {
    private var owners: [String: String] = [:]
    private var suffixes: [String: Int] = [:]

    /// Gives a router another name for its interface when a router before it has the same.
    mutating func settle(
        _ router: inout VirtualRouterConfiguration, _ instance: InstanceDraft, _ diagnostics: inout Diagnostics
    ) {
        guard let name = router.virtualInterface?.name else { return }
        guard let owner = owners[name] else {
            owners[name] = router.name
            return
        }
        if let written = instance.virtualInterface?.name {
            diagnostics.error(
                "(\(router.name)) VRRP instance \(owner) is already using \(name) - ignoring name",
                at: written.location)
        }
        var replacement = name
        var suffix = suffixes[name] ?? 1
        while owners[replacement] != nil {
            let ending = ".\(suffix)"
            suffix += 1
            replacement = String(decoding: name.utf8.prefix(15 - ending.utf8.count), as: UTF8.self) + ending
        }
        suffixes[name] = suffix
        owners[replacement] = router.name
        for index in router.addresses.indices where router.addresses[index].interface == name {
            router.addresses[index].interface = replacement
        }
        for index in router.excludedAddresses.indices where router.excludedAddresses[index].interface == name {
            router.excludedAddresses[index].interface = replacement
        }
        router.virtualInterface?.name = replacement
    }
}

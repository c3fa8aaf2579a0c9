import KeepalivedConfiguration
import VRRPCore

/// What a configuration wants of this machine that is not there; its text alone cannot tell.
enum MachineCheck {
    /// Every interface that is named and missing, or cannot do. It is fatal for a virtual router and for what is
    /// static; interfaces that may come later (`dynamic_interfaces`) are not missed.
    static func complaints(
        about configuration: DaemonConfiguration, in file: String, among interfaces: [String: Interface]
    ) -> [Diagnostic] {
        let known = KnownInterfaces(configuration, interfaces)
        let ofRouters = configuration.router.virtualRouters.flatMap { sentences(about: $0, known) }
        let ofOthers =
            configuration.staticAddresses.map { known.complaint(about: $0) }
            + configuration.staticRoutes.flatMap { known.complaints(about: $0) }
            + configuration.router.syncGroups.flatMap { group in
                group.trackedInterfaces.map { known.complaint(aboutTracked: $0, by: group.name) }
            }
        let fatal = (ofRouters + ofOthers.compactMap(\.self)).map { Diagnostic(.fatal, $0, at: .whole(file)) }
        let spaced = configuration.interfaceSpacing.keys.sorted().filter(known.lacks).map {
            "WARNING - interface \($0) specified for garp_group doesn't exist"
        }
        let delayed = configuration.router.interfaceDelays.keys.sorted().filter(known.lacks).map {
            "unknown interface \($0) specified for up/down delay"
        }
        return fatal + (spaced + delayed).map { Diagnostic(.error, $0, at: .whole(file)) }
    }

    /// The same for virtual routers alone, by the name of each that cannot run.
    static func complaintsByRouter(
        about configuration: DaemonConfiguration, in file: String, among interfaces: [String: Interface]
    ) -> [String: [Diagnostic]] {
        let known = KnownInterfaces(configuration, interfaces)
        let all = configuration.router.virtualRouters.map { router in
            (router.name, sentences(about: router, known).map { Diagnostic(.fatal, $0, at: .whole(file)) })
        }
        return Dictionary(uniqueKeysWithValues: all.filter { !$0.1.isEmpty })
    }

    private static func sentences(about router: VirtualRouterConfiguration, _ known: KnownInterfaces) -> [String] {
        var sentences = [known.complaint(about: router)]
        sentences += router.allAddresses.filter { $0.interface != router.interface }.map { known.complaint(about: $0) }
        sentences += router.routes.flatMap { known.complaints(about: $0) }
        sentences += router.trackedInterfaces.map { known.complaint(aboutTracked: $0, by: router.name) }
        return sentences.compactMap(\.self)
    }
}

/// The interfaces of the namespace, and those that the daemon will make itself.
private struct KnownInterfaces {
    private let interfaces: [String: Interface]
    private let own: Set<String>
    private let mayCome: Bool

    init(_ configuration: DaemonConfiguration, _ interfaces: [String: Interface]) {
        self.interfaces = interfaces
        own = Set(configuration.router.virtualRouters.compactMap(\.virtualInterface?.name))
        mayCome = configuration.allowsMissingInterfaces
    }

    func lacks(_ name: String) -> Bool {
        !mayCome && interfaces[name] == nil && !own.contains(name)
    }

    func complaint(about router: VirtualRouterConfiguration) -> String? {
        if interfaces[router.interface]?.isLoopback == true {
            return "(\(router.name)) cannot use a loopback interface"
        }
        guard lacks(router.interface) else { return nil }
        return "interface \(router.interface) for vrrp_instance \(router.name) doesn't exist"
    }

    func complaint(about address: VirtualAddress) -> String? {
        guard lacks(address.interface) else { return nil }
        return "interface \(address.interface) for ip address \(address.prefix) doesn't exist"
    }

    func complaints(about route: VirtualRoute) -> [String?] {
        route.nextHops.compactMap(\.interface).filter(lacks).map {
            "interface \($0) for VROUTE nexthop doesn't exist"
        }
    }

    func complaint(aboutTracked item: TrackedItem, by name: String) -> String? {
        lacks(item.name) ? "(\(name)) tracked interface \(item.name) doesn't exist" : nil
    }
}

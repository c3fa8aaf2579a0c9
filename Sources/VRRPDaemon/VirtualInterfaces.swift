import LinuxSystem
import Netlink
import VRRPCore
import Wire

/// Makes the interfaces on which virtual routers live with a MAC address of their own (`use_vmac`, `use_ipvlan`), and
/// removes them again.
///
/// `accept_local` stays off: a master that dies without taking its addresses away then answers nobody who speaks with
/// its own address, such as its successor.
struct VirtualInterfaces: ~Copyable {
    private var routes: RouteSocket
    /// Those that are ours, by name, with what they were made for.
    private var made: [String: Product] = [:]
    /// The interface below each of those that are ours, by name.
    private(set) var bases: [String: String] = [:]
    private var settings = KernelSettings()
    private static let settingsRoot = "/proc/sys/net/ipv4/conf"

    /// What a router wants of its interface.
    fileprivate struct Wish: Hashable {
        let base: String
        let family: AddressFamily
        let kind: VirtualInterface.Kind
        let macAddress: MACAddress?
    }

    fileprivate struct Product {
        let wish: Wish
        /// The interface below; another one may have its name by now.
        let baseIndex: Int32
    }

    init() throws(NetlinkError) {
        routes = try RouteSocket()
    }

    /// Makes what the routers need and is not there, and removes what nobody needs any more.
    ///
    /// An interface that a crashed predecessor left is taken over.
    /// - Parameter isChanged: set when the interfaces must be looked at anew.
    /// - Returns: what went wrong.
    mutating func match(
        _ routers: [VirtualRouterConfiguration], _ interfaces: [String: Interface], isChanged: inout Bool
    ) -> [LogEntry] {
        var log: [LogEntry] = []
        var wishes: [String: Wish] = [:]
        for router in routers {
            if let wanted = router.virtualInterface { wishes[wanted.name] = Wish(router, wanted) }
        }
        for (name, product) in made where wishes[name] != product.wish || product.isDisplaced(among: interfaces) {
            remove(name, interfaces)
            isChanged = true
            guard !wishes.values.contains(where: { $0.base == product.wish.base && $0.needsSettings }) else { continue }
            settings.restore(below: "\(Self.settingsRoot)/\(product.wish.base)/")
        }
        for (name, wish) in wishes.sorted(by: { $0.key < $1.key }) where interfaces[wish.base] != nil {
            guard made[name] == nil || interfaces[name] == nil else { continue }
            do throws(NetlinkError) {
                try make(name, wish, interfaces)
                made[name] = interfaces[wish.base].map { Product(wish: wish, baseIndex: $0.index) }
                bases[name] = wish.base
                isChanged = true
            } catch {
                log.append(LogEntry(.notice, "cannot make the interface \(name): \(error)"))
            }
            log += prepare(name, wish).map { LogEntry(.notice, $0) }
        }
        return log
    }

    /// Removes every interface that is ours, and gives the settings of those below their values back.
    mutating func removeAll(among interfaces: [String: Interface]) {
        for name in made.keys { remove(name, interfaces) }
        settings.restore()
    }

    private mutating func remove(_ name: String, _ interfaces: [String: Interface]) {
        made[name] = nil
        bases[name] = nil
        guard let index = interfaces[name]?.index else { return }
        try? routes.deleteLink(index)
    }

    private mutating func make(
        _ name: String, _ wish: Wish, _ interfaces: [String: Interface]
    ) throws(NetlinkError) {
        guard let base = interfaces[wish.base]?.index else { return }
        do throws(NetlinkError) {
            try create(name, wish, on: base)
        } catch let error where error.isAlreadyThere {
            // A left-over one that fits stays, so that its addresses go in good order.
            let link = try routes.link(named: name)
            guard link.kind == wish.kind.linkKind else { throw error }
            if link.lowerLink != base || (wish.macAddress != nil && link.macAddress != wish.macAddress) {
                try routes.deleteLink(link.index)
                try create(name, wish, on: base)
            }
        }
        let index = try routes.link(named: name).index
        // All routers with this MAC address would make the same link-local one of it.
        try? routes.setAddressGeneration(of: index, isOn: false)
        try routes.setLink(index, isUp: true)
        if case .ipvlan(let own?) = wish.kind {
            for error in routes.addAddresses([AddressRecord(own, interfaceIndex: index)]).compactMap(\.self)
            where !error.isAlreadyThere {
                throw error
            }
        }
    }

    private mutating func create(_ name: String, _ wish: Wish, on base: Int32) throws(NetlinkError) {
        switch wish.kind {
        case .macvlan: try routes.createMacvlan(name, on: base, macAddress: wish.macAddress ?? .zero)
        case .ipvlan: try routes.createIPvlan(name, on: base)
        }
    }

    /// Settings without which the interface below would answer for the one above, or packets would be refused because
    /// both lead to the same network. Returns what was refused.
    private mutating func prepare(_ name: String, _ wish: Wish) -> [String] {
        guard wish.needsSettings else { return [] }
        let root = Self.settingsRoot
        return [
            settings.set("\(root)/\(wish.base)/arp_ignore", to: 1),
            settings.set("\(root)/\(wish.base)/arp_announce", to: 2),
            settings.set("\(root)/\(wish.base)/arp_filter", to: 1),
            settings.set("\(root)/\(name)/arp_ignore", to: 1),
            settings.set("\(root)/\(name)/arp_announce", to: 2),
            settings.set("\(root)/\(name)/rp_filter", to: 0),
        ].compactMap(\.self)
    }
}

extension VirtualInterfaces.Product {
    /// What is below goes by another name by now, and something else by its name.
    fileprivate func isDisplaced(among interfaces: [String: Interface]) -> Bool {
        interfaces[wish.base].map { $0.index != baseIndex } ?? false
    }
}

extension VirtualInterfaces.Wish {
    fileprivate var needsSettings: Bool {
        if case .macvlan = kind { family == .ipv4 } else { false }
    }

    fileprivate init(_ router: VirtualRouterConfiguration, _ wanted: VirtualInterface) {
        var macAddress: MACAddress?
        if case .macvlan(let given) = wanted.kind {
            macAddress = given ?? .virtualRouter(router.virtualRouterID, router.family)
        }
        self.init(base: router.interface, family: router.family, kind: wanted.kind, macAddress: macAddress)
    }
}

extension VirtualInterface.Kind {
    /// As the kernel calls it.
    fileprivate var linkKind: String {
        switch self {
        case .macvlan: "macvlan"
        case .ipvlan: "ipvlan"
        }
    }
}

import LinuxSystem
import Netlink
import VRRPCore
import Wire

/// Makes the interfaces on which virtual routers live with a MAC address of their own (`use_vmac`, `use_ipvlan`), and
/// removes them again.
///
/// `accept_local` stays off: a master that dies without taking its addresses away then answers nobody who speaks with
/// its own address, such as its successor.
///
/// A virtual MAC address is the master's (RFC 9568 §7.3), and switches send its traffic to whoever spoke with it last.
/// So the kernel must not speak with it by itself: not of groups and routers, nor for an address that it makes of it.
struct VirtualInterfaces: ~Copyable {
    private var routes: RouteSocket
    /// Those that are ours, by name, with what they were made for.
    private var made: [String: Product] = [:]
    /// The interface below each of those that are ours, by name.
    private(set) var bases: [String: String] = [:]
    private var settings = KernelSettings()
    private var silence: ReportFilter?
    /// Of the filter table in the kernel.
    private static let table = "vrrpd_groups"
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
        let new = wishes.filter { name, wish in
            interfaces[wish.base] != nil && (made[name] == nil || interfaces[name] == nil)
        }
        log += hush(new.filter(\.value.isMacvlan).keys.sorted())
        for (name, wish) in new.sorted(by: { $0.key < $1.key }) {
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
        try? silence?.lower()
        silence = nil
    }

    /// Keeps the kernel from speaking of groups and routers over interfaces, before they are there. Returns what went
    /// wrong.
    private mutating func hush(_ names: [String]) -> [LogEntry] {
        guard !names.isEmpty else { return [] }
        do throws(NetlinkError) {
            guard silence == nil else {
                try silence?.cover(names)
                return []
            }
            var raised = try ReportFilter(table: Self.table)
            try raised.raise(over: names)
            silence = consume raised
            return []
        } catch {
            return [LogEntry(.notice, "a backup may speak with the virtual MAC address: \(error)")]
        }
    }

    private mutating func remove(_ name: String, _ interfaces: [String: Interface]) {
        let isMacvlan = made.removeValue(forKey: name)?.wish.isMacvlan ?? false
        bases[name] = nil
        if let index = interfaces[name]?.index { try? routes.deleteLink(index) }
        if isMacvlan { try? silence?.uncover([name]) }
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
        if wish.isMacvlan {
            // The same of every prefix that a router on the link advertises.
            try? FileSystem.overwrite("/proc/sys/net/ipv6/conf/\(name)/accept_ra", with: Array("0\n".utf8))
        }
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
    fileprivate var isMacvlan: Bool {
        if case .macvlan = kind { true } else { false }
    }

    fileprivate var needsSettings: Bool { isMacvlan && family == .ipv4 }

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

import Netlink
import VRRPCore
import Wire

/// Puts virtual addresses on interfaces, remembers for whom, and takes them away again.
struct AddressInstaller: ~Copyable {
    /// One address of one interface: those that differ in length only are two.
    private struct Key: Hashable {
        let device: String
        let prefix: IPPrefix

        init(_ address: VirtualAddress) {
            device = address.interface
            // The kernel lists a point-to-point address with the length of the other end.
            let length = (address.peer ?? address.prefix).length
            prefix = IPPrefix(address.prefix.address, length: length) ?? address.prefix
        }

        var place: VirtualAddress.Place { VirtualAddress.Place(interface: device, address: prefix.address) }
    }

    private struct Holding {
        let address: VirtualAddress
        var routers: Set<String>
        var lease: Duration?
    }

    private var routes: RouteSocket
    private var holdings: [Key: Holding] = [:]
    /// For how long the kernel keeps a router's addresses.
    private var leases: [String: Duration] = [:]
    private var configured: Set<VirtualAddress.Place> = []
    /// How many holdings there are at each place.
    private var held: [VirtualAddress.Place: Int] = [:]
    private var renewAt: Instant?

    init() throws(NetlinkError) {
        routes = try RouteSocket()
    }

    /// Learns which addresses there may be, and for how long; those that are in place stay known until removed.
    mutating func expect(_ routers: [VirtualRouterConfiguration]) {
        for router in routers { leases[router.name] = router.addressLease }
        configured = Set(routers.flatMap(\.allAddresses).map(\.place))
    }

    /// Shows whether this process may change addresses, by removing one that a crashed predecessor may have left.
    mutating func prove(_ address: VirtualAddress, among interfaces: [String: Interface]) throws(NetlinkError) {
        guard let interface = interfaces[address.interface] else { return }
        do {
            try routes.removeAddress(address.record(on: interface.index))
        } catch let error where error.isNotThere {
        }
    }

    /// Installs; an address that is there already is as good. Returns what went wrong.
    mutating func install(
        _ addresses: [VirtualAddress], for router: String, among interfaces: [String: Interface], at now: Instant
    ) -> [LogEntry] {
        var log: [LogEntry] = []
        var records: [AddressRecord] = []
        let lease = leases[router]
        // With a lease, what is there may have a shorter life, or none; without one, it may still have one.
        var replaces = lease != nil
        for address in addresses {
            let key = Key(address)
            replaces = replaces || holdings[key]?.lease != nil
            hold(key, address, router, lease)
            guard let interface = interfaces[key.device] else {
                log.append(LogEntry(.notice, "(\(router)) interface \(key.device) for \(address.prefix) is gone"))
                continue
            }
            records.append(address.record(on: interface.index, lease: lease))
        }
        for error in routes.addAddresses(records, replacing: replaces).compactMap(\.self)
        where !error.isAlreadyThere {
            log.append(LogEntry(.notice, "(\(router)) \(error)"))
        }
        if let lease { scheduleRenewal(of: lease, at: now) }
        return log
    }

    /// Removes, except what another router holds too; an address that is not there is as good. Returns what went wrong.
    ///
    /// Only the kernel knows what has become of an address that was installed; of any other the table of interfaces
    /// knows whether a predecessor left it.
    mutating func remove(
        _ addresses: [VirtualAddress], for router: String, among interfaces: [String: Interface]
    ) -> [LogEntry] {
        var records: [AddressRecord] = []
        for address in addresses {
            let key = Key(address)
            holdings[key]?.routers.remove(router)
            guard holdings[key]?.routers.isEmpty ?? true else { continue }
            let isOurs = release(key)
            guard let interface = interfaces[key.device], isOurs || interface.prefixes.contains(key.prefix) else {
                continue
            }
            records.append(address.record(on: interface.index))
        }
        return routes.removeAddresses(records).compactMap(\.self).filter { !$0.isNotThere }.map {
            LogEntry(.notice, "(\(router)) \($0)")
        }
    }

    /// Undoes whatever is still in place. Returns what went wrong.
    mutating func removeAll(among interfaces: [String: Interface]) -> [LogEntry] {
        let records = holdings.compactMap { key, holding in
            interfaces[key.device].map { holding.address.record(on: $0.index) }
        }
        holdings = [:]
        held = [:]
        return routes.removeAddresses(records).compactMap(\.self).filter { !$0.isNotThere }.map {
            LogEntry(.notice, "\($0)")
        }
    }

    private mutating func hold(_ key: Key, _ address: VirtualAddress, _ router: String, _ lease: Duration?) {
        if holdings[key] == nil { held[key.place, default: 0] += 1 }
        holdings[key, default: Holding(address: address, routers: [])].routers.insert(router)
        holdings[key]?.lease = lease
    }

    /// Returns whether the address was held.
    private mutating func release(_ key: Key) -> Bool {
        guard holdings.removeValue(forKey: key) != nil, let count = held[key.place] else { return false }
        held[key.place] = count > 1 ? count - 1 : nil
        return true
    }
}

// MARK: - What is in place

extension AddressInstaller {
    /// The addresses that should be there and are not, though their interface is; each with a router that holds it.
    ///
    /// - Parameter places: looks there only; nil looks everywhere.
    func missing(
        from interfaces: [String: Interface], at places: Set<VirtualAddress.Place>? = nil
    ) -> [(address: VirtualAddress, router: String)] {
        if let places, places.allSatisfy({ held[$0] == nil }) { return [] }
        return holdings.compactMap { key, holding in
            guard holding.address.isTracked, places?.contains(key.place) ?? true,
                let interface = interfaces[key.device], !interface.prefixes.contains(key.prefix),
                let router = holding.routers.min()
            else { return nil }
            return (holding.address, router)
        }
    }

    /// Whether an address is in place for somebody.
    func holds(_ address: VirtualAddress, for router: String) -> Bool {
        holdings[Key(address)]?.routers.contains(router) ?? false
    }

    /// Whether an address is, or may become, one of ours, so that nobody may send from it.
    func isVirtual(_ place: VirtualAddress.Place) -> Bool {
        configured.contains(place) || held[place] != nil
    }
}

// MARK: - Leases

extension AddressInstaller {
    /// When addresses must be renewed; nil while none has a lease.
    var nextDeadline: Instant? { renewAt }

    /// Renews every lease, well before the kernel would end one. Returns what went wrong.
    mutating func meetDeadline(at now: Instant, among interfaces: [String: Interface]) -> [LogEntry] {
        guard let due = renewAt, due <= now else { return [] }
        renewAt = nil
        var records: [AddressRecord] = []
        for (key, holding) in holdings {
            guard let lease = holding.lease else { continue }
            scheduleRenewal(of: lease, at: now)
            guard let interface = interfaces[key.device], interface.prefixes.contains(key.prefix) else { continue }
            records.append(holding.address.record(on: interface.index, lease: lease))
        }
        return routes.addAddresses(records, replacing: true).compactMap(\.self).filter { !$0.isNotThere }.map {
            LogEntry(.notice, "\($0)")
        }
    }

    /// A sixth of the lease: five renewals may fail, or be late.
    private mutating func scheduleRenewal(of lease: Duration, at now: Instant) {
        let due = now + lease / 6
        renewAt = renewAt.map { min($0, due) } ?? due
    }
}

extension VirtualAddress {
    fileprivate func record(on interfaceIndex: Int32, lease: Duration? = nil) -> AddressRecord {
        var record = AddressRecord(prefix, interfaceIndex: interfaceIndex, label: label, scope: scope.rawValue)
        record.broadcast = broadcast
        record.peer = peer
        record.flags = options.flags
        record.validLifetime = lease.map { UInt32(clamping: max($0.components.seconds, 1)) }
        record.preferredLifetime = preferredLifetime.map { UInt32(clamping: $0.components.seconds) }
        return record
    }
}

extension VirtualAddressOptions {
    fileprivate var flags: AddressFlags {
        let pairs: [(VirtualAddressOptions, AddressFlags)] = [
            (.home, .home), (.managesTemporaries, .managesTemporaries), (.noPrefixRoute, .noPrefixRoute),
            (.autojoin, .autojoin), (.detectsDuplicates, .detectsDuplicates),
        ]
        return pairs.reduce(into: []) { flags, pair in
            if contains(pair.0) { flags.insert(pair.1) }
        }
    }
}

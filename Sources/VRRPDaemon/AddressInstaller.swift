import Netlink
import VRRPCore
import Wire

/// Puts virtual addresses on interfaces, remembers for whom, and takes them away again.
struct AddressInstaller: ~Copyable {
    private struct Holding {
        let address: VirtualAddress
        var routers: Set<String>
    }

    private var routes: RouteSocket
    private var holdings: [VirtualAddress.Place: Holding] = [:]

    init() throws(NetlinkError) {
        routes = try RouteSocket()
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
        _ addresses: [VirtualAddress], for router: String, among interfaces: [String: Interface]
    ) -> [LogEntry] {
        addresses.compactMap { address -> LogEntry? in
            holdings[address.place, default: Holding(address: address, routers: [])].routers.insert(router)
            guard let interface = interfaces[address.interface] else {
                return LogEntry(.notice, "(\(router)) interface \(address.interface) for \(address.prefix) is gone")
            }
            do throws(NetlinkError) {
                try routes.addAddress(address.record(on: interface.index))
                return nil
            } catch {
                return error.isAlreadyThere ? nil : LogEntry(.notice, "(\(router)) \(error)")
            }
        }
    }

    /// Removes, except what another router holds too; an address that is not there is as good. Returns what went wrong.
    mutating func remove(
        _ addresses: [VirtualAddress], for router: String, among interfaces: [String: Interface]
    ) -> [LogEntry] {
        addresses.compactMap { address -> LogEntry? in
            holdings[address.place]?.routers.remove(router)
            guard holdings[address.place]?.routers.isEmpty ?? true else { return nil }
            holdings[address.place] = nil
            guard let interface = interfaces[address.interface] else { return nil }
            do throws(NetlinkError) {
                try routes.removeAddress(address.record(on: interface.index))
                return nil
            } catch {
                return error.isNotThere ? nil : LogEntry(.notice, "(\(router)) \(error)")
            }
        }
    }

    /// The addresses that should be there and are not, though their interface is.
    func missing(from interfaces: [String: Interface]) -> [VirtualAddress] {
        holdings.values.map(\.address).filter { address in
            interfaces[address.interface].map { !$0.addresses.contains(address.prefix.address) } ?? false
        }
    }

    func holds(_ address: VirtualAddress) -> Bool {
        holdings[address.place] != nil
    }

    /// Where addresses of ours are.
    var places: Set<VirtualAddress.Place> { Set(holdings.keys) }

    /// Undoes whatever is still in place.
    mutating func removeAll(among interfaces: [String: Interface]) {
        for holding in holdings.values {
            guard let interface = interfaces[holding.address.interface] else { continue }
            try? routes.removeAddress(holding.address.record(on: interface.index))
        }
        holdings = [:]
    }
}

extension VirtualAddress {
    fileprivate func record(on interfaceIndex: Int32) -> AddressRecord {
        AddressRecord(prefix, interfaceIndex: interfaceIndex, label: label, scope: scope.rawValue)
    }
}

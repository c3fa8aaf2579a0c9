import Netlink
import VRRPCore
import Wire

/// Keeps traffic away from addresses that their router does not accept it for (`no_accept`).
struct Shields: ~Copyable {
    /// Of the filter table in the kernel.
    private static let table = "vrrpd"

    private var shield: AddressShield?
    /// Which routers shield an address.
    private var covered: [IPAddress: Set<String>] = [:]

    /// Takes away what a crashed predecessor left; a kernel without filters has nothing.
    static func removeLeftovers() {
        guard var shield = try? AddressShield(table: table) else { return }
        try? shield.lower()
    }

    /// Shields addresses for a router. Returns what went wrong.
    mutating func cover(_ addresses: [VirtualAddress], for router: String) -> [LogEntry] {
        let addresses = addresses.map(\.prefix.address)
        let new = addresses.filter { covered[$0] == nil }
        for address in addresses { covered[address, default: []].insert(router) }
        guard !new.isEmpty else { return [] }
        do throws(NetlinkError) {
            if shield == nil {
                var raised = try AddressShield(table: Self.table)
                try raised.raise()
                shield = consume raised
            }
            try shield?.cover(new)
            return []
        } catch {
            return [LogEntry(.notice, "(\(router)) \(error)")]
        }
    }

    /// Shields them no longer, except for another router. Returns what went wrong.
    mutating func uncover(_ addresses: [VirtualAddress], for router: String) -> [LogEntry] {
        var gone: [IPAddress] = []
        for address in addresses.map(\.prefix.address) where covered[address]?.remove(router) != nil {
            guard covered[address]?.isEmpty == true else { continue }
            covered[address] = nil
            gone.append(address)
        }
        guard !gone.isEmpty else { return [] }
        do throws(NetlinkError) {
            try shield?.uncover(gone)
            return []
        } catch {
            return error.isNotThere ? [] : [LogEntry(.notice, "(\(router)) \(error)")]
        }
    }

    /// Takes every shield away.
    mutating func removeAll() {
        try? shield?.lower()
        shield = nil
        covered = [:]
    }
}

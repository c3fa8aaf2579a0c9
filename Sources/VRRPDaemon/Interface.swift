import Netlink
import VRRPCore
import Wire

/// An interface as it is now.
struct Interface: Hashable, Sendable {
    var index: Int32
    /// Administratively up, with carrier.
    var isUp: Bool
    var isLoopback = false
    var macAddress: MACAddress?
    /// Those that can be used, in the kernel's order: a primary address stands before its secondaries.
    var addresses: [IPAddress] = []
    /// Every address with its length, those among them that cannot be used yet.
    var prefixes: Set<IPPrefix> = []
    /// Such as `macvlan`; nil for hardware.
    var kind: String?

    /// What a router must know of it; virtual addresses are nobody's source.
    func state(without isVirtual: (IPAddress) -> Bool) -> InterfaceState {
        var state = InterfaceState(isUp: isUp)
        state.macAddress = macAddress
        for address in addresses where !isVirtual(address) {
            state.addresses.insert(address)
            switch address {
            case .v4(let address): state.primaryIPv4 = state.primaryIPv4 ?? address
            case .v6(let address):
                if address.isLinkLocal { state.linkLocalIPv6 = state.linkLocalIPv6 ?? address }
            }
        }
        return state
    }

    /// Takes over what a notification says of the link; addresses have notifications of their own.
    mutating func update(to link: LinkRecord) {
        index = link.index
        isUp = link.isRunning
        isLoopback = link.isLoopback
        macAddress = link.macAddress
        kind = link.kind
    }

    /// Notes an address, or what has become of it. An IPv6 address that is not known to be unique is no source.
    mutating func note(_ record: AddressRecord) {
        let (address, isNew) = (record.prefix.address, prefixes.insert(record.prefix).inserted)
        if record.isTentative {
            addresses.removeAll { $0 == address }
        } else if isNew || (address.family == .ipv6 && !addresses.contains(address)) {
            addresses.append(address)
        }
    }

    /// Forgets an address; the same one with another length stays.
    mutating func forget(_ record: AddressRecord) {
        guard prefixes.remove(record.prefix) != nil else { return }
        if let place = addresses.lastIndex(of: record.prefix.address) { addresses.remove(at: place) }
    }
}

extension Interface {
    init(_ link: LinkRecord) {
        self.init(index: link.index, isUp: false)
        update(to: link)
    }
}

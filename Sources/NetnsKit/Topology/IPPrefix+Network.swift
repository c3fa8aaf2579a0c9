import Wire

extension IPPrefix {
    /// The network itself: every bit behind the length is zero.
    var network: IPPrefix {
        filled(with: 0) ?? self
    }

    /// Whether a host can have this address: not those that IPv4 keeps for a network as a whole, no group, not none.
    var isHost: Bool {
        guard !address.isMulticast, address.octets.contains(where: { $0 != 0 }) else { return false }
        guard address.family == .ipv4 else { return true }
        return length >= 31 || (self != filled(with: 0) && self != filled(with: 0xff))
    }

    /// The address at a place in the network, counted from the network's own at 0; nil when there is no such place, or
    /// when it is none for a host.
    func host(_ number: Int) -> IPPrefix? {
        let hostBits = address.family.bits - length
        guard number > 0, hostBits >= Int.bitWidth - 1 || number < 1 << hostBits else { return nil }
        var octets = network.address.octets
        for index in octets.indices {
            let shift = 8 * (octets.count - 1 - index)
            if shift < Int.bitWidth { octets[index] |= UInt8(truncatingIfNeeded: number >> shift) }
        }
        guard let host = IPAddress(octets: octets).flatMap({ IPPrefix($0, length: length) }) else { return nil }
        return host.isHost ? host : nil
    }

    private func filled(with rest: UInt8) -> IPPrefix? {
        let octets = address.octets.enumerated().map { index, octet in
            let mask = ~(UInt8.max >> UInt8(min(max(length - 8 * index, 0), 8)))
            return octet & mask | rest & ~mask
        }
        return IPAddress(octets: octets).flatMap { IPPrefix($0, length: length) }
    }
}

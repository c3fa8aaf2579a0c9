import Netlink
import Timeline
import Wire

/// Tells what changes from what is only said again: a kernel speaks of a neighbor at each step of asking for it anew.
///
/// A change is a station that is known for the first time or is another one than before, a host that stops to answer,
/// and an entry that is removed after it was one of these. Reachable, stale, delayed and probing are none.
struct NeighborBook {
    private struct Key: Hashable {
        var address: IPAddress
        var interfaceIndex: Int32
    }

    private enum Opinion {
        case station(MACAddress)
        case silent(last: MACAddress?)
    }

    private var opinions: [Key: Opinion] = [:]

    /// `NUD_*`.
    private static let failed: UInt16 = 0x20
    /// Groups and broadcasts: their stations are calculated, and nobody is asked.
    private static let notAsked: UInt16 = 0x40

    /// Takes what the kernel says now; nil when that is no change.
    mutating func note(_ record: NeighborRecord) -> NeighborChange? {
        guard record.state & Self.notAsked == 0 else { return nil }
        let key = Key(address: record.address, interfaceIndex: record.interfaceIndex)
        let last: MACAddress?
        switch opinions[key] {
        case .station(let station): last = station
        case .silent(let station): last = station
        case nil: last = nil
        }
        if record.state & Self.failed != 0 {
            if case .silent = opinions[key] { return nil }
            opinions[key] = .silent(last: last)
            return .failed
        }
        // While it is asked for the first time there is no station.
        guard let station = record.macAddress else { return nil }
        if case .station(station) = opinions[key] { return nil }
        opinions[key] = .station(station)
        return .found(station, before: last)
    }

    /// Takes that an entry is gone; nil when nothing had been told of it.
    mutating func forget(_ record: NeighborRecord) -> NeighborChange? {
        let key = Key(address: record.address, interfaceIndex: record.interfaceIndex)
        return opinions.removeValue(forKey: key) == nil ? nil : .forgotten
    }
}

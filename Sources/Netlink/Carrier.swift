import CMNL
import Glibc

extension RouteSocket {
    /// `IF_OPER_DORMANT`, of a header that does not go together with the others.
    private static let dormant: UInt8 = 5
    /// `IF_OPER_UP`.
    private static let operational: UInt8 = 6

    /// Takes the carrier of an interface whose driver lets one (a TAP device), or gives it back.
    ///
    /// The kernel tells of a carrier that goes up to a second late, because cables that flap must not keep it busy. The
    /// operational state is not held back, so both are changed at once: for that second the interface is dormant, and
    /// then down. Whoever looks at `IFF_RUNNING` or `IFF_LOWER_UP` sees no difference.
    public mutating func setCarrier(of index: Int32, isOn: Bool) throws(NetlinkError) {
        var header = ifinfomsg()
        header.ifi_index = index
        try request(
            "\(isOn ? "give" : "take") interface \(index) its carrier", type: RTM_SETLINK, extra: header, Link.self
        ) { link in
            link.put(.carrier, isOn ? 1 : 0)
            link.put(.operationalState, isOn ? Self.operational : Self.dormant)
        }
    }
}

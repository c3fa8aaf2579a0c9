import CMNL
import Glibc
import Wire

// What an interface is known by: its name, and its Ethernet address.
extension RouteSocket {
    /// Gives an interface another name, at most 15 octets; its index stays.
    public mutating func renameLink(_ index: Int32, to name: String) throws(NetlinkError) {
        var header = ifinfomsg()
        header.ifi_index = index
        try request("rename interface \(index) to \(name)", type: RTM_NEWLINK, extra: header, Link.self) { link in
            link.put(.name, name)
        }
    }

    /// Gives an interface another Ethernet address, also while it is up.
    public mutating func setLinkAddress(_ index: Int32, to address: MACAddress) throws(NetlinkError) {
        var header = ifinfomsg()
        header.ifi_index = index
        try request("give interface \(index) the address \(address)", type: RTM_NEWLINK, extra: header, Link.self) {
            $0.put(.address, address)
        }
    }
}

import CMNL
import Glibc

// What a bridge does with the frames of its ports, beside forwarding them.
extension AttributeKey where Space == BridgePort, Value == UInt16 {
    static var groupForwarding: Self { Self(IFLA_BRPORT_GROUP_FWD_MASK) }
}
extension AttributeKey where Space == BridgeInformation, Value == UInt32 {
    static var ageingTime: Self { Self(IFLA_BR_AGEING_TIME) }
}

extension RouteSocket {
    /// Lets a bridge port pass frames to 01:80:c2:00:00:0x, which a bridge keeps for itself (IEEE 802.1Q §8.6.3).
    ///
    /// Those to …:01 it drops all the same: a pause is between two stations and their own cable (IEEE 802.3 annex 31B).
    public mutating func openBridgePort(_ index: Int32) throws(NetlinkError) {
        var header = ifinfomsg()
        header.ifi_family = UInt8(AF_BRIDGE)
        header.ifi_index = index
        let everyGroupButPause: UInt16 = 0xfffd
        try request("open bridge port \(index) to all groups", type: RTM_SETLINK, extra: header, Link.self) { link in
            link.nest(.bridgePort) { $0.put(.groupForwarding, everyGroupButPause) }
        }
    }

    /// Has a bridge learn no addresses: it passes every frame to every other port.
    public mutating func setBridgeLearnsNothing(_ index: Int32) throws(NetlinkError) {
        var header = ifinfomsg()
        header.ifi_index = index
        try request("have bridge \(index) learn nothing", type: RTM_NEWLINK, extra: header, Link.self) { link in
            link.nest(.information) { information in
                information.put(.kind, "bridge")
                information.nest(.bridge) { $0.put(.ageingTime, 0) }
            }
        }
    }
}

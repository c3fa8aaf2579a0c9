import Netlink
import Timeline
import Wire

/// The far end of a cable, as the switch of this process knows it.
struct FramePort {
    let end: LinkEnd
    /// What the topology says.
    let segment: String
    /// Passes everything to the one other end, as a cable would.
    let isPointToPoint: Bool
    let isRecorded: Bool
    /// Of frames that the node's interface takes, in octets.
    let longestFrame: Int
    /// The number of the bridge where it is plugged in now, or would be.
    var bridge: Int
    /// The node's interface exists.
    var isPresent = true
    /// The cable is in.
    var isUp = true
    var isPlugged = true
    var drops: [String: DropRule] = [:]
    /// The impairments that what the node sends passes, by number, in this order.
    var sending: [Int] = []
    /// The impairments that what the node receives passes.
    var receiving: [Int] = []

    /// Whether frames pass at all.
    var isOpen: Bool { isPresent && isUp && isPlugged }

    func drops(_ frame: [UInt8], _ direction: DropRule.Direction) -> Bool {
        guard !drops.isEmpty else { return false }
        let ipProtocol = FrameGlance(at: frame).ipProtocol
        return drops.values.contains { rule in
            rule.direction == direction && (rule.ipProtocol == nil || rule.ipProtocol == ipProtocol)
        }
    }

    func cables(_ direction: CapturedFrame.Direction) -> [Int] {
        direction == .sent ? sending : receiving
    }
}

extension FramePort {
    /// The port of an interface that is being plugged in; `bridge` is the number of its segment's.
    init(_ end: LinkEnd, _ interface: InterfaceDescription, bridge: Int, isPointToPoint: Bool) {
        // A VLAN tag comes on top of the MTU, as the Ethernet header does.
        let headers = 14 + 4
        self.init(
            end: end, segment: interface.segment, isPointToPoint: isPointToPoint, isRecorded: interface.isRecorded,
            longestFrame: (interface.mtu ?? 1500) + headers, bridge: bridge)
    }
}

import NetnsKit
import Wire

/// Two routers and a client on a segment, and the address that moves: where most experiments take place.
enum Segment {
    static let vip = IPv4Address(192, 168, 1, 100)
    static let virtualAddress = IPAddress.v4(vip)

    /// With every frame of every cable on record.
    static let topology = Topology(["node1", "node2", "client"].map { node($0) })

    /// The Ethernet address of a node's interface: known before, so that an answer tells who gave it.
    static func macAddress(of name: String) -> MACAddress {
        MACAddress("02:00:00:00:00:\(hosts[name] ?? "fe")") ?? .broadcast
    }

    /// A node of the segment by its name, with IPv4 and IPv6.
    static func node(_ name: String, isRecorded: Bool = true) -> NodeDescription {
        let host = hosts[name] ?? "254"
        var node = Machine.pair.nodes[0]
        node.name = name
        node.interfaces = [
            InterfaceDescription(
                "eth0", on: "lan", ["192.168.1.\(host)/24", "2001:db8::\(host)/64"], macAddress: macAddress(of: name),
                isRecorded: isRecorded)
        ]
        return node
    }

    private static let hosts = ["node1": "11", "node2": "12", "client": "50", "stranger": "66"]
}

import LabCourse
import LinuxSystem
import NetnsKit
import Wire

/// The network of the capstone: two load balancers with a leg in the data network and one in the management network.
enum CapstoneNetwork {
    static let balancers = ["lb1", "lb2"]
    static let data = "data"
    static let management = "mgmt"
    static let dataInterface = "data0"
    static let managementInterface = "mgmt0"
    /// What the published text calls the interface to the data network.
    static let publishedInterface = "bond0"

    static let webPort: UInt16 = 80
    /// The web address as the client's requests name it.
    static let webService = "10.0.1.100:80"
    static let web = IPAddress.v4(IPv4Address(10, 0, 1, 100))
    static let web6 = IPAddress.v6(IPv6Address(high: 0x2001_0db8_0000_0000, low: 0x100))
    static let database = IPAddress.v4(IPv4Address(10, 0, 2, 100))
    static let receiver = IPAddress.v4(IPv4Address(10, 0, 9, 1))

    /// A balancer's own address in a network, by which its peer and its webhooks are known.
    static func address(of balancer: String, in network: UInt8) -> IPAddress {
        .v4(IPv4Address(10, 0, network, balancer == "lb1" ? 11 : 12))
    }

    /// A balancer's own IPv6 address in the data network.
    static func address6(of balancer: String) -> IPAddress {
        .v6(IPv6Address(high: 0x2001_0db8_0000_0000, low: balancer == "lb1" ? 0x11 : 0x12))
    }

    static let topology = topology(dataInterface: dataInterface)
    /// The published file names its interface, so that it loads only where there is one of that name.
    static let published = topology(dataInterface: publishedInterface)
    /// The data network on a switch that can lose frames.
    static let lossy = topology(dataInterface: dataInterface, SegmentDescription(data, fabric: .userSpace))

    /// Whether this machine has what a lossy network is made of.
    static var canLoseFrames: Bool { (try? TapDevice.verifyAccess()) != nil }

    private static func topology(dataInterface: String, _ segments: SegmentDescription...) -> Topology {
        // The way to the rest of the site, as every real balancer has one: what has lost its own way goes there. It is
        // no default route, because then who looks up a name would wait for a server that is not there.
        let exit = RouteDescription("10.0.0.0/16", via: "10.0.1.1")
        let lbs = [("lb1", 11), ("lb2", 12)].map { name, host in
            NodeDescription(
                name,
                [
                    InterfaceDescription(dataInterface, on: data, ["10.0.1.\(host)/24", "2001:db8::\(host)/64"]),
                    InterfaceDescription(managementInterface, on: management, ["10.0.9.\(host)/24"]),
                ], routes: [exit])
        }
        let client = NodeDescription(
            "client", [InterfaceDescription("eth0", on: data, ["10.0.1.50/24", "10.0.2.50/24", "2001:db8::50/64"])],
            routes: [exit])
        let gateway = NodeDescription("gateway", [InterfaceDescription("eth0", on: data, ["10.0.1.1/24"])])
        let ops = NodeDescription("ops", [InterfaceDescription("eth0", on: management, ["10.0.9.1/24"])])
        return Topology(lbs + [client, gateway, ops], segments: segments)
    }

    static let picture = """
                    client .50          gateway 10.0.1.1
                        |                   |
        data  ----+-----+-------------------+--------+----  10.0.1.0/24
                  | data0 10.0.1.11                  | data0 10.0.1.12
                 lb1  2001:db8::11                  lb2  2001:db8::12
                  | mgmt0 10.0.9.11                  | mgmt0 10.0.9.12
        mgmt  ----+--------------+-------------------+----  10.0.9.0/24
                                 |
                                ops  http://10.0.9.1:8080/

        web 10.0.1.100 and 2001:db8::100: lb1   database 10.0.2.100: lb2
        """
}

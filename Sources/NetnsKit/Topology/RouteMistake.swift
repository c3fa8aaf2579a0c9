import Wire

/// What is wrong with a route of a topology.
public enum RouteMistake: Hashable, Sendable {
    /// The destination is neither a network nor `default`.
    case badDestination
    /// A `default` without a gateway could be of either family.
    case defaultWithoutGateway
    /// Some bits behind the network's length are set.
    case notANetwork(IPPrefix)
    /// The gateway is no address.
    case badGateway
    /// An IPv6 destination has an IPv4 gateway.
    case otherFamily
    /// The gateway is an address of the node itself.
    case ownGateway
    /// No interface of the node is on the gateway's network.
    case unreachableGateway
    /// A link-local gateway could be on any link.
    case linkLocalWithoutInterface
    /// The route leads nowhere.
    case neitherGatewayNorInterface
    /// The node has no interface of this name.
    case unknownInterface(String)
    /// The node has the same route twice.
    case duplicate
}

extension RouteMistake: CustomStringConvertible {
    public var description: String {
        switch self {
        case .badDestination: "has no destination that can be read: write a network such as 10.1.0.0/16, or default"
        case .defaultWithoutGateway: "has no family: give it a gateway, or write 0.0.0.0/0 or ::/0"
        case .notANetwork(let network): "names a host and the length of a network: write \(network)"
        case .badGateway: "has a gateway that is not an address: write one such as 10.0.0.254"
        case .otherFamily: "leads from IPv6 to an IPv4 gateway: name an IPv6 address of that router"
        case .ownGateway: "has the node itself as its gateway: name the next router"
        case .unreachableGateway:
            "has a gateway on no network of the node's interfaces: name an address that the node reaches directly"
        case .linkLocalWithoutInterface:
            "has a link-local gateway, and every link has such addresses: say over which interface"
        case .neitherGatewayNorInterface: "leads nowhere: say via which gateway, or over which interface"
        case .unknownInterface(let name):
            "leads over '\(name)', which the node does not have: name one of its interfaces"
        case .duplicate: "is there twice: leave one out"
        }
    }
}

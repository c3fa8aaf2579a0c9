import Wire

/// What is wrong with a route of a topology.
public enum RouteMistake: Hashable, Sendable {
    case badDestination
    /// A `default` without a gateway could be of either family.
    case defaultWithoutGateway
    /// Some bits behind the network's length are set.
    case notANetwork(IPPrefix)
    case badGateway
    case otherFamily
    case ownGateway
    case unreachableGateway
    case linkLocalWithoutInterface
    case neitherGatewayNorInterface
    case unknownInterface(String)
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

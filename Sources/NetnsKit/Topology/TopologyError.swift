import Wire

/// Why a network cannot be built as described.
public enum TopologyError: Error, Hashable, Sendable {
    case duplicateNode(String)
    case badNodeName(String)
    case badInterfaceName(String, node: String)
    case duplicateInterface(String, node: String)
    case badSetting(String, node: String)
    case badAddress(String, interface: String, node: String)
    case duplicateAddress(IPAddress, String, String, segment: String)
}

extension TopologyError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .duplicateNode(let name):
            "two nodes are called '\(name)': give each node a name of its own"
        case .badNodeName(let name):
            "'\(name)' cannot be a node's name: use 1 to 63 letters, digits, '-' or '_'"
        case .badInterfaceName(let name, let node):
            "'\(name)' on \(node) cannot be an interface's name: use 1 to 15 octets without '/' and spaces"
        case .duplicateInterface(let name, let node):
            "\(node) has two interfaces called '\(name)': 'lo' is there already, the others must differ"
        case .badSetting(let setting, let node):
            "'\(setting)' of \(node) is no setting of a network: they begin with 'net.', others belong to the host"
        case .badAddress(let text, let interface, let node):
            "'\(text)' on \(interface) of \(node) is not an address: write one such as 192.168.1.11/24"
        case .duplicateAddress(let address, let first, let second, let segment):
            "\(first) and \(second) both have \(address) on '\(segment)': give one of them another address"
        }
    }
}

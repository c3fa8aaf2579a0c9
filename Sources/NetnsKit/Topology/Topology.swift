import Wire

/// A network to be built: nodes, and the segments that their interfaces are plugged into.
public struct Topology: Hashable, Sendable {
    public var nodes: [NodeDescription]

    public init(_ nodes: [NodeDescription]) {
        self.nodes = nodes
    }

    /// Every segment that an interface names, in order of first mention.
    public var segments: [String] {
        var seen: Set<String> = []
        return nodes.flatMap(\.interfaces).map(\.segment).filter { seen.insert($0).inserted }
    }

    /// Finds what could not be built before anything is.
    public func validate() throws(TopologyError) {
        var names: Set<String> = []
        for node in nodes {
            guard names.insert(node.name).inserted else { throw .duplicateNode(node.name) }
            try node.validate()
        }
        try refuseDuplicateAddresses()
    }

    private func refuseDuplicateAddresses() throws(TopologyError) {
        var owners: [SegmentAddress: String] = [:]
        for node in nodes {
            for interface in node.interfaces {
                for prefix in interface.prefixes {
                    let key = SegmentAddress(segment: interface.segment, address: prefix.address)
                    if let other = owners.updateValue(node.name, forKey: key) {
                        throw .duplicateAddress(prefix.address, other, node.name, segment: interface.segment)
                    }
                }
            }
        }
    }

    private struct SegmentAddress: Hashable {
        var segment: String
        var address: IPAddress
    }
}

/// A host to be made: its interfaces, and what its file system shows.
public struct NodeDescription: Hashable, Sendable {
    /// 1 to 63 letters, digits, `-` or `_`; also its hostname.
    public var name: String
    public var interfaces: [InterfaceDescription]
    /// Settings of the network by name, such as `net.ipv4.ip_forward`, written when the interfaces are there.
    public var settings: [String: String]
    /// Directories that the node has for itself, empty at first.
    public var privateDirectories: [String]
    /// Paths of the host that stay visible although a private directory covers them.
    public var exposedPaths: [String]

    public static let standardPrivateDirectories = ["/run", "/tmp", "/var/log", "/etc/keepalived"]

    public init(
        _ name: String, _ interfaces: [InterfaceDescription], settings: [String: String] = [:],
        privateDirectories: [String] = Self.standardPrivateDirectories, exposedPaths: [String] = []
    ) {
        self.name = name
        self.interfaces = interfaces
        self.settings = settings
        self.privateDirectories = privateDirectories
        self.exposedPaths = exposedPaths
    }

    fileprivate func validate() throws(TopologyError) {
        let isAllowed = { (octet: UInt8) in
            octet == UInt8(ascii: "-") || octet == UInt8(ascii: "_") || Character(UnicodeScalar(octet)).isASCIIWord
        }
        guard (1...63).contains(name.utf8.count), name.utf8.allSatisfy(isAllowed) else { throw .badNodeName(name) }
        if let other = settings.keys.first(where: { !$0.hasPrefix("net.") && !$0.hasPrefix("net/") }) {
            throw .badSetting(other, node: name)
        }
        var names: Set<String> = ["lo"]
        for interface in interfaces {
            guard (1...15).contains(interface.name.utf8.count),
                !interface.name.contains(where: { $0 == "/" || $0 == " " })
            else { throw .badInterfaceName(interface.name, node: name) }
            if let text = interface.addresses.first(where: { IPPrefix($0) == nil || !$0.contains("/") }) {
                throw .badAddress(text, interface: interface.name, node: name)
            }
            guard names.insert(interface.name).inserted else {
                throw .duplicateInterface(interface.name, node: name)
            }
        }
    }
}

extension Character {
    fileprivate var isASCIIWord: Bool { isASCII && (isLetter || isNumber) }
}

/// One end of a cable: an interface of a node, plugged into a segment.
public struct InterfaceDescription: Hashable, Sendable {
    /// At most 15 octets, such as `eth0`.
    public var name: String
    public var segment: String
    /// Each an address and the length of its network, such as `192.168.1.11/24`.
    public var addresses: [String]
    /// Nil takes one that the kernel makes up.
    public var macAddress: MACAddress?
    /// In octets; nil is 1500.
    public var mtu: Int?
    /// Whether the lab's record has the frames of this cable; a flood of them would only fill it.
    public var isRecorded: Bool

    public init(
        _ name: String, on segment: String, _ addresses: [String] = [], macAddress: MACAddress? = nil,
        mtu: Int? = nil, isRecorded: Bool = true
    ) {
        self.name = name
        self.segment = segment
        self.addresses = addresses
        self.macAddress = macAddress
        self.mtu = mtu
        self.isRecorded = isRecorded
    }

    /// The addresses that can be read as such; `Topology.validate` refuses the others.
    public var prefixes: [IPPrefix] { addresses.compactMap { IPPrefix($0) } }
}

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

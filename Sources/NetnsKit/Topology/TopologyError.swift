import Wire

/// A mistake in a topology: why a network cannot be built as described.
public indirect enum TopologyError: Error, Hashable, Sendable {
    /// Two nodes have this name.
    case duplicateNode(String)
    /// No hostname can be this.
    case badNodeName(String)
    /// The kernel lets no interface be called this.
    case badInterfaceName(String, node: String)
    /// Two interfaces of a node have this name, or one wants to be `lo`.
    case duplicateInterface(String, node: String)
    /// A setting does not begin with `net.`: it is not a network's but the host's.
    case badSetting(String, node: String)
    /// The text is no address with the length of its network.
    case badAddress(String, interface: String, node: String)
    /// A network's own address, its broadcast, a group, or none.
    case notAHost(IPPrefix, interface: String, node: String)
    /// Two nodes of a segment, or one twice, have this address.
    case duplicateAddress(IPAddress, String, String, segment: String)
    /// The MTU is not within 68 to 65535 octets.
    case badMTU(Int, interface: String, node: String)
    /// Too small for the IPv6 addresses of the interface (RFC 8200 §5).
    case smallMTU(Int, interface: String, node: String)
    /// The Ethernet address is a group's, or none.
    case badMACAddress(MACAddress, interface: String, node: String)
    /// Two interfaces of a segment have this Ethernet address.
    case duplicateMACAddress(MACAddress, LinkEnd, LinkEnd, segment: String)
    /// A route of a node is wrong, for the reason given.
    case badRoute(RouteDescription, node: String, RouteMistake)
    /// A segment's name is empty, or would disturb a terminal.
    case badSegmentName(String)
    /// Two descriptions are of this segment.
    case duplicateSegment(String)
    /// A segment is described, and no interface names it.
    case unusedSegment(String)
    /// A point-to-point link with another number of ends than two.
    case badEndCount(Int, segment: String)
    /// A path is not absolute, or has `.`, `..` or a `/` at its end.
    case badPath(String, node: String)
    /// A node has two files at this path.
    case duplicateFile(String, node: String)
    /// The file would be the host's: it is in no private directory of the node, or below a mount.
    case fileNotPrivate(String, node: String)
    /// The mode has more than permission bits.
    case badFileMode(UInt32, path: String, node: String)
    /// Two things are to be mounted at this path.
    case duplicateMount(String, node: String)
    /// An environment cannot hold a variable of this name, or its value.
    case badVariable(String, node: String)
    /// A node that is a network alone has no file system and no programs.
    case needsFullNode(String, node: String)
    /// Two or more.
    case several([TopologyError])
}

extension TopologyError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .duplicateNode(let name):
            "two nodes are called '\(name)': give each node a name of its own"
        case .badNodeName(let name):
            "'\(name)' cannot be a node's name: use 1 to 63 letters, digits, '-' or '_'"
        case .badInterfaceName(let name, let node):
            "'\(name)' on \(node) cannot be an interface's name: use 1 to 15 visible ASCII characters without "
                + "'/', ':' and '%', and not '.', '..', 'all' or 'default'"
        case .duplicateInterface("lo", let node):
            "\(node) has an interface called 'lo' from the start: name its addresses in loopbackAddresses"
        case .duplicateInterface(let name, let node):
            "\(node) has two interfaces called '\(name)': give each a name of its own"
        case .badSetting(let setting, let node):
            "'\(setting)' of \(node) is no setting of a network: they begin with 'net.', others belong to the host"
        case .badAddress, .notAHost, .duplicateAddress: addressSentence
        case .badMTU, .smallMTU, .badMACAddress, .duplicateMACAddress: linkSentence
        case .badRoute(let route, let node, let mistake):
            "the route to \(route) of \(node) \(mistake)"
        case .badSegmentName, .duplicateSegment, .unusedSegment, .badEndCount: segmentSentence
        case .badPath, .duplicateFile, .fileNotPrivate, .badFileMode, .duplicateMount: fileSentence
        case .badVariable(let name, let node):
            "'\(name)' of \(node) cannot be in an environment: a name is not empty and has no '=', "
                + "and no NUL is anywhere"
        case .needsFullNode(let what, let node):
            "\(node) is a network alone and cannot have \(what): leave it out, or make the node's isolation .full"
        case .several(let mistakes):
            "\(mistakes.count) mistakes in the topology:" + mistakes.map { "\n- \($0)" }.joined()
        }
    }

    private var addressSentence: String {
        switch self {
        case .badAddress(let text, "lo", let node):
            "'\(text)' on lo of \(node) is not an address: write one such as 10.255.0.1"
        case .badAddress(let text, let interface, let node):
            "'\(text)' on \(interface) of \(node) is not an address: write one such as 192.168.1.11/24"
        case .notAHost(let prefix, let interface, let node):
            "\(prefix) on \(interface) of \(node) is no host's address but the network's own, its broadcast "
                + "or a group: take another of the network"
        case .duplicateAddress(let address, let first, let second, let segment):
            first == second
                ? "\(first) has \(address) twice on '\(segment)': leave one out"
                : "\(first) and \(second) both have \(address) on '\(segment)': give one of them another address"
        default: ""
        }
    }

    private var linkSentence: String {
        switch self {
        case .badMTU(let mtu, let interface, let node):
            "the MTU of \(interface) of \(node) cannot be \(mtu): take one of 68 to 65535 octets"
        case .smallMTU(let mtu, let interface, let node):
            "\(interface) of \(node) has an IPv6 address and an MTU of \(mtu): IPv6 needs at least 1280 octets"
        case .badMACAddress(let address, let interface, let node):
            "\(address) cannot be the Ethernet address of \(interface) of \(node): take one of a single station, "
                + "such as 02:00:00:00:00:01"
        case .duplicateMACAddress(let address, let first, let second, let segment):
            "\(first) and \(second) both have \(address) on '\(segment)': give one of them another Ethernet address"
        default: ""
        }
    }

    private var segmentSentence: String {
        switch self {
        case .badSegmentName(let name):
            "'\(name)' cannot be a segment's name: use some characters, and none that controls a terminal"
        case .duplicateSegment(let name):
            "segment '\(name)' is described twice: leave one description out"
        case .unusedSegment(let name):
            "segment '\(name)' is described, but no interface is on it: plug one in, or leave the description out"
        case .badEndCount(let count, let segment):
            "'\(segment)' is a point-to-point link with \(count) \(count == 1 ? "end" : "ends"): "
                + "plug in two interfaces, or make it a bridge"
        default: ""
        }
    }

    private var fileSentence: String {
        switch self {
        case .badPath(let path, let node):
            "'\(path)' of \(node) cannot be a path here: write it from the root on, without '.', '..' "
                + "and a '/' at its end"
        case .duplicateFile(let path, let node):
            "\(node) has two files \(path): leave one out"
        case .fileNotPrivate(let path, let node):
            "\(path) would be the host's, not \(node)'s own: put the file into a private directory "
                + "and outside of mounts, or name its directory in privateDirectories"
        case .badFileMode(let mode, let path, let node):
            "0o\(String(mode, radix: 8)) cannot be the mode of \(path) of \(node): use permission bits such as 0o644"
        case .duplicateMount(let path, let node):
            "two things are to be mounted on \(path) of \(node): leave one out"
        default: ""
        }
    }
}

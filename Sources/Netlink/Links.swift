import CMNL
import Glibc
import LinuxSystem
import Wire

/// The attribute space of links, `IFLA_*`.
public enum Link {}
/// What makes a link one of its kind, `IFLA_INFO_*`.
public enum LinkInformation {}
/// What a veth pair is told, `VETH_INFO_*`.
public enum VethInformation {}
/// What a bridge is told, `IFLA_BR_*`.
public enum BridgeInformation {}
/// What a macvlan is told, `IFLA_MACVLAN_*`.
public enum MacvlanInformation {}
/// What an ipvlan is told, `IFLA_IPVLAN_*`.
public enum IPvlanInformation {}
/// What each protocol family makes of a link, `IFLA_AF_SPEC`.
public enum LinkFamilies {}
/// What IPv6 makes of a link, `IFLA_INET6_*`.
public enum LinkIPv6 {}
/// What a bridge is told about one of its ports, `IFLA_BRPORT_*`.
public enum BridgePort {}

extension AttributeKey where Space == Link, Value == String {
    static var name: Self { Self(IFLA_IFNAME) }
}
extension AttributeKey where Space == Link, Value == MACAddress {
    static var address: Self { Self(IFLA_ADDRESS) }
}
extension AttributeKey where Space == Link, Value == UInt32 {
    static var mtu: Self { Self(IFLA_MTU) }
    static var lowerLink: Self { Self(IFLA_LINK) }
    static var master: Self { Self(IFLA_MASTER) }
    static var namespace: Self { Self(IFLA_NET_NS_FD) }
}
extension AttributeKey where Space == Link, Value == UInt8 {
    static var operationalState: Self { Self(IFLA_OPERSTATE) }
    static var carrier: Self { Self(IFLA_CARRIER) }
}
extension AttributeKey where Space == LinkInformation, Value == String {
    static var kind: Self { Self(IFLA_INFO_KIND) }
}
extension AttributeKey where Space == BridgeInformation, Value == UInt32 {
    static var forwardDelay: Self { Self(IFLA_BR_FORWARD_DELAY) }
    static var spanningTree: Self { Self(IFLA_BR_STP_STATE) }
}
extension AttributeKey where Space == BridgeInformation, Value == UInt8 {
    static var multicastSnooping: Self { Self(IFLA_BR_MCAST_SNOOPING) }
}
extension AttributeKey where Space == MacvlanInformation, Value == UInt32 {
    static var mode: Self { Self(IFLA_MACVLAN_MODE) }
}
extension AttributeKey where Space == IPvlanInformation, Value == UInt16 {
    static var mode: Self { Self(IFLA_IPVLAN_MODE) }
}
extension AttributeKey where Space == LinkIPv6, Value == UInt8 {
    static var addressGeneration: Self { Self(IFLA_INET6_ADDR_GEN_MODE) }
}
extension NestKey where Space == Link, Inner == LinkFamilies {
    static var families: Self { Self(IFLA_AF_SPEC) }
}
extension NestKey where Space == LinkFamilies, Inner == LinkIPv6 {
    static var ipv6: Self { Self(Int(AF_INET6)) }
}
extension NestKey where Space == LinkInformation, Inner == IPvlanInformation {
    static var ipvlan: Self { Self(IFLA_INFO_DATA) }
}
extension AttributeKey where Space == BridgePort, Value == UInt8 {
    static var state: Self { Self(IFLA_BRPORT_STATE) }
}
extension NestKey where Space == Link, Inner == LinkInformation {
    static var information: Self { Self(IFLA_LINKINFO) }
}
extension NestKey where Space == Link, Inner == BridgePort {
    static var bridgePort: Self { Self(IFLA_PROTINFO) }
}
extension NestKey where Space == LinkInformation, Inner == VethInformation {
    static var veth: Self { Self(IFLA_INFO_DATA) }
}
extension NestKey where Space == LinkInformation, Inner == BridgeInformation {
    static var bridge: Self { Self(IFLA_INFO_DATA) }
}
extension NestKey where Space == LinkInformation, Inner == MacvlanInformation {
    static var macvlan: Self { Self(IFLA_INFO_DATA) }
}
extension NestKey where Space == VethInformation, Inner == Link {
    static var peer: Self { Self(Int(VETH_INFO_PEER)) }
}

/// An interface as the kernel describes it.
public struct LinkRecord: Hashable, Sendable {
    /// 1 or more; unique within a namespace.
    public var index: Int32
    public var name: String
    /// Somebody set it up.
    public var isUp: Bool
    /// It is up and its link works.
    public var isRunning: Bool
    /// Its link works at this moment; `isRunning` follows when the kernel has looked, up to a second later.
    public var hasCarrier: Bool
    /// `IF_OPER_*`. 6 is up: frames pass. 0 is unknown: loopback for ever, and a cable whose carrier changed until the
    /// kernel has looked, up to a second later; such a cable counts as running while it drops what is sent.
    public var operationalState: UInt8
    public var isLoopback: Bool
    public var macAddress: MACAddress?
    /// In octets.
    public var mtu: Int
    /// The bridge that it is a port of.
    public var master: Int32?
    /// Such as `veth`, `bridge`, `macvlan`; nil for hardware and loopback.
    public var kind: String?
    /// The interface that it stands on, in whatever namespace that is.
    public var lowerLink: Int32?
    /// `AF_*` of who speaks: 0 is the interface itself, others say what they make of it, such as a bridge of a port.
    public var family: UInt8

    init?(_ message: ReceivedMessage) {
        guard let header = message.extra(as: ifinfomsg.self) else { return nil }
        let attributes = message.attributes(of: Link.self, after: ifinfomsg.self)
        guard let name = attributes[.name] else { return nil }
        family = header.ifi_family
        lowerLink = attributes[.lowerLink].map { Int32(bitPattern: $0) }
        let flags = Int32(bitPattern: header.ifi_flags)
        index = header.ifi_index
        self.name = name
        isUp = flags & Int32(IFF_UP) != 0
        isRunning = isUp && flags & Int32(IFF_RUNNING) != 0
        hasCarrier = isUp && flags & Self.lowerUp != 0
        isLoopback = flags & Int32(IFF_LOOPBACK) != 0
        operationalState = attributes[.operationalState] ?? 0
        macAddress = attributes[.address]
        mtu = Int(attributes[.mtu] ?? 0)
        master = attributes[.master].map { Int32(bitPattern: $0) }
        kind = attributes[.information]?[.kind]
    }

    /// `IFF_LOWER_UP`, which the headers of the C library lack.
    private static let lowerUp: Int32 = 0x10000
}

/// One end of a veth pair to be made.
public struct VethEnd: Hashable, Sendable {
    public var name: String
    /// What it is known by from the beginning; nil takes what the kernel gives. Only the first end's is heeded.
    public var index: Int32?
    /// An open namespace file; nil is the socket's own namespace.
    public var namespace: Int32?
    public var macAddress: MACAddress?
    /// In octets; nil is the kernel's 1500.
    public var mtu: Int?
    /// The bridge that it becomes a port of, in its namespace.
    public var master: Int32?
    public var isUp: Bool

    public init(
        _ name: String, index: Int32? = nil, namespace: Int32? = nil, macAddress: MACAddress? = nil,
        mtu: Int? = nil, master: Int32? = nil, isUp: Bool = false
    ) {
        self.name = name
        self.index = index
        self.namespace = namespace
        self.macAddress = macAddress
        self.mtu = mtu
        self.master = master
        self.isUp = isUp
    }

    var header: ifinfomsg {
        var header = ifinfomsg()
        header.ifi_index = index ?? 0
        if isUp {
            header.ifi_flags = UInt32(IFF_UP)
            header.ifi_change = UInt32(IFF_UP)
        }
        return header
    }

    fileprivate func put(into link: AttributeWriter<Link>) {
        link.put(.name, name)
        if let namespace { link.put(.namespace, UInt32(bitPattern: namespace)) }
        if let macAddress { link.put(.address, macAddress) }
        if let mtu { link.put(.mtu, UInt32(mtu)) }
        if let master { link.put(.master, UInt32(bitPattern: master)) }
    }

    /// The whole pair, as the first end's message describes it.
    func put(into link: AttributeWriter<Link>, peer second: VethEnd) {
        put(into: link)
        link.nest(.information) { information in
            information.put(.kind, "veth")
            information.nest(.veth) { veth in
                veth.nest(.peer) { peer in
                    peer.append(second.header)
                    second.put(into: peer)
                }
            }
        }
    }
}

/// What a bridge port does with frames (`BR_STATE_*`).
public enum BridgePortState: UInt8, Sendable {
    /// Nothing passes in either direction, while the carrier stays.
    case disabled = 0
    case forwarding = 3
}

extension RouteSocket {
    /// Makes a veth pair with one message, each end straight into its namespace; see `RouteRequest.veth`.
    public mutating func createVeth(_ first: VethEnd, _ second: VethEnd) throws(NetlinkError) {
        try perform([.veth(first, second)])
    }

    /// Makes a bridge that forwards at once and floods multicast: no spanning tree, no delay, no snooping.
    ///
    /// - Parameter index: what it is known by; nil takes what the kernel gives.
    public mutating func createBridge(_ name: String, index: Int32? = nil) throws(NetlinkError) {
        try request(
            "make the bridge \(name)", type: RTM_NEWLINK, flags: NLM_F_CREATE | NLM_F_EXCL,
            extra: VethEnd(name, index: index, isUp: true).header, Link.self
        ) { link in
            link.put(.name, name)
            link.nest(.information) { information in
                information.put(.kind, "bridge")
                information.nest(.bridge) { bridge in
                    bridge.put(.forwardDelay, 0)
                    bridge.put(.spanningTree, 0)
                    bridge.put(.multicastSnooping, 0)
                }
            }
        }
    }

    /// Makes an interface with an Ethernet address of its own on top of another; the two do not talk (private mode).
    public mutating func createMacvlan(
        _ name: String, on lower: Int32, macAddress: MACAddress
    ) throws(NetlinkError) {
        try request(
            "make the macvlan \(name)", type: RTM_NEWLINK, flags: NLM_F_CREATE | NLM_F_EXCL,
            extra: ifinfomsg(), Link.self
        ) { link in
            link.put(.name, name)
            link.put(.lowerLink, UInt32(bitPattern: lower))
            link.put(.address, macAddress)
            link.nest(.information) { information in
                information.put(.kind, "macvlan")
                information.nest(.macvlan) { $0.put(.mode, UInt32(MACVLAN_MODE_PRIVATE.rawValue)) }
            }
        }
    }

    /// Makes an interface that shares the Ethernet address of another, in the mode of a switch (L2).
    public mutating func createIPvlan(_ name: String, on lower: Int32) throws(NetlinkError) {
        try request(
            "make the ipvlan \(name)", type: RTM_NEWLINK, flags: NLM_F_CREATE | NLM_F_EXCL, extra: ifinfomsg(),
            Link.self
        ) { link in
            link.put(.name, name)
            link.put(.lowerLink, UInt32(bitPattern: lower))
            link.nest(.information) { information in
                information.put(.kind, "ipvlan")
                information.nest(.ipvlan) { $0.put(.mode, UInt16(IPVLAN_MODE_L2.rawValue)) }
            }
        }
    }

    /// Lets the kernel give an interface a link-local IPv6 address when it comes up, or keeps it from that.
    public mutating func setAddressGeneration(of index: Int32, isOn: Bool) throws(NetlinkError) {
        var header = ifinfomsg()
        header.ifi_index = index
        let mode = isOn ? IN6_ADDR_GEN_MODE_EUI64 : IN6_ADDR_GEN_MODE_NONE
        try request(
            "choose how interface \(index) gets addresses", type: RTM_NEWLINK, extra: header, Link.self
        ) { link in
            link.nest(.families) { $0.nest(.ipv6) { $0.put(.addressGeneration, UInt8(mode.rawValue)) } }
        }
    }

    /// Sets an interface up or down.
    public mutating func setLink(_ index: Int32, isUp: Bool) throws(NetlinkError) {
        try perform([.link(index, isUp: isUp)])
    }

    /// Makes an interface the port of a bridge, or of none.
    public mutating func setMaster(of index: Int32, to bridge: Int32?) throws(NetlinkError) {
        var header = ifinfomsg()
        header.ifi_index = index
        try request("give interface \(index) a bridge", type: RTM_NEWLINK, extra: header, Link.self) { link in
            link.put(.master, UInt32(bitPattern: bridge ?? 0))
        }
    }

    /// Removes an interface; of a veth pair both ends go.
    public mutating func deleteLink(_ index: Int32) throws(NetlinkError) {
        var header = ifinfomsg()
        header.ifi_index = index
        try request("remove interface \(index)", type: RTM_DELLINK, extra: header, Link.self)
    }

    /// Lets a bridge port forward, or pass nothing while its carrier stays.
    public mutating func setBridgePort(_ index: Int32, _ state: BridgePortState) throws(NetlinkError) {
        var header = ifinfomsg()
        header.ifi_family = UInt8(AF_BRIDGE)
        header.ifi_index = index
        try request("set bridge port \(index) \(state)", type: RTM_SETLINK, extra: header, Link.self) { link in
            link.nest(.bridgePort) { $0.put(.state, state.rawValue) }
        }
    }

    /// Every interface of the namespace.
    public mutating func links() throws(NetlinkError) -> [LinkRecord] {
        try dump("list the interfaces", type: RTM_GETLINK, extra: ifinfomsg()).compactMap { LinkRecord($0) }
    }

    /// The interface of that name; an error when there is none.
    public mutating func link(named name: String) throws(NetlinkError) -> LinkRecord {
        guard let link = try links().first(where: { $0.name == name }) else {
            throw NetlinkError("look up the interface \(name)", code: ENODEV)
        }
        return link
    }
}

import Wire

/// One end of a cable: an interface of a node, plugged into a segment.
public struct InterfaceDescription: Hashable, Sendable {
    /// At most 15 octets, such as `eth0`.
    public var name: String
    /// The segment that its cable leads to; interfaces that name the same one hear each other.
    public var segment: String
    /// Each an address and the length of its network, such as `192.168.1.11/24`.
    public var addresses: [String]
    /// Nil takes one that the kernel makes up.
    public var macAddress: MACAddress?
    /// In octets; nil is 1500.
    public var mtu: Int?
    /// Whether the lab's record has the frames of this cable; a flood of them would only fill it.
    public var isRecorded: Bool

    /// Plugs an interface into a segment; most say no more than their addresses: `InterfaceDescription("eth0", on:
    /// "lan", ["10.0.0.1/24"])`.
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

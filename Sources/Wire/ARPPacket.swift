/// An ARP packet for IPv4 over Ethernet (RFC 826).
public struct ARPPacket: Hashable, Sendable {
    /// What the packet wants (RFC 826, `ar$op`).
    public enum Operation: UInt16, Hashable, Sendable {
        /// Who has `targetAddress`? A gratuitous one asks for the sender's own.
        case request = 1
        /// `senderAddress` is at `senderMAC`.
        case reply = 2
    }

    /// Whether it asks or answers.
    public var operation: Operation
    /// Where listeners will find `senderAddress`.
    public var senderMAC: MACAddress
    /// 0.0.0.0 in a probe (RFC 5227 §2.1.1).
    public var senderAddress: IPv4Address
    /// In a request nobody reads it.
    public var targetMAC: MACAddress
    /// The address in question.
    public var targetAddress: IPv4Address

    /// A packet as it will travel; nothing is judged.
    public init(
        operation: Operation, senderMAC: MACAddress, senderAddress: IPv4Address, targetMAC: MACAddress,
        targetAddress: IPv4Address
    ) {
        self.operation = operation
        self.senderMAC = senderMAC
        self.senderAddress = senderAddress
        self.targetMAC = targetMAC
        self.targetAddress = targetAddress
    }

    /// What a router that has taken over an address tells everyone.
    ///
    /// A request with a target MAC of all ones, as keepalived sends it; RFC 9568 §6.4.2 has the sender's own there.
    public static func gratuitous(_ address: IPv4Address, from mac: MACAddress) -> ARPPacket {
        ARPPacket(
            operation: .request, senderMAC: mac, senderAddress: address, targetMAC: .broadcast, targetAddress: address)
    }

    /// Whether the sender speaks of its own address, as a request or as a reply.
    public var isGratuitous: Bool { senderAddress == targetAddress }

    /// Reads 28 octets and ignores what follows: ARP carries no length, and short Ethernet frames are padded.
    public init(parsing octets: [UInt8]) throws(WireError) {
        var reader = ByteReader(octets)
        try reader.expect(Self.ethernet, "hardware type")
        try reader.expect(EthernetFrame.EtherType.ipv4, "protocol type")
        try reader.expect(Self.addressLengths, "address lengths")
        let code = try reader.uint16()
        guard let operation = Operation(rawValue: code) else {
            throw .badValue(field: "operation", value: Int(code))
        }
        self.operation = operation
        senderMAC = try reader.macAddress()
        senderAddress = try reader.ipv4Address()
        targetMAC = try reader.macAddress()
        targetAddress = try reader.ipv4Address()
    }

    /// The 28 octets that follow the Ethernet header.
    public func serialized() -> [UInt8] {
        var writer = ByteWriter()
        writer.append(Self.ethernet)
        writer.append(EthernetFrame.EtherType.ipv4)
        writer.append(Self.addressLengths)
        writer.append(operation.rawValue)
        writer.append(senderMAC.octets)
        writer.append(senderAddress.octets)
        writer.append(targetMAC.octets)
        writer.append(targetAddress.octets)
        return writer.octets
    }

    private static let ethernet: UInt16 = 1
    /// Six octets of hardware address, four of protocol address.
    private static let addressLengths: UInt16 = 0x0604
}

extension ByteReader {
    fileprivate mutating func expect(_ wanted: UInt16, _ field: String) throws(WireError) {
        let value = try uint16()
        guard value == wanted else { throw .badValue(field: field, value: Int(value)) }
    }
}

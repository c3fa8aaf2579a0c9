import CLinux
import Glibc
import Wire

/// A packet that a raw socket received, with what its IP header says.
public struct ReceivedPacket: Hashable, Sendable {
    public var source: IPAddress
    public var destination: IPAddress
    /// TTL in IPv4.
    public var hopLimit: UInt8
    /// Everything that came: IPv4 with its header, IPv6 without.
    public var octets: [UInt8]
    /// How long the header at the start of `octets` is; 0 in IPv6.
    public var headerLength: Int

    public init(source: IPAddress, destination: IPAddress, hopLimit: UInt8, octets: [UInt8], headerLength: Int) {
        self.source = source
        self.destination = destination
        self.hopLimit = hopLimit
        self.octets = octets
        self.headerLength = headerLength
    }
}

/// Room for several packets, so that one system call brings as many as wait; it is used again and again.
@safe public struct PacketBatch: ~Copyable {
    /// How many packets fit.
    public static let capacity = Int(CLINUX_PACKETS)
    /// More than a VRRP message with 255 IPv6 addresses; a longer packet is left out.
    private static let size = 4608

    private let storage: UnsafeMutableRawPointer
    private var slots: [clinux_packet]
    /// How many packets the last call brought, those that cannot be used among them.
    public private(set) var count = 0
    private var family = AddressFamily.ipv4

    public init() {
        unsafe storage = UnsafeMutableRawPointer.allocate(byteCount: Self.capacity * Self.size, alignment: 16)
        unsafe slots = unsafe [clinux_packet](repeating: clinux_packet(), count: Self.capacity)
        for index in 0..<Self.capacity { unsafe slots[index].buffer = unsafe storage + index * Self.size }
    }

    deinit {
        unsafe storage.deallocate()
    }

    /// The socket may have more.
    public var isFull: Bool { count == Self.capacity }

    mutating func fill(from descriptor: Int32, _ family: AddressFamily) throws(SystemError) {
        count = 0
        self.family = family
        let received = try systemCall("recvmmsg") {
            unsafe clinux_receive_packets(descriptor, &slots, Int32(Self.capacity), Self.size)
        }
        count = Int(received)
    }

    /// The packet with this number, from 0 on; nil when it is cut off or no IP packet.
    public borrowing func packet(_ index: Int) -> ReceivedPacket? {
        precondition(index < count, "packet \(index) of \(count)")
        let slot = unsafe slots[index]
        let length = unsafe slot.length
        guard length > 0, let start = unsafe slot.buffer else { return nil }
        let octets = unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: length))
        switch family {
        case .ipv4: return ReceivedPacket(ipv4: octets)
        case .ipv6:
            let source = unsafe withUnsafeBytes(of: slot.source) { unsafe IPv6Address(travelingIn: $0) }
            let destination = unsafe withUnsafeBytes(of: slot.destination) { unsafe IPv6Address(travelingIn: $0) }
            return unsafe ReceivedPacket(
                source: .v6(source), destination: .v6(destination), hopLimit: UInt8(clamping: slot.hop_limit),
                octets: octets, headerLength: 0)
        }
    }
}

extension ReceivedPacket {
    /// Reads what matters of an IPv4 header; the kernel has judged its checksum and put fragments together.
    public init?(ipv4 octets: [UInt8]) {
        guard octets.count >= 20, octets[0] >> 4 == 4 else { return nil }
        let headerLength = 4 * Int(octets[0] & 0x0f)
        let totalLength = Int(octets[2]) << 8 | Int(octets[3])
        guard headerLength >= 20, totalLength >= headerLength, totalLength <= octets.count else { return nil }
        let address = { (offset: Int) in
            IPv4Address(rawValue: octets[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) })
        }
        self.init(
            source: .v4(address(12)), destination: .v4(address(16)), hopLimit: octets[8],
            octets: totalLength == octets.count ? octets : Array(octets[..<totalLength]), headerLength: headerLength)
    }
}

extension IPv6Address {
    /// Takes the first sixteen octets, in the order they travel.
    fileprivate init(travelingIn octets: UnsafeRawBufferPointer) {
        unsafe self.init(
            high: UInt64(bigEndian: octets.loadUnaligned(as: UInt64.self)),
            low: UInt64(bigEndian: octets.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }
}

import CLinux
import Glibc
import Wire

/// A frame as a packet socket saw it.
public struct ReceivedFrame: Hashable, Sendable {
    /// When the kernel handled it, on the wall clock in nanoseconds since 1970.
    public var wallTime: Int64
    /// The interface wrote it to its link; otherwise it came from there.
    public var isOutgoing: Bool
    public var octets: [UInt8]
    public var originalLength: Int
    public var interfaceIndex: Int32

    init(_ received: clinux_received, octets: [UInt8]) {
        wallTime = received.timestamp
        isOutgoing = received.packet_type == Int32(PACKET_OUTGOING)
        self.octets = octets
        originalLength = received.length
        interfaceIndex = received.interface
    }
}

/// A door to one interface's frames, below every protocol.
public struct PacketSocket: ~Copyable, Sendable {
    private let socket: OwnedDescriptor
    private let interfaceIndex: Int32

    private static let allProtocols = UInt16(0x0003).bigEndian

    /// Opens a socket in the calling thread's network namespace that sends frames and receives none.
    public static func sender(interfaceIndex: Int32) throws(SystemError) -> PacketSocket {
        try PacketSocket(interfaceIndex: interfaceIndex)
    }

    /// Opens a socket in the calling thread's network namespace that sees every frame of the interface, both ways.
    ///
    /// Buffers 8 MB, so that a reader that is late for a second loses nothing at ordinary rates.
    public static func capture(interfaceIndex: Int32) throws(SystemError) -> PacketSocket {
        try PacketSocket(interfaceIndex: interfaceIndex, buffer: 8 << 20)
    }

    /// Opens a socket in the calling thread's network namespace that sees every frame of many interfaces, also of those
    /// that come later, in the order in which the kernel handled them.
    ///
    /// - Parameters:
    ///   - interfaces: those whose indexes lie in this range.
    ///   - buffer: how many octets may wait for a late reader; the kernel takes them only when frames do wait.
    public static func capture(
        interfaces: Range<UInt32>, buffer: Int
    ) throws(SystemError) -> PacketSocket {
        // Index 0 is every interface.
        try PacketSocket(interfaceIndex: 0, buffer: buffer, filter: SocketFilter(interfaces: interfaces))
    }

    /// - Parameter buffer: nil receives nothing.
    private init(interfaceIndex: Int32, buffer: Int? = nil, filter: SocketFilter? = nil) throws(SystemError) {
        self.interfaceIndex = interfaceIndex
        // Protocol 0 receives nothing until bind names one, so no frame of another interface slips in.
        let socket = OwnedDescriptor(
            owning: try systemCall("socket(AF_PACKET)") {
                Glibc.socket(AF_PACKET, Int32(SOCK_RAW.rawValue) | closeOnExec | nonblocking, 0)
            })
        if let buffer {
            // Before bind, so that the first frame is stamped and kept like every other.
            try setOption(socket.number, SOL_SOCKET, SO_TIMESTAMPNS, to: Int32(1))
            // Without the right to exceed the limit, the limit it is.
            try? setOption(socket.number, SOL_SOCKET, SO_RCVBUFFORCE, to: Int32(clamping: buffer))
        }
        try filter?.attach(to: socket.number)
        let address = Self.address(interfaceIndex, buffer == nil ? 0 : Self.allProtocols)
        try systemCall("bind to interface \(interfaceIndex)") {
            unsafe withSocketAddress(address) { pointer, length in
                unsafe bind(socket.number, pointer, length)
            }
        }
        self.socket = socket
    }

    public var descriptor: Int32 { socket.number }

    /// Writes a whole frame to the interface.
    public borrowing func send(_ octets: [UInt8]) throws(SystemError) {
        let address = Self.address(interfaceIndex, Self.allProtocols)
        try systemCall("sendto interface \(interfaceIndex)") {
            unsafe octets.withUnsafeBytes { frame in
                unsafe withSocketAddress(address) { pointer, length in
                    unsafe sendto(socket.number, frame.baseAddress, frame.count, 0, pointer, length)
                }
            }
        }
    }

    /// The next frame, or nil when there is none now. The last `maximum` octets of a longer frame are cut off.
    public borrowing func receive(maximum: Int = 65536) throws(SystemError) -> ReceivedFrame? {
        var received = clinux_received()
        var failure: Int32 = 0
        let octets = unsafe [UInt8](unsafeUninitializedCapacity: maximum) { buffer, used in
            let result = unsafe clinux_receive(socket.number, buffer.baseAddress, maximum, &received)
            failure = result < 0 ? errno : 0
            used = result < 0 ? 0 : min(received.length, maximum)
        }
        switch failure {
        case 0: break
        case EAGAIN, EINTR, ENETDOWN: return nil
        default: throw SystemError("recvmsg", code: failure)
        }
        return ReceivedFrame(received, octets: octets)
    }

    /// As many frames as wait and fit; none when there is none now.
    public borrowing func receive(into batch: inout FrameBatch) throws(SystemError) {
        try batch.fill(from: socket.number)
    }

    /// How many frames were lost since the last call because the buffer was full.
    public borrowing func takeLossCount() throws(SystemError) -> Int {
        var statistics = tpacket_stats()
        var length = socklen_t(MemoryLayout<tpacket_stats>.size)
        try systemCall("getsockopt(PACKET_STATISTICS)") {
            unsafe getsockopt(socket.number, SOL_PACKET, Int32(PACKET_STATISTICS), &statistics, &length)
        }
        return Int(statistics.tp_drops)
    }

    private static func address(_ interfaceIndex: Int32, _ proto: UInt16) -> sockaddr_ll {
        var address = sockaddr_ll()
        address.sll_family = UInt16(AF_PACKET)
        address.sll_protocol = proto
        address.sll_ifindex = interfaceIndex
        return address
    }
}

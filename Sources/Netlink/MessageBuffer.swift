import CMNL
import Glibc

/// Netlink messages under construction, one after another; this file and the attribute reader and writer are the only
/// ones that touch libmnl's pointers.
@safe struct MessageBuffer: ~Copyable {
    private static let capacity = 64 * 1024
    private let storage: UnsafeMutableRawPointer
    private(set) var length = 0
    /// The sequence numbers of the messages that the kernel will acknowledge.
    private(set) var awaited: [UInt32] = []

    init() {
        unsafe storage = UnsafeMutableRawPointer.allocate(byteCount: Self.capacity, alignment: 16)
    }

    deinit {
        unsafe storage.deallocate()
    }

    /// Adds a message: `extra` is the protocol's own header, such as `ifinfomsg`; the body writes the attributes.
    mutating func add<Extra: BitwiseCopyable, Space>(
        type: Int, flags: Int32, sequence: UInt32, extra: Extra, _ space: Space.Type,
        _ body: (AttributeWriter<Space>) -> Void = { _ in }
    ) {
        precondition(length < Self.capacity / 2, "a netlink batch holds at most 32 KiB")
        let header = unsafe mnl_nlmsg_put_header(storage + length)
        guard let header = unsafe header else { return }
        unsafe header.pointee.nlmsg_type = UInt16(truncatingIfNeeded: type)
        unsafe header.pointee.nlmsg_flags = UInt16(truncatingIfNeeded: NLM_F_REQUEST | flags)
        unsafe header.pointee.nlmsg_seq = sequence
        if flags & NLM_F_ACK != 0 { awaited.append(sequence) }
        let writer = unsafe AttributeWriter<Space>(header: header, space: Self.capacity - length)
        writer.append(extra)
        body(writer)
        unsafe length += Int((header.pointee.nlmsg_len + 3) & ~3)
    }

    borrowing func send(over socket: OpaquePointer) -> Int {
        unsafe mnl_socket_sendto(socket, storage, length)
    }
}

/// A message from the kernel, copied out of the receive buffer.
struct ReceivedMessage {
    var type: Int
    var flags: Int32
    var sequence: UInt32
    /// Who is spoken to; 0 for what everybody hears.
    var port: UInt32 = 0
    /// Everything after the netlink header.
    var payload: [UInt8]

    /// The message as it was read, header included.
    var octets: [UInt8] {
        UInt32(16 + payload.count).attribute + UInt16(truncatingIfNeeded: type).attribute
            + UInt16(truncatingIfNeeded: flags).attribute + sequence.attribute + port.attribute + payload
    }

    /// Cuts what one read returned into messages.
    static func split(_ buffer: [UInt8]) -> [ReceivedMessage] {
        unsafe buffer.withUnsafeBytes { octets in
            var messages: [ReceivedMessage] = []
            var rest = Int32(octets.count)
            var next = unsafe octets.baseAddress?.assumingMemoryBound(to: nlmsghdr.self)
            while let header = unsafe next, unsafe mnl_nlmsg_ok(header, rest) {
                let payload = unsafe UnsafeRawBufferPointer(
                    start: mnl_nlmsg_get_payload(header), count: mnl_nlmsg_get_payload_len(header))
                unsafe messages.append(
                    ReceivedMessage(
                        type: Int(header.pointee.nlmsg_type), flags: Int32(header.pointee.nlmsg_flags),
                        sequence: header.pointee.nlmsg_seq, port: header.pointee.nlmsg_pid, payload: [UInt8](payload)))
                unsafe next = UnsafePointer(mnl_nlmsg_next(header, &rest))
            }
            return messages
        }
    }

    /// The protocol's own header at the start of the payload, or nil when the payload is shorter.
    func extra<Extra: BitwiseCopyable>(as type: Extra.Type) -> Extra? {
        guard payload.count >= MemoryLayout<Extra>.size else { return nil }
        return unsafe payload.withUnsafeBytes { unsafe $0.loadUnaligned(as: Extra.self) }
    }

    /// The attributes behind the protocol's own header.
    func attributes<Space, Extra: BitwiseCopyable>(
        of space: Space.Type, after extra: Extra.Type
    ) -> AttributeReader<Space> {
        AttributeReader(Array(payload.dropFirst((MemoryLayout<Extra>.size + 3) & ~3)))
    }
}

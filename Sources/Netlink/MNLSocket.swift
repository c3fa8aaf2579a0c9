import CMNL
import Glibc
import LinuxSystem

/// An open libmnl socket; the only file that touches one.
@safe struct MNLSocket: ~Copyable, @unchecked Sendable {
    // libmnl keeps no state of its own behind this pointer but the descriptor and its address.
    private let socket: OpaquePointer

    init(bus: Int32, groups: UInt32 = 0) throws(SystemError) {
        guard let socket = unsafe mnl_socket_open2(bus, Int32(SOCK_CLOEXEC.rawValue)) else {
            throw SystemError("mnl_socket_open", code: errno)
        }
        for option in [NETLINK_EXT_ACK, NETLINK_CAP_ACK] {
            var on: Int32 = 1
            // Kernels before 4.12 know neither; errors then come without a sentence.
            _ = unsafe mnl_socket_setsockopt(socket, option, &on, socklen_t(MemoryLayout<Int32>.size))
        }
        guard unsafe mnl_socket_bind(socket, groups, 0) == 0 else {
            let code = errno
            unsafe mnl_socket_close(socket)
            throw SystemError("mnl_socket_bind", code: code)
        }
        unsafe self.socket = socket
    }

    deinit {
        unsafe mnl_socket_close(socket)
    }

    var descriptor: Int32 { unsafe mnl_socket_get_fd(socket) }

    /// Sends messages and waits until each that asked for it is acknowledged; the first refusal is thrown at the end.
    borrowing func exchange(_ buffer: borrowing MessageBuffer, _ what: String) throws(NetlinkError) {
        try send(buffer, what)
        var awaited = Set(buffer.awaited)
        var refusal: NetlinkError?
        while !awaited.isEmpty {
            for message in try receive(what) where message.type == NLMSG_ERROR {
                // A refused batch is answered once, by the number of its begin message.
                if message.errorCode != 0, refusal == nil {
                    refusal = NetlinkError(what, code: message.errorCode, message: message.errorSentence)
                }
                if awaited.remove(message.sequence) == nil, message.errorCode != 0 { awaited = [] }
            }
        }
        if let refusal { throw refusal }
    }

    /// Sends a dump request and collects the answer; nil when the kernel says that it is inconsistent.
    borrowing func collect(
        _ buffer: borrowing MessageBuffer, _ sequence: UInt32, _ what: String
    ) throws(NetlinkError) -> [ReceivedMessage]? {
        try send(buffer, what)
        var collected: [ReceivedMessage] = []
        var isConsistent = true
        while true {
            for message in try receive(what) where message.sequence == sequence {
                if message.flags & NLM_F_DUMP_INTR != 0 { isConsistent = false }
                switch message.type {
                case Int(NLMSG_DONE): return isConsistent ? collected : nil
                case Int(NLMSG_ERROR):
                    throw NetlinkError(what, code: message.errorCode, message: message.errorSentence)
                default: collected.append(message)
                }
            }
        }
    }

    /// What one read brings; waits for it.
    borrowing func receive(_ what: String) throws(NetlinkError) -> [ReceivedMessage] {
        var length = 0
        let octets = unsafe [UInt8](unsafeUninitializedCapacity: 64 * 1024) { buffer, used in
            repeat {
                length = unsafe mnl_socket_recvfrom(socket, buffer.baseAddress, buffer.count)
            } while length < 0 && errno == EINTR
            used = max(length, 0)
        }
        guard length >= 0 else { throw NetlinkError(what, code: errno) }
        return ReceivedMessage.split(octets)
    }

    private borrowing func send(_ buffer: borrowing MessageBuffer, _ what: String) throws(NetlinkError) {
        guard unsafe buffer.send(over: socket) >= 0 else { throw NetlinkError(what, code: errno) }
    }
}

extension ReceivedMessage {
    /// Zero for an acknowledgment.
    fileprivate var errorCode: Int32 {
        -(extra(as: Int32.self) ?? 0)
    }

    fileprivate var errorSentence: String? {
        guard flags & NLM_F_ACK_TLVS != 0 else { return nil }
        return attributes(of: ExtendedAcknowledgment.self, after: nlmsgerr.self)[.message]
    }
}

private enum ExtendedAcknowledgment {}

extension AttributeKey where Space == ExtendedAcknowledgment, Value == String {
    fileprivate static var message: Self { Self(Int(NLMSGERR_ATTR_MSG.rawValue)) }
}

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

    /// Sends messages and waits until each is acknowledged; returns what was refused, by sequence number.
    borrowing func submit(
        _ buffer: borrowing MessageBuffer, _ what: String
    ) throws(NetlinkError) -> [UInt32: (code: Int32, message: String?)] {
        try send(buffer, what)
        var awaited = Set(buffer.awaited)
        var refusals: [UInt32: (code: Int32, message: String?)] = [:]
        while !awaited.isEmpty {
            for message in try receive(what)
            where message.type == NLMSG_ERROR && awaited.remove(message.sequence) != nil && message.errorCode != 0 {
                refusals[message.sequence] = (message.errorCode, message.errorSentence)
            }
        }
        return refusals
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

    /// What one read brings; waits for it. What another process sends to this socket is passed over.
    borrowing func receive(_ what: String) throws(NetlinkError) -> [ReceivedMessage] {
        var length = 0
        var isFromKernel = true
        let octets = unsafe [UInt8](unsafeUninitializedCapacity: 64 * 1024) { buffer, used in
            repeat {
                (length, isFromKernel) = unsafe Self.receive(from: mnl_socket_get_fd(socket), into: buffer)
            } while length < 0 && errno == EINTR
            used = max(length, 0)
        }
        guard length >= 0 else { throw NetlinkError(what, code: errno) }
        return isFromKernel ? ReceivedMessage.split(octets) : []
    }

    /// Drops what waits, but not for ever.
    borrowing func discard() {
        var octet: UInt8 = 0
        for _ in 0..<100_000 {
            let length = unsafe recv(mnl_socket_get_fd(socket), &octet, 1, Int32(MSG_DONTWAIT))
            if length < 0, errno != ENOBUFS, errno != EINTR { return }
        }
    }

    /// libmnl does not say who sent a message, and anybody may.
    private static func receive(
        from descriptor: Int32, into buffer: UnsafeMutableBufferPointer<UInt8>
    ) -> (length: Int, isFromKernel: Bool) {
        var sender = sockaddr_nl()
        var size = socklen_t(MemoryLayout<sockaddr_nl>.size)
        let length = unsafe withUnsafeMutablePointer(to: &sender) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe recvfrom(descriptor, buffer.baseAddress, buffer.count, 0, pointer, &size)
            }
        }
        return (length, sender.nl_pid == 0)
    }

    /// Lets this many octets wait, also where ordinary sockets may not have so many.
    borrowing func setReceiveBuffer(_ octets: Int) {
        var value = Int32(clamping: octets)
        // Without the right to exceed the limit, the limit it is.
        _ = unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Hears a group whose number does not fit into the 32 bits of an address.
    borrowing func join(group: UInt32) throws(SystemError) {
        var group = group
        guard
            unsafe mnl_socket_setsockopt(
                socket, NETLINK_ADD_MEMBERSHIP, &group, socklen_t(MemoryLayout<UInt32>.size)) == 0
        else { throw SystemError("setsockopt(NETLINK_ADD_MEMBERSHIP, \(group))", code: errno) }
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

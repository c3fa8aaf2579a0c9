/// Any ICMP message (RFC 792), or any of ICMPv6 (RFC 4443), by its type and code.
public struct ICMPMessage: Hashable, Sendable {
    /// Whose numbers `type` and `code` are.
    public var family: AddressFamily
    /// The number that, with the family, gives `kind`.
    public var type: UInt8
    /// What the message is in particular, such as why something cannot be reached.
    public var code: UInt8
    /// Everything behind the checksum.
    public var body: [UInt8]

    /// Reads what an IP packet carries; the checksum is not judged, and every type is taken.
    public init(parsing octets: [UInt8], family: AddressFamily) throws(WireError) {
        var reader = ByteReader(octets)
        self.family = family
        type = try reader.uint8()
        code = try reader.uint8()
        _ = try reader.uint16()
        body = try reader.octets(reader.remaining)
    }

    /// What a message is for.
    public enum Kind: Hashable, Sendable {
        /// What `ping` sends.
        case echoRequest
        /// What `ping` gets.
        case echoReply
        /// A packet could not be delivered; the code says why.
        case destinationUnreachable
        /// IPv6; IPv4 says it with a code of `destinationUnreachable`.
        case packetTooBig
        /// A packet's hop limit ended on its way, or its fragments did not come in time.
        case timeExceeded
        /// A header could not be understood.
        case parameterProblem
        /// A router knows a better first hop.
        case redirect
        /// Any other type.
        case other
    }

    /// What the family and the type say together.
    public var kind: Kind {
        switch (family, type) {
        case (.ipv4, 8), (.ipv6, 128): .echoRequest
        case (.ipv4, 0), (.ipv6, 129): .echoReply
        case (.ipv4, 3), (.ipv6, 1): .destinationUnreachable
        case (.ipv6, 2): .packetTooBig
        case (.ipv4, 11), (.ipv6, 3): .timeExceeded
        case (.ipv4, 12), (.ipv6, 4): .parameterProblem
        case (.ipv4, 5), (.ipv6, 137): .redirect
        default: .other
        }
    }

    /// The message as an echo, or nil when it is none or cut off.
    public var echo: ICMPEcho? {
        guard kind == .echoRequest || kind == .echoReply, body.count >= 4 else { return nil }
        let number = { (offset: Int) in UInt16(body[offset]) << 8 | UInt16(body[offset + 1]) }
        return ICMPEcho(
            isReply: kind == .echoReply, identifier: number(0), sequence: number(2), payload: Array(body.dropFirst(4)))
    }

    /// Where packets should go instead, in a redirect: a gateway, or the host itself (RFC 4861 §4.5).
    public var redirectTarget: IPAddress? {
        guard kind == .redirect else { return nil }
        return family == .ipv4 ? IPAddress(octets: body.prefix(4)) : IPAddress(octets: body.dropFirst(4).prefix(16))
    }

    /// Whom the packet was for that an error speaks of, as far as the error quotes it.
    public var quotedDestination: IPAddress? {
        switch kind {
        case .redirect where family == .ipv6:
            return IPAddress(octets: body.dropFirst(20).prefix(16))
        case .destinationUnreachable, .packetTooBig, .timeExceeded, .parameterProblem, .redirect:
            let quote = body.dropFirst(4)
            return family == .ipv4
                ? IPAddress(octets: quote.dropFirst(16).prefix(4)) : IPAddress(octets: quote.dropFirst(24).prefix(16))
        case .echoRequest, .echoReply, .other:
            return nil
        }
    }
}

extension ICMPMessage: CustomStringConvertible {
    /// Such as `echo request, id 1, seq 7` or `host 10.9.0.5 unreachable`.
    public var description: String {
        let whom = quotedDestination.map { " \($0)" } ?? ""
        switch kind {
        case .echoRequest, .echoReply:
            guard let echo else { return "echo, cut off" }
            return "echo \(echo.isReply ? "reply" : "request"), id \(echo.identifier), seq \(echo.sequence)"
        case .destinationUnreachable: return unreachable(whom)
        case .packetTooBig: return "packet too big" + (whom.isEmpty ? "" : " for\(whom)")
        case .timeExceeded: return "time exceeded \(code == 0 ? "in transit" : "in reassembly")"
        case .parameterProblem: return "parameter problem, code \(code)"
        case .redirect: return "redirect\(whom)" + (redirectTarget.map { " to \($0)" } ?? "")
        case .other: return "type \(type), code \(code)"
        }
    }

    private func unreachable(_ whom: String) -> String {
        switch (family, code) {
        case (.ipv4, 0): "net of\(whom) unreachable"
        case (.ipv4, 1), (.ipv6, 3): "host\(whom) unreachable"
        case (.ipv4, 2): "protocol unreachable at\(whom)"
        case (.ipv4, 3), (.ipv6, 4): "port unreachable at\(whom)"
        case (.ipv4, 4): "fragmentation needed for\(whom)"
        case (.ipv4, 9), (.ipv4, 10), (.ipv4, 13), (.ipv6, 1): "prohibited:\(whom)"
        case (.ipv6, 0): "no route to\(whom)"
        default: "unreachable:\(whom), code \(code)"
        }
    }
}

// A literal that is no address is a mistake in the program, not in its input: it stops the program.

extension IPAddress: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) {
        guard let address = IPAddress(text) else { preconditionFailure("'\(text)' is not an IP address") }
        self = address
    }
}

extension IPPrefix: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) {
        guard let prefix = IPPrefix(text) else { preconditionFailure("'\(text)' is not an address and a length") }
        self = prefix
    }
}

extension MACAddress: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) {
        guard let address = MACAddress(text) else { preconditionFailure("'\(text)' is not an Ethernet address") }
        self = address
    }
}

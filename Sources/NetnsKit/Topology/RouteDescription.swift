import Wire

/// A route that a node has from its start.
public struct RouteDescription: Hashable, Sendable {
    /// A network such as `10.1.0.0/16`, or `default` for all of the gateway's family.
    public var destination: String
    /// The address of the next router, on a network of the node; nil when the destination is on the link itself.
    public var gateway: String?
    /// Needed without a gateway, and with one that is a link-local address.
    public var interface: String?

    /// A route by way of a gateway, over an interface, or, to a link-local gateway, both: `RouteDescription("default",
    /// via: "10.0.0.254")`.
    public init(_ destination: String, via gateway: String? = nil, over interface: String? = nil) {
        self.destination = destination
        self.gateway = gateway
        self.interface = interface
    }

    /// The way to every network of the gateway's family that no other route leads to.
    public static func `default`(via gateway: String, over interface: String? = nil) -> Self {
        Self("default", via: gateway, over: interface)
    }

    /// The destination as a network; nil when it cannot be read, and for a `default` that has no family.
    public var network: IPPrefix? {
        guard destination == "default" else { return IPPrefix(destination) }
        return gatewayAddress.flatMap { IPPrefix($0.family == .ipv4 ? .v4(.any) : .v6(.any), length: 0) }
    }

    /// The gateway when it can be read.
    public var gatewayAddress: IPAddress? { gateway.flatMap { IPAddress($0) } }
}

extension RouteDescription: CustomStringConvertible {
    public var description: String {
        destination + (gateway.map { " via \($0)" } ?? "") + (interface.map { " over \($0)" } ?? "")
    }
}

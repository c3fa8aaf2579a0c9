/// A route that a node has from its start.
public struct RouteDescription: Hashable, Sendable {
    /// A network such as `10.1.0.0/16`, or `default` for all of the gateway's family.
    public var destination: String
    /// The address of the next router, on a network of the node; nil when the destination is on the link itself.
    public var gateway: String?
    /// Needed without a gateway, and with one that is a link-local address.
    public var interface: String?

    public init(_ destination: String, via gateway: String? = nil, over interface: String? = nil) {
        self.destination = destination
        self.gateway = gateway
        self.interface = interface
    }
}

import VRRPCore
import Wire

/// A virtual router as a node's file has it, with what the protocol makes of its values.
public struct ConfiguredRouter: Hashable, Sendable {
    public var node: String
    public var identifier: UInt8
    public var family: AddressFamily
    public var figures: RouterFigures

    public init(node: String, identifier: UInt8, family: AddressFamily, figures: RouterFigures) {
        self.node = node
        self.identifier = identifier
        self.family = family
        self.figures = figures
    }

    /// Whether an advertisement is about this router.
    func isMeant(by packet: VRRPPacket) -> Bool {
        packet.virtualRouterID == identifier && (packet.addresses.first.map { $0.family == family } ?? true)
    }
}

extension ConfigurationReading {
    /// The virtual routers that can run, as those of a node.
    func configuredRouters(of node: String) -> [ConfiguredRouter] {
        zip(routers, figures).map { router, figures in
            ConfiguredRouter(
                node: node, identifier: router.virtualRouterID, family: router.family, figures: figures)
        }
    }
}

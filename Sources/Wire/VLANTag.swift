/// Which virtual network a frame belongs to (IEEE 802.1Q §9.6).
public struct VLANTag: Hashable, Sendable {
    /// Of a customer's network.
    static let customerType: UInt16 = 0x8100
    /// Of a provider's network around it.
    static let providerType: UInt16 = 0x88a8

    /// 0...7, the most urgent last.
    public var priority: UInt8
    /// It is dropped before others when a queue is full.
    public var isDropEligible: Bool
    /// 0...4095; 0 says that the tag has a priority only.
    public var identifier: UInt16

    /// A tag of a frame; most have an identifier and nothing else.
    public init(priority: UInt8 = 0, isDropEligible: Bool = false, identifier: UInt16) {
        self.priority = priority
        self.isDropEligible = isDropEligible
        self.identifier = identifier
    }

    /// Takes any 16 bits: every value is a tag.
    public init(controlInformation: UInt16) {
        priority = UInt8(controlInformation >> 13)
        isDropEligible = controlInformation & 0x1000 != 0
        identifier = controlInformation & 0x0fff
    }

    /// The 16 bits behind the tag's type.
    public var controlInformation: UInt16 {
        UInt16(priority & 0x7) << 13 | (isDropEligible ? 0x1000 : 0) | identifier & 0x0fff
    }
}

import Wire

/// A routing rule that comes and goes with a virtual router (`virtual_rules`), or is there as long as the daemon
/// (`static_rules`).
public struct VirtualRule: Hashable, Sendable {
    /// What the rule does with packets that match, as the kernel numbers it (`FR_ACT_*`).
    public enum Action: Hashable, Sendable {
        /// Looks the destination up in a table; 254 is the main one.
        case lookUp(table: UInt32)
        /// Goes on with another rule.
        case goTo(priority: UInt32)
        case blackhole
        case unreachable
        case prohibit
    }

    public var family: AddressFamily
    public var action: Action
    /// Rules are tried from the lowest to the highest.
    public var priority: UInt32
    public var source: IPPrefix?
    public var destination: IPPrefix?
    public var inputInterface: String?
    public var outputInterface: String?
    public var mark: UInt32?
    public var markMask: UInt32?
    public var typeOfService: UInt8 = 0
    public var realms: UInt32?
    /// The transport protocol by its number.
    public var ipProtocol: UInt8?
    public var sourcePorts: ClosedRange<UInt16>?
    public var destinationPorts: ClosedRange<UInt16>?
    public var users: ClosedRange<UInt32>?
    public var suppressedPrefixLength: UInt32?
    public var suppressedInterfaceGroup: UInt32?
    public var isForMasterDevices = false
    /// Packets that do not match are meant (`not`).
    public var isInverted = false
    /// False leaves it alone when somebody takes it away (`no_track`).
    public var isTracked = true

    public init(_ family: AddressFamily, _ action: Action, priority: UInt32) {
        self.family = family
        self.action = action
        self.priority = priority
    }
}

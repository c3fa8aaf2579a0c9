/// How strongly a router claims an address: 1...255, where 255 means that it owns the address itself.
///
/// Zero is not a priority: on the wire it says that the sender gives up (RFC 9568 §5.2.4).
public struct Priority: Hashable, Sendable {
    public let rawValue: UInt8

    /// The router to which the virtual addresses really belong.
    public static let owner = Priority(checked: 255)
    /// What a router claims when nobody said otherwise (RFC 9568 §6.1).
    public static let standard = Priority(checked: 100)

    /// Refuses 0.
    public init?(_ rawValue: UInt8) {
        guard rawValue != 0 else { return nil }
        self.rawValue = rawValue
    }

    /// The nearest priority that a tracked total may give a router that is not the owner: 1...254.
    public init(clamping total: Int) {
        rawValue = UInt8(min(max(total, 1), 254))
    }

    public var isOwner: Bool { rawValue == 255 }

    private init(checked rawValue: UInt8) {
        self.rawValue = rawValue
    }
}

extension Priority: Comparable, CustomStringConvertible {
    public static func < (left: Priority, right: Priority) -> Bool {
        left.rawValue < right.rawValue
    }

    public var description: String { String(rawValue) }
}

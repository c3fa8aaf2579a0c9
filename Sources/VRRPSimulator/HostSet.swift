/// Some of the hosts of a simulation, which are numbered from 1 and at most eight.
public struct HostSet: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The set of one host.
    public static func host(_ number: Int) -> HostSet {
        HostSet(rawValue: 1 << UInt8(number - 1))
    }

    /// The hosts 1 to `count`.
    public static func first(_ count: Int) -> HostSet {
        HostSet(rawValue: UInt8(truncatingIfNeeded: 1 << count - 1))
    }

    /// Whether a host is among them.
    public func includes(_ number: Int) -> Bool {
        rawValue & 1 << UInt8(number - 1) != 0
    }

    public var count: Int { rawValue.nonzeroBitCount }

    /// From the lowest to the highest.
    public var numbers: [Int] {
        (1...8).filter(includes)
    }
}

extension HostSet: CustomStringConvertible {
    /// Names as the timeline has them, such as `node1, node3`.
    public var description: String {
        isEmpty ? "nobody" : numbers.map { "node\($0)" }.joined(separator: ", ")
    }
}

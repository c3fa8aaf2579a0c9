/// Why octets are not what they claim to be; offsets count from the first octet given to the parser.
public enum WireError: Error, Hashable, Sendable {
    /// The octets end too early: what begins at `offset` lacks its last `missing` octets.
    case truncated(offset: Int, missing: Int)
    /// The format ends at `offset`, the octets go on for `count` more.
    case trailingOctets(offset: Int, count: Int)
    /// A field holds a number that the format, or this reader of it, has no meaning for.
    case badValue(field: String, value: Int)
}

extension WireError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .truncated(let offset, let missing): "missing octets: \(missing), of what begins at offset \(offset)"
        case .trailingOctets(let offset, let count): "trailing octets: \(count), from offset \(offset) on"
        case .badValue(let field, let value): "bad \(field) \(value)"
        }
    }
}

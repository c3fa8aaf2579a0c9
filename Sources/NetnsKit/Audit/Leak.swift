/// Something of a lab that is still there after its end.
public struct Leak: Hashable, Sendable {
    public var kind: Kind
    /// What it is, with whatever finds it again: a number, an inode, a path.
    public var text: String

    /// What a lab can leave behind.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case process
        case namespace
        case link
        case mount
        case controlGroup = "cgroup"
        /// A descriptor of this process, or the part of the lab that holds it.
        case descriptor
    }

    public init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }
}

extension Leak: CustomStringConvertible {
    public var description: String { "\(kind.rawValue): \(text)" }
}

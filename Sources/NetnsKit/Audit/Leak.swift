/// Something of a lab that is still there after its end.
public struct Leak: Hashable, Sendable {
    /// What sort of thing it is, and so where to look for it.
    public var kind: Kind
    /// What it is, with whatever finds it again: a number, an inode, a path.
    public var text: String

    /// What a lab can leave behind.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A process of one of the lab's nodes.
        case process
        /// A network that a process still stands in, or that the harness holds open.
        case namespace
        /// A link of the lab in the network of the harness.
        case link
        /// A mount of the lab where the harness sees it.
        case mount
        /// A control group that was made for a fault.
        case controlGroup = "cgroup"
        /// A descriptor of this process, or the part of the lab that holds it.
        case descriptor
    }

    /// Names something that was found, with the text by which it can be found again.
    public init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }
}

extension Leak: CustomStringConvertible {
    public var description: String { "\(kind.rawValue): \(text)" }
}

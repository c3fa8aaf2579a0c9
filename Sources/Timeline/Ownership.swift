import Wire

/// The time during which one node's kernel had an address.
public struct OwnershipSpan: Hashable, Sendable {
    /// The node whose kernel had the address.
    public var node: String
    /// When the kernel reported the address; for one that was there before the record begins, the beginning.
    public var from: Instant
    /// When it was gone, or nil when the node still had it at the end of the record.
    public var until: Instant?

    /// A time of ownership; one without an end lasts beyond the record.
    public init(node: String, from: Instant, until: Instant? = nil) {
        self.node = node
        self.from = from
        self.until = until
    }
}

/// The time during which several kernels had the same address.
public struct SharedOwnership: Hashable, Sendable {
    /// Every node that had the address at some moment of this time, in the order of their names.
    public var nodes: [String]
    /// When the second owner's kernel had the address.
    public var from: Instant
    /// When at most one owner was left, or nil when there were several at the end of the record.
    public var until: Instant?
    /// How much shorter it may have been, given how late the kernel's reports arrive.
    public var uncertainty: Duration
}

extension Timeline {
    /// Which nodes' kernels had an address, and when, sorted by the beginning.
    ///
    /// A node that has it on several interfaces has it until the last of them loses it. A node that vanishes loses it.
    public func ownership(of address: IPAddress) -> [OwnershipSpan] {
        var spans: [OwnershipSpan] = []
        var interfaces: [String: Set<String>] = [:]
        let end = { (node: String, time: Instant) in
            interfaces[node] = nil
            guard let open = spans.lastIndex(where: { $0.node == node && $0.until == nil }) else { return }
            spans[open].until = time
        }
        for event in events {
            guard let node = event.node else { continue }
            switch event.kind {
            case .addressAdded(let prefix, let interface) where prefix.address == address:
                if interfaces[node, default: []].isEmpty { spans.append(OwnershipSpan(node: node, from: event.time)) }
                interfaces[node, default: []].insert(interface)
            case .addressRemoved(let prefix, let interface) where prefix.address == address:
                if !spans.contains(where: { $0.node == node }), let first {
                    spans.insert(OwnershipSpan(node: node, from: first.time), at: 0)
                }
                interfaces[node]?.remove(interface)
                if interfaces[node, default: []].isEmpty { end(node, event.time) }
            case .vanished:
                end(node, event.time)
            default:
                continue
            }
        }
        return spans
    }

    /// When more than one node's kernel had an address.
    public func sharedOwnership(of address: IPAddress) -> [SharedOwnership] {
        let spans = ownership(of: address)
        let instants = Set(spans.flatMap { [$0.from, $0.until].compactMap(\.self) }).sorted()
        var shared: [SharedOwnership] = []
        var isShared = false
        for instant in instants {
            let owners = spans.filter { $0.from <= instant && $0.until.map { $0 > instant } ?? true }.map(\.node)
            if owners.count > 1 {
                if !isShared {
                    shared.append(SharedOwnership(nodes: [], from: instant, until: nil, uncertainty: .zero))
                }
                let nodes = Set(shared[shared.count - 1].nodes).union(owners)
                shared[shared.count - 1].nodes = nodes.sorted()
            } else if isShared {
                shared[shared.count - 1].until = instant
                shared[shared.count - 1].uncertainty = uncertainty(of: address, at: instant)
            }
            isShared = owners.count > 1
        }
        return shared
    }

    /// How much earlier than the instant of its report the address may have changed.
    private func uncertainty(of address: IPAddress, at instant: Instant) -> Duration {
        self[instant...instant].filter { $0.kind.address == address || $0.kind == .vanished }
            .map(\.uncertainty).max() ?? .zero
    }
}

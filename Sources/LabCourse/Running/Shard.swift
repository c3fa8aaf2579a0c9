/// One of several parts of a run's work, for machines that share it.
public struct Shard: Hashable, Sendable, CustomStringConvertible {
    /// From 1.
    public var index: Int
    public var count: Int

    /// - Returns: nil unless 1 <= index <= count.
    public init?(_ index: Int, of count: Int) {
        guard count >= 1, (1...count).contains(index) else { return nil }
        self.index = index
        self.count = count
    }

    /// Reads `2/4`.
    public init?(parsing text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let index = parts[0], let count = parts[1] else { return nil }
        self.init(index, of: count)
    }

    public var description: String { "\(index)/\(count)" }

    /// Parts work by what each piece takes: the longest first, each to the shard that has least so far.
    ///
    /// The same times give the same parts on every machine; every piece is in exactly one.
    ///
    /// - Parameter seconds: of each piece.
    /// - Returns: for each shard the numbers of its pieces, in their order.
    public static func partition(_ seconds: [Int], into count: Int) -> [[Int]] {
        var loads = [Int](repeating: 0, count: max(count, 1))
        var parts = [[Int]](repeating: [], count: loads.count)
        let longestFirst = seconds.indices.sorted { (seconds[$1], $0) < (seconds[$0], $1) }
        for piece in longestFirst {
            let least = loads.indices.min { (loads[$0], parts[$0].count, $0) < (loads[$1], parts[$1].count, $1) } ?? 0
            // What takes no time still takes its turn.
            loads[least] += seconds[piece]
            parts[least].append(piece)
        }
        return parts.map { $0.sorted() }
    }
}

extension Shard {
    /// The shard that a CI system gave this machine; nil when it gave none.
    ///
    /// Kubernetes counts an Indexed Job's `JOB_COMPLETION_INDEX` from 0, and its manifest has to pass `completions` on
    /// as `JOB_COMPLETIONS`. GitLab counts `CI_NODE_INDEX` from 1 and sets `CI_NODE_TOTAL`.
    public init?(environment: (String) -> String?) {
        func number(_ name: String) -> Int? { environment(name).flatMap { Int($0) } }
        if let index = number("JOB_COMPLETION_INDEX"), let count = number("JOB_COMPLETIONS") {
            self.init(index + 1, of: count)
        } else if let index = number("CI_NODE_INDEX"), let count = number("CI_NODE_TOTAL") {
            self.init(index, of: count)
        } else {
            return nil
        }
    }
}

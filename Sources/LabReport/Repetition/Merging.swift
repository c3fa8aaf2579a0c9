import LabCourse

/// Shards of a run that are made one again.
public struct Merging: Sendable {
    /// A shard, and where it is.
    public struct Part: Sendable {
        public var directory: String
        public var document: RunDocument

        public init(directory: String, document: RunDocument) {
            self.directory = directory
            self.document = document
        }
    }

    /// In the order of their numbers.
    public let parts: [Part]
    /// Those that are not there, such as `2/3`.
    public let missing: [String]
    /// How many scenarios no shard has an answer for.
    public let unanswered: Int

    /// Looks whether shards belong together, and whether any is missing.
    ///
    /// - Throws: when they are of different runs, or one is there twice.
    public init(_ found: [Part]) throws(MergeError) {
        guard let first = found.first else { throw .none }
        var places: [Int: Part] = [:]
        var count = 0
        for part in found {
            guard let shard = part.document.run.shard.flatMap({ Shard(parsing: $0) }) else {
                throw .notShard(part.directory)
            }
            try Self.compare(part, with: first)
            if let other = places[shard.index] { throw .twice(shard.description, other.directory, part.directory) }
            places[shard.index] = part
            count = shard.count
        }
        parts = places.sorted { $0.key < $1.key }.map(\.value)
        missing = (1...count).filter { places[$0] == nil }.map { "\($0)/\(count)" }
        let answered = parts.reduce(0) { $0 + $1.document.scenarios.count }
        unanswered = max((first.document.run.planned ?? answered) - answered, 0)
    }

    private static func compare(_ part: Part, with first: Part) throws(MergeError) {
        let (own, other) = (part.document.run, first.document.run)
        func demand(_ what: String, _ left: String, _ right: String) throws(MergeError) {
            if left != right { throw .foreign(what, first.directory, right, part.directory, left) }
        }
        let count = { (run: RunRecord) in run.shard?.split(separator: "/").last.map(String.init) ?? "" }
        try demand("the version", own.programs["labrun"] ?? "", other.programs["labrun"] ?? "")
        try demand("the number of shards", count(own), count(other))
        try demand("what ran", (own.words ?? []).joined(separator: " "), (other.words ?? []).joined(separator: " "))
        try demand("the seed", "\(own.seed)", "\(other.seed)")
    }

    /// The whole, as if one machine had run it.
    ///
    /// - Parameters:
    ///   - id: the name of its directory.
    ///   - exit: the code that it ends with.
    public func document(id: String, exit: Int32, artifacts: String) -> RunDocument {
        var whole = parts[0].document
        whole.run.id = id
        whole.run.shard = nil
        whole.run.started = parts.map(\.document.run.started).min() ?? whole.run.started
        whole.run.programs = parts.reduce(into: [:]) { $0.merge($1.document.run.programs) { old, _ in old } }
        whole.scenarios = parts.flatMap(\.document.scenarios)
        var mistakes: Set<Diagnosis> = []
        whole.diagnoses = parts.flatMap(\.document.diagnoses).filter { mistakes.insert($0).inserted }
        let ends = parts.compactMap(\.document.end)
        whole.end = EndRecord(
            verdicts, seconds: ends.map(\.seconds).max() ?? 0, exit: exit, artifacts: artifacts, cut: cut,
            unfinished: ends.flatMap { $0.unfinished ?? [] })
        if whole.end?.unfinished == [] { whole.end?.unfinished = nil }
        return whole
    }

    /// Of every check of every shard.
    public var verdicts: [Verdict] { parts.flatMap { $0.document.scenarios.flatMap { $0.checks.map(\.verdict) } } }
    /// Whether every scenario of the whole has an answer.
    public var isComplete: Bool { missing.isEmpty && unanswered == 0 }

    private var cut: String? {
        let words = missing.count == 1 ? "shard" : "shards"
        if !missing.isEmpty { return "\(words) \(missing.joined(separator: ", ")) missing" }
        return unanswered > 0 ? "the shards did not run everything" : nil
    }
}

/// Why shards cannot be made one.
public enum MergeError: Error, Hashable, Sendable, CustomStringConvertible {
    case none
    case notShard(String)
    case twice(String, String, String)
    case foreign(String, String, String, String, String)

    public var description: String {
        switch self {
        case .none: "there is no run in these directories: each shard's has a run.json"
        case .notShard(let directory):
            "\(directory) is no shard: only runs with --shard can be merged"
        case .twice(let shard, let first, let second):
            "shard \(shard) is there twice: \(first) and \(second); leave one of them out"
        case .foreign(let what, let first, let theirs, let second, let own):
            "these are no shards of one run: \(what) differs: \(first) has '\(theirs)', \(second) has '\(own)'"
        }
    }
}

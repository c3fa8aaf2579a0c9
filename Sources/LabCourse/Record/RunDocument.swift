/// A whole run, as `run.json` keeps it: every report is made from it and from the files beside it.
public struct RunDocument: Codable, Hashable, Sendable {
    /// In the run's directory.
    public static let fileName = "run.json"

    public var run: RunRecord
    public var scenarios: [ScenarioDocument]
    /// Mistakes that were found in somebody's files.
    public var diagnoses: [Diagnosis]
    /// Somebody's files, when the run was about them.
    public var files: [FileRecord]
    /// Missing when the run was cut off.
    public var end: EndRecord?

    public init(
        run: RunRecord, scenarios: [ScenarioDocument] = [], diagnoses: [Diagnosis] = [], files: [FileRecord] = [],
        end: EndRecord? = nil
    ) {
        self.run = run
        self.scenarios = scenarios
        self.diagnoses = diagnoses
        self.files = files
        self.end = end
    }
}

/// A scenario of a run, with what a reader needs to see why it came out so.
public struct ScenarioDocument: Codable, Hashable, Sendable {
    public var record: ScenarioRecord
    public var checks: [CheckRecord]
    /// When the host stood still.
    public var stalls: [StallRecord]
    /// Its faults, with the frames around them.
    public var moments: [MomentRecord]
    /// The virtual routers of its nodes, as their files have them.
    public var routers: [RouterRecord]?
    /// A table that the scenario made for people, one line each.
    public var table: [String]
    /// Where its captures, logs and drawings are, below the run's directory.
    public var directory: String
    /// The names of those files, such as `lan.pcapng` and `files/node1-keepalived.conf`.
    public var files: [String]?
    /// What a shell takes to run it again as it was.
    public var command: String
    /// What earlier runs of it could not answer, when it was run again: one for each.
    public var earlier: [CheckRecord]?

    public init(
        record: ScenarioRecord, checks: [CheckRecord], stalls: [StallRecord] = [], moments: [MomentRecord] = [],
        routers: [RouterRecord]? = nil, table: [String] = [], directory: String, command: String,
        earlier: [CheckRecord]? = nil
    ) {
        self.record = record
        self.checks = checks
        self.stalls = stalls
        self.moments = moments
        self.routers = routers
        self.table = table
        self.directory = directory
        self.command = command
        self.earlier = earlier
    }
}

/// Time in which the host ran nothing of a lab.
public struct StallRecord: Codable, Hashable, Sendable {
    /// Its end, in seconds from the lab's start.
    public var t: Double
    /// In seconds.
    public var length: Double

    public init(t: Double, length: Double) {
        self.t = t
        self.length = length
    }
}

/// A fault or its end, and the frames around it.
public struct MomentRecord: Codable, Hashable, Sendable {
    /// In seconds from the lab's start.
    public var t: Double
    /// What was done, in words.
    public var title: String
    public var frames: [FrameRecord]
    /// How many advertisements and announcements up to the next moment are left out: they are like those before.
    public var omitted: Int?

    public init(t: Double, title: String, frames: [FrameRecord], omitted: Int? = nil) {
        self.t = t
        self.title = title
        self.frames = frames
        self.omitted = omitted
    }
}

/// A frame in a line for people.
public struct FrameRecord: Codable, Hashable, Sendable {
    /// In seconds from the lab's start.
    public var t: Double
    /// Whose it is: the node that sent it.
    public var node: String
    public var summary: String
    /// Whether it is something else than what came before it: another sender, another priority, an announcement.
    public var isChange: Bool

    public init(t: Double, node: String, summary: String, isChange: Bool) {
        self.t = t
        self.node = node
        self.summary = summary
        self.isChange = isChange
    }
}

/// A file of somebody's.
public struct FileRecord: Codable, Hashable, Sendable {
    /// As the lab's text calls it.
    public var path: String
    public var nodes: [String]
    public var text: String
    /// Where it was read, when that is somewhere else.
    public var place: String?

    public init(path: String, nodes: [String], text: String, place: String? = nil) {
        self.path = path
        self.nodes = nodes
        self.text = text
        self.place = place
    }
}

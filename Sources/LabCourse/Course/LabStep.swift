import NetnsKit

/// One step of the course: what it teaches, the files that it is about, and the scenarios that prove it.
public struct LabStep: Sendable {
    /// Such as `step4`.
    public var id: String
    public var title: String
    /// One sentence: what a learner can do afterwards.
    public var goal: String
    /// The network, drawn in ASCII.
    public var picture: String
    /// The lesson, in Markdown.
    public var lesson: String
    /// About how long its scenarios take when they run side by side.
    public var seconds: Int
    public var variants: [LabVariant: VariantContents]
    /// What the learner writes; empty for a step that is only watched.
    public var files: [LearnerFile]
    /// What to say to somebody who is stuck, from a nudge to nearly everything; what comes after the last is the
    /// difference to the solution.
    public var hints: [String]
    /// Where the published text of this step differs from the wire.
    public var errata: [Erratum]

    public init(
        id: String, title: String, goal: String, picture: String, lesson: String, seconds: Int,
        variants: [LabVariant: VariantContents], files: [LearnerFile] = [], hints: [String] = [],
        errata: [Erratum] = []
    ) {
        self.id = id
        self.title = title
        self.goal = goal
        self.picture = picture
        self.lesson = lesson
        self.seconds = seconds
        self.variants = variants
        self.files = files
        self.hints = hints
        self.errata = errata
    }
}

/// Whose values a step runs with.
public enum LabVariant: String, Hashable, Sendable, Codable, CaseIterable {
    /// The values of the published text, mistakes included.
    case asWritten = "as-written"
    /// The corrected files; they pass with every daemon.
    case reference
    /// The learner's own files, as they are.
    case yours
}

/// The files and scenarios of one variant of a step.
public struct VariantContents: Sendable {
    public var files: [NodeFile]
    public var scenarios: [Scenario]

    public init(files: [NodeFile], scenarios: [Scenario]) {
        self.files = files
        self.scenarios = scenarios
    }
}

/// A file that is put into a node before anything is started there.
public struct NodeFile: Hashable, Sendable {
    public var node: String
    /// Absolute, as the node sees it.
    public var path: String
    public var contents: String
    /// Permission bits.
    public var mode: UInt32
    public var owner: UInt32
    public var group: UInt32

    public init(
        _ path: String, on node: String, _ contents: String, mode: UInt32 = 0o644, owner: UInt32 = 0, group: UInt32 = 0
    ) {
        self.node = node
        self.path = path
        self.contents = contents
        self.mode = mode
        self.owner = owner
        self.group = group
    }

    /// The same file as somebody's work.
    public var source: SourceFile { SourceFile(path, Array(contents.utf8), mode: mode, owner: owner, group: group) }
}

/// One experiment of a step: a network, a course of events, and checks on what was seen.
public struct Scenario: Sendable {
    /// Unique within its step, such as `crash`.
    public var id: String
    public var title: String
    public var topology: Topology
    public var files: [NodeFile]
    /// The file that each node's daemon reads, by the node's name; a node without one runs no daemon.
    public var configurations: [String: String]
    /// Without these programs it is skipped.
    public var needs: [ProgramNeed]
    /// The sentences of the published text that it puts to the test.
    public var errata: [Erratum]
    /// Whether its fault can come at a chosen moment between two advertisements.
    public var takesPhase: Bool
    public var body: @Sendable (ScenarioRun) async throws -> Void

    /// - Parameter configurations: when nil, each node's first file whose name ends in `.conf`.
    public init(
        _ id: String, _ title: String, topology: Topology, files: [NodeFile], configurations: [String: String]? = nil,
        needs: [ProgramNeed] = [], errata: [Erratum] = [], takesPhase: Bool = false,
        body: @escaping @Sendable (ScenarioRun) async throws -> Void
    ) {
        self.id = id
        self.title = title
        self.topology = topology
        self.files = files
        let found = files.filter { $0.path.hasSuffix(".conf") }.map { ($0.node, $0.path) }
        self.configurations = configurations ?? Dictionary(found) { first, _ in first }
        self.needs = needs
        self.errata = errata
        self.takesPhase = takesPhase
        self.body = body
    }
}

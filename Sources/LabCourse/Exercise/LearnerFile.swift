/// A file that a step has its learner write.
public struct LearnerFile: Hashable, Sendable {
    /// What the file is to the nodes that get it.
    public enum Role: Hashable, Sendable {
        /// The daemon starts with it.
        case configuration
        /// The daemon runs it.
        case script
    }

    /// As the lab's text names it; the node has it under the same path.
    public var path: String
    /// Who gets it.
    public var nodes: [String]
    public var role: Role
    /// What `labrun reset` puts there: a beginning that does not pass.
    public var start: String
    /// What `labrun solve` puts there: it passes with every daemon.
    public var solution: String
    /// Permission bits that the text asks for.
    public var mode: UInt32

    public init(
        _ path: String, on nodes: [String], _ role: Role, start: String, solution: String, mode: UInt32 = 0o644
    ) {
        self.path = path
        self.nodes = nodes
        self.role = role
        self.start = start
        self.solution = solution
        self.mode = mode
    }

    /// The solution as if the learner had written it.
    public var solved: SourceFile { SourceFile(path, Array(solution.utf8), mode: mode) }
    /// The beginning as `labrun reset` writes it.
    public var begun: SourceFile { SourceFile(path, Array(start.utf8), mode: mode) }
}

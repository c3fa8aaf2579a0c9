/// The processes behind a `vrrp_track_process`.
public struct TrackProcess: Hashable, Sendable {
    /// How arguments are compared (`param_match`).
    public enum ParameterMatch: Hashable, Sendable {
        /// All of them, exactly.
        case exact
        /// The process may have more.
        case initial
        /// The last one of ours may be the beginning of its counterpart.
        case partial
    }

    /// As in `RouterConfiguration.processes`.
    public var name: String
    /// What is compared with the process's name, or with its command line where there are parameters.
    public var program: String
    /// nil: arguments do not matter.
    public var parameters: [String]?
    public var match: ParameterMatch
    /// The first word of the command line counts instead of the name that the kernel keeps (`full_command`).
    public var comparesCommandLine: Bool

    public init(
        name: String, program: String, parameters: [String]? = nil, match: ParameterMatch = .exact,
        comparesCommandLine: Bool = false
    ) {
        self.name = name
        self.program = program
        self.parameters = parameters
        self.match = match
        self.comparesCommandLine = comparesCommandLine
    }
}

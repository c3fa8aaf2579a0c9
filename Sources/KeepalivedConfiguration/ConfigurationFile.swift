/// One configuration file, as whoever has a file system read it.
public struct ConfigurationFile: Hashable, Sendable {
    /// What diagnostics call it; `${_PWD}` is its directory.
    public var name: String
    public var text: String

    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

/// Reads what a file name or, in an `include`, a pattern names; relative patterns are meant relative to the directory
/// of the including file, which is nil for the main file. No files: nothing matches.
public typealias ConfigurationLoader = (_ pattern: String, _ includedFrom: String?) -> [ConfigurationFile]

/// The file behind a `track_file`.
public struct TrackFile: Hashable, Sendable {
    /// As in `RouterConfiguration.files`.
    public var name: String
    public var path: String
    /// Written at the start, into a file that is not there, or into any with `overwrites` (`init_file`).
    public var initialValue: Int?
    public var overwrites: Bool

    public init(name: String, path: String, initialValue: Int? = nil, overwrites: Bool = false) {
        self.name = name
        self.path = path
        self.initialValue = initialValue
        self.overwrites = overwrites
    }
}

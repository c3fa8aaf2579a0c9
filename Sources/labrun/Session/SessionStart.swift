/// What a server says once, when its lab stands.
struct SessionStart: Codable, Sendable {
    var status: LabStatus
    /// What does not run as it should; empty when all is well.
    var complaints: [String]
}

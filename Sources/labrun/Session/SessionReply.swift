/// What a standing lab answers.
enum SessionReply: Codable, Sendable {
    /// It was not done, and this is why.
    case refused(String, code: Int32)
    /// It was done, in lines for people.
    case done([String])
    case status(LabStatus)
    case look(LookReport)
    /// The program runs; the person's side of its terminal comes along when it has one.
    case started
    /// The program ended, with the code that a shell would have for it.
    case ended(Int32)
    /// The capture begins; what to add to its times to get nanoseconds since 1970.
    case capturing(realTimeOffset: Int64)
    case sight(CaptureRecord)
}

/// A request that cannot be met, with the exit code for it.
struct SessionRefusal: Error {
    var sentence: String
    var status: ExitStatus

    init(_ sentence: String, _ status: ExitStatus = .failed) {
        self.sentence = sentence
        self.status = status
    }
}

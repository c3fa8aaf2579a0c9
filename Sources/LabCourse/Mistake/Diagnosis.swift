/// A mistake found: which, where, and what shows it.
public struct Diagnosis: Hashable, Sendable, Codable {
    /// How much harm it does.
    public enum Severity: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
        /// Good to know; nothing is lost.
        case note
        /// It works, but not as the line says.
        case warning
        /// Something that the learner wants does not happen.
        case error

        private var rank: Int {
            switch self {
            case .note: 0
            case .warning: 1
            case .error: 2
            }
        }

        /// The less harmful one comes first.
        public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
    }

    /// A line of a file.
    public struct Place: Hashable, Sendable, Codable {
        public var file: String
        /// From 1; nil means the file as a whole.
        public var line: Int?
        /// The line as it is written, without its indentation.
        public var text: String?

        public init(file: String, line: Int? = nil, text: String? = nil) {
            self.file = file
            self.line = line
            self.text = text
        }
    }

    /// Something that was seen while it ran.
    public struct Sight: Hashable, Sendable, Codable {
        /// Such as `node2 log` or `lan.pcapng frames 41, 44`.
        public var source: String
        public var text: String

        public init(_ source: String, _ text: String) {
            self.source = source
            self.text = text
        }
    }

    public var code: MistakeCode
    public var severity: Severity
    /// Where it was made: more than one place when two files disagree.
    public var places: [Place]
    /// What is wrong with these very lines, in one sentence.
    public var sentence: String
    /// What to write or do instead, in one sentence or line.
    public var remedy: String
    /// What keepalived's log or `keepalived -t` says about it; nil when it is silent.
    public var message: String?
    public var sights: [Sight]
    /// The scenarios in which it was seen, such as `step4/nopreempt`; nil when files alone show it.
    public var because: [String]?

    public init(
        _ code: MistakeCode, _ severity: Severity, at places: [Place], _ sentence: String, remedy: String,
        message: String? = nil, sights: [Sight] = []
    ) {
        self.code = code
        self.severity = severity
        self.places = places
        self.sentence = sentence
        self.remedy = remedy
        self.message = message
        self.sights = sights
    }
}

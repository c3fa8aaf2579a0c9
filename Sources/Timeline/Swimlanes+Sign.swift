import Wire

extension Swimlanes {
    /// What an event says beside its own meaning: only who knows the programs can read their lines.
    public enum Sign: Hashable, Sendable {
        /// A router says what it is now, such as MASTER, and which it is of those of its node.
        case state(String, router: String)
        /// A router told somebody of a change: a script, a webhook.
        case told(String)
        /// A check that a router depends on came to a result.
        case result(String, isGood: Bool)
    }

    /// When theory has something happen: drawn as a band in the lane of whoever has to do it.
    public struct Expectation: Hashable, Sendable {
        /// Who has to act.
        public var node: String
        /// From the earliest to the latest moment.
        public var window: ClosedRange<Instant>
        /// The very moment, when the record tells it.
        public var due: Instant?
        /// What is expected and where the times come from, in a sentence.
        public var text: String

        /// Makes an expectation; nothing is judged by it.
        public init(node: String, window: ClosedRange<Instant>, due: Instant? = nil, text: String) {
            self.node = node
            self.window = window
            self.due = due
            self.text = text
        }
    }
}

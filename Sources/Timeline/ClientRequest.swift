import Wire

/// One request of a client that asks a service again and again, and what came of it.
public struct ClientRequest: Hashable, Sendable {
    /// Whom it asked: an address, or an address and a port such as `192.168.1.100:80`.
    public var service: String
    /// Counted from zero, per probe.
    public var number: Int
    /// When the client began to ask; its patience is counted from here.
    public var asked: Instant
    /// The client's own port of the connection, by which its frames are found; nil where there is none.
    public var clientPort: UInt16?
    /// What the client got for it.
    public var outcome: Outcome

    /// What a client can see of a service.
    public enum Outcome: Hashable, Sendable {
        /// The service answered; by whom, as far as the answer tells.
        case answered(by: String?)
        /// Nothing useful came; why, in the words of the kernel or of the protocol.
        case failed(String)
    }

    /// Tells of one request and its end, as a probe does.
    public init(service: String, number: Int, asked: Instant, clientPort: UInt16? = nil, outcome: Outcome) {
        self.service = service
        self.number = number
        self.asked = asked
        self.clientPort = clientPort
        self.outcome = outcome
    }

    /// Whether the service answered.
    public var isAnswered: Bool {
        if case .answered = outcome { true } else { false }
    }
}

extension ClientRequest: CustomStringConvertible {
    /// Such as `192.168.1.100:80 answered: node2`.
    public var description: String {
        switch outcome {
        case .answered(let responder): "\(service) answered" + (responder.map { ": \($0)" } ?? "")
        case .failed(let reason): "\(service) failed: \(reason)"
        }
    }
}

import Wire

/// What one client saw of one service, request by request.
public struct ServiceExperience: Hashable, Sendable {
    /// In the order of their numbers; a request that never left its node may be missing.
    public var requests: [ClientRequest]
    /// Requests that were answered more than once, as when two hosts have an address.
    public var duplicates: [ClientRequest]

    /// Looks at requests in any order; they are sorted by their numbers.
    public init(_ requests: [ClientRequest], duplicates: [ClientRequest] = []) {
        self.requests = requests.sorted { $0.number < $1.number }
        self.duplicates = duplicates
    }

    /// A time without answers.
    public struct Outage: Hashable, Sendable {
        /// When the last request before it was made that was answered; nil when none was.
        public var lastGood: Instant?
        /// When the first request after it was made that was answered; nil when none has been.
        public var firstGood: Instant?
        /// How many requests in between were not answered.
        public var missed: Int

        /// An outage between two answers; nil where it begins before the first request, or goes on after the last.
        public init(lastGood: Instant?, firstGood: Instant?, missed: Int) {
            self.lastGood = lastGood
            self.firstGood = firstGood
            self.missed = missed
        }

        /// Between these two requests: never shorter than the outage, and at most two intervals longer.
        public var length: Duration? {
            guard let lastGood, let firstGood else { return nil }
            return firstGood - lastGood
        }
    }

    /// Every run of requests without an answer, in order.
    public var outages: [Outage] {
        var outages: [Outage] = []
        var last: ClientRequest?
        for request in requests where request.isAnswered {
            let missed = request.number - (last?.number ?? (requests.first?.number ?? 0) - 1) - 1
            if missed > 0 {
                outages.append(Outage(lastGood: last?.asked, firstGood: request.asked, missed: missed))
            }
            last = request
        }
        let rest = (requests.last?.number ?? 0) - (last?.number ?? (requests.first?.number ?? 0) - 1)
        if rest > 0, !requests.isEmpty {
            outages.append(Outage(lastGood: last?.asked, firstGood: nil, missed: rest))
        }
        return outages
    }

    /// The longest outage between two answers; nil when no request in between was missed.
    public var longestOutage: Outage? {
        outages.filter { $0.length != nil }.max { ($0.length ?? .zero) < ($1.length ?? .zero) }
    }

    /// Who answered, in the order in which each did so first.
    public var responders: [String] {
        var seen: Set<String> = []
        return requests.compactMap(\.responder).filter { seen.insert($0).inserted }
    }

    /// The requests that somebody answered who should not have.
    public func wrongAnswers(expected: Set<String>) -> [ClientRequest] {
        requests.filter { request in request.responder.map { !expected.contains($0) } ?? false }
    }
}

extension ClientRequest {
    /// Who answered, as far as that is known.
    public var responder: String? {
        if case .answered(let responder) = outcome { responder } else { nil }
    }
}

extension Timeline {
    /// What a node's probe saw of a service such as `192.168.1.100:80`.
    ///
    /// Where an answer does not say who gave it, the Ethernet address does from which the connection was accepted.
    public func experience(of service: String, by node: String) -> ServiceExperience {
        var requests: [ClientRequest] = []
        var acceptors: [UInt16: MACAddress] = [:]
        for event in events where event.node == node {
            if case .request(var request) = event.kind, request.service == service {
                if request.outcome == .answered(by: nil), let acceptor = request.clientPort.flatMap({ acceptors[$0] }) {
                    request.outcome = .answered(by: acceptor.description)
                }
                requests.append(request)
            } else if !event.isSent, let frame = event.frame, case .tcp(let segment, _) = frame.content,
                segment.flags.isSuperset(of: [.synchronize, .acknowledge])
            {
                acceptors[segment.destinationPort] = frame.ethernet.source
            }
        }
        return ServiceExperience(requests)
    }

    /// What a node's echo requests to an address came to; who answers is told by the Ethernet address.
    ///
    /// Requests that were not answered by the end of the record have failed.
    public func echoExperience(of address: IPAddress, by node: String) -> ServiceExperience {
        var requests: [ClientRequest] = []
        var positions: [UInt32: Int] = [:]
        var duplicates: [ClientRequest] = []
        var last: (number: Int, sequence: UInt16)?
        for event in events where event.node == node {
            guard case .icmp(let message, let packet)? = event.frame?.content, let echo = message.echo else { continue }
            let key = UInt32(echo.identifier) << 16 | UInt32(echo.sequence)
            if event.isSent, !echo.isReply, packet.destination == address {
                // Sequences begin anew after 65535, numbers do not.
                let step = last.map { Int(echo.sequence &- $0.sequence) } ?? 0
                let number = (last?.number ?? 0) + step
                last = (number, echo.sequence)
                positions[key] = requests.count
                requests.append(
                    ClientRequest(
                        service: "\(address)", number: number, asked: event.time, outcome: .failed("no answer")))
            } else if !event.isSent, echo.isReply, packet.source == address, let position = positions[key] {
                if requests[position].isAnswered {
                    duplicates.append(requests[position])
                } else {
                    requests[position].outcome = .answered(by: event.frame?.ethernet.source.description)
                }
            }
        }
        return ServiceExperience(requests, duplicates: duplicates)
    }
}

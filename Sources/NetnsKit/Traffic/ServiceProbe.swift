import LinuxSystem
import Synchronization
import Timeline
import Wire

/// A client that connects to a service again and again, and may ask it for a page, as its users would.
///
/// Each request is an event of the timeline when it was answered or given up; `Timeline.experience` makes outages of
/// them. A new connection each time: a user who comes now, not one who has been there.
public final class ServiceProbe: Traffic {
    /// What a probe asks for.
    struct Question: Sendable {
        var address: IPAddress
        var port: UInt16
        /// Of the page; nil when to be connected is enough.
        var path: String?
        var interval: Duration
        var patience: Duration

        var service: String { address.family == .ipv4 ? "\(address):\(port)" : "[\(address)]:\(port)" }
    }

    private struct State {
        var isStopping = false
        var asked = 0
    }

    private let state = Mutex(State())
    private let loop: EventLoop
    private let wakeup: Wakeup
    private let ended = Latch()
    private let question: Question
    private let connect: @Sendable () throws(SystemError) -> StreamSocket
    private let report: @Sendable (TimelineEvent.Kind, _ awake: Instant) -> Void

    private static let wakeupToken: EventLoop.Token = 0

    /// Starts the thread that asks, first at once.
    ///
    /// - Parameters:
    ///   - connect: begins a connection in the node's namespace.
    ///   - report: told of each request that came to its end, and when the thread woke for it.
    init(
        _ question: Question, connect: @escaping @Sendable () throws(SystemError) -> StreamSocket,
        report: @escaping @Sendable (TimelineEvent.Kind, _ awake: Instant) -> Void
    ) throws(SystemError) {
        let loop = try EventLoop()
        let wakeup = try Wakeup()
        try loop.watch(wakeup.descriptor, as: Self.wakeupToken)
        self.loop = loop
        self.wakeup = wakeup
        self.question = question
        self.connect = connect
        self.report = report
        startThread(named: "lab-client") { [self] in
            run()
            ended.open()
        }
    }

    /// How many requests were made until now.
    public var sentCount: Int { state.withLock { $0.asked } }

    /// Asks nothing more from now on; what is not answered yet is given up without a word.
    public func stop() {
        state.withLock { $0.isStopping = true }
        wakeup.signal()
        ended.wait()
    }

    // MARK: The thread

    /// Waits for answers and for the next request, whichever comes first.
    private func run() {
        var attempts: [EventLoop.Token: Attempt] = [:]
        let begin = MonotonicClock.now
        var number = 0
        while !state.withLock({ $0.isStopping }) {
            let now = MonotonicClock.now
            let due = begin + question.interval * number
            if now >= due {
                ask(number, at: now, &attempts)
                // What the host's standing still has made late is not asked in a heap.
                number = max(number + 1, Int((now - begin).nanoseconds / max(question.interval.nanoseconds, 1)))
                state.withLock { $0.asked += 1 }
                continue
            }
            guard let ready = try? loop.wait(until: due) else { return }
            let awake = MonotonicClock.now
            for token in ready where token != Self.wakeupToken { advance(token, &attempts, awake) }
            expire(&attempts, awake)
        }
    }

    private func ask(_ number: Int, at now: Instant, _ attempts: inout [EventLoop.Token: Attempt]) {
        var request = ClientRequest(
            service: question.service, number: number, asked: now, outcome: .answered(by: nil))
        let token = EventLoop.Token(number + 1)
        do {
            let socket = try connect()
            request.clientPort = socket.localPort
            try loop.watchForRoom(socket.descriptor, as: token)
            attempts[token] = Attempt(socket: socket, request: request)
        } catch {
            settle(request, .failed(Self.reason(error)), now)
        }
    }

    private func advance(
        _ token: EventLoop.Token, _ attempts: inout [EventLoop.Token: Attempt], _ awake: Instant
    ) {
        guard let attempt = attempts[token] else { return }
        let outcome: ClientRequest.Outcome?
        do {
            outcome = try attempt.advance(question.path, host: question.service)
        } catch {
            outcome = .failed(Self.reason(error))
        }
        if let outcome {
            attempts[token] = nil
            settle(attempt.request, outcome, awake)
        } else {
            loop.resume(attempt.socket.descriptor, watchedAs: token)
        }
    }

    private func expire(_ attempts: inout [EventLoop.Token: Attempt], _ now: Instant) {
        let late = attempts.filter { now - $0.value.request.asked >= question.patience }
        for (token, attempt) in late.sorted(by: { $0.key < $1.key }) {
            attempts[token] = nil
            settle(attempt.request, .failed("no answer within \(question.patience.text)"), now)
        }
    }

    private func settle(_ request: ClientRequest, _ outcome: ClientRequest.Outcome, _ awake: Instant) {
        var request = request
        request.outcome = outcome
        report(.request(request), awake)
    }

    /// The kernel's word, without the call.
    private static func reason(_ error: SystemError) -> String {
        SystemError("", code: error.code).description.drop { $0 == ":" || $0 == " " }.lowercased()
    }
}

/// One connection on its way.
private final class Attempt {
    let socket: StreamSocket
    let request: ClientRequest
    private var isConnected = false
    private var answer = HTTPAnswer()

    init(socket: consuming StreamSocket, request: ClientRequest) {
        self.socket = socket
        self.request = request
    }

    /// Does what can be done now; nil when more must come.
    func advance(_ path: String?, host: String) throws(SystemError) -> ClientRequest.Outcome? {
        if !isConnected {
            try socket.finishConnecting()
            isConnected = true
            guard let path else { return .answered(by: nil) }
            try socket.send(Array("GET \(path) HTTP/1.0\r\nHost: \(host)\r\n\r\n".utf8))
            return nil
        }
        while let octets = try socket.read() {
            answer.append(octets)
            if let outcome = answer.outcome(isComplete: octets.isEmpty) { return outcome }
        }
        return nil
    }
}

extension Node {
    /// Connects to a service at a steady pace until the probe is stopped or the lab ends, through the node's own routes
    /// and neighbors; each request and its answer is an event.
    ///
    /// - Parameters:
    ///   - address: the service's, of either family.
    ///   - port: the service's TCP port.
    ///   - path: of a page to ask for (HTTP/1.0); who answers is then read from the first line of the page, and an
    ///     answer other than 2xx is a failure. Without one, a connection is an answer.
    ///   - interval: from the beginning of one request to the beginning of the next; a slow answer holds none up.
    ///   - patience: after that, a request has failed.
    public func probe(
        _ address: IPAddress, port: UInt16, get path: String? = nil, every interval: Duration = .milliseconds(10),
        patience: Duration = .seconds(1)
    ) throws(LabError) -> ServiceProbe {
        let question = ServiceProbe.Question(
            address: address, port: port, path: path, interval: interval, patience: patience)
        let probe = try translated { () throws(SystemError) in
            try ServiceProbe(question) { [self] () throws(SystemError) in
                try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
                    try StreamSocket(to: address, port: port)
                }
            } report: { [recorder, name] kind, awake in
                let now = MonotonicClock.now
                recorder.append(
                    TimelineEvent(
                        at: now, uncertainty: Receipt.uncertainty(awake: awake, read: now), node: name, kind))
            }
        }
        keep(probe)
        return probe
    }
}

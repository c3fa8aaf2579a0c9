import LinuxSystem
import NetnsKit
import Synchronization
import Testing
import Timeline
import Wire

/// One run of a lab, and everything that was found to be wrong with it: for tests that state many facts about one run,
/// and build their lab themselves.
///
/// What fails while the host stood still, or while events were lost, says nothing about the program under test: the
/// whole experiment is done again, and only what fails in quiet is reported, with a drawing of the run.
public final class Experiment: Sendable {
    /// The network of this attempt; another attempt has another.
    public let lab: Lab
    private let complaints = Mutex<[String]>([])
    private let excuses = Mutex<[@Sendable (TimelineEvent) -> Bool]>([])

    private init(_ lab: Lab) {
        self.lab = lab
    }

    /// Runs an experiment in a lab of its own until it can be trusted, and reports what did not hold.
    ///
    /// - Parameters:
    ///   - topology: the network, built anew for each attempt; `NETNSKIT_SEED` replaces its seed.
    ///   - title: stands before each complaint.
    ///   - attempts: how often it is run at most; what fails in the last run is reported in any case.
    ///   - sourceLocation: the line that complaints point at.
    ///   - body: runs once per attempt.
    /// - Returns: what the body returns in the last run; nil when an expectation ended it.
    @discardableResult
    public static func run<Result: Sendable>(
        _ topology: Topology, titled title: String = "", attempts: Int = 3,
        sourceLocation: SourceLocation = #_sourceLocation, _ body: @Sendable (Experiment) async throws -> Result
    ) async throws -> Result? {
        for attempt in 1... {
            let audit = LeakAudit()
            let outcome = try await Lab.run(Requirements.seeded(topology)) { lab in
                defer { audit.note(lab) }
                let experiment = Experiment(lab)
                let result = try await experiment.perform(body)
                let complaints = experiment.complaints.withLock { $0 }
                let isTrusted = complaints.isEmpty || attempt >= attempts || !experiment.isSpoiled
                if isTrusted { experiment.report(complaints, title, sourceLocation) }
                return isTrusted ? result : nil as Result??
            }
            for leak in await audit.leaks() {
                Issue.record("the experiment left something behind: \(leak)", sourceLocation: sourceLocation)
            }
            if let outcome { return outcome }
        }
        return nil
    }

    /// An expectation that was left to itself is a complaint like any other.
    private func perform<Result>(_ body: @Sendable (Experiment) async throws -> Result) async throws -> Result? {
        do {
            return try await body(self)
        } catch let failure as ExpectationFailure {
            complain(failure.description)
            return nil
        }
    }

    private func report(_ complaints: [String], _ title: String, _ sourceLocation: SourceLocation) {
        guard !complaints.isEmpty else { return }
        for complaint in complaints {
            Issue.record("\(title.isEmpty ? "" : "\(title): ")\(complaint)", sourceLocation: sourceLocation)
        }
        let timeline = lab.timeline
        Issue.record("\(timeline.drawn)\n\(timeline.logEnds)", sourceLocation: sourceLocation)
        TestArtifacts.leave(of: lab, as: title.isEmpty ? "experiment" : title, sourceLocation)
    }

    /// Whether what was seen says nothing: the host stood still, events were lost, or an excuse was seen.
    private var isSpoiled: Bool {
        let timeline = lab.timeline
        let excuses = excuses.withLock { $0 }
        return !timeline.disturbances(in: Instant.zero...timeline.endTime).isEmpty
            || timeline.contains { event in excuses.contains { $0(event) } }
    }

    private func complain(_ text: String) {
        complaints.withLock { $0.append(text) }
    }

    /// Names an event that spoils a run in which something fails, such as a peer's word that it could not send.
    public func excuse(_ matches: @escaping @Sendable (TimelineEvent) -> Bool) {
        excuses.withLock { $0.append(matches) }
    }

    // MARK: Claims

    /// States a fact that must hold.
    public func claim(_ claim: String, _ holds: Bool, sawInstead observation: @autoclosure () -> String = "") {
        if !holds { complain("\(claim); observed: \(observation())") }
    }

    /// States how long something must take.
    public func claim(_ claim: String, _ time: Duration, within bound: ClosedRange<Duration>) {
        let text = "\(bound.lowerBound.text)...\(bound.upperBound.text)"
        self.claim("\(claim) (\(text))", bound.contains(time), sawInstead: time.text)
    }

    /// States that something takes less than a time.
    public func claim(_ claim: String, _ time: Duration, atMost limit: Duration) {
        self.claim("\(claim) (at most \(limit.text))", time <= limit, sawInstead: time.text)
    }

    /// States that something did not happen, now that it would have been seen.
    public func claimNever(
        _ what: String, in window: ClosedRange<Instant>, _ matches: (TimelineEvent) -> Bool
    ) {
        guard let found = lab.timeline[window].first(where: matches) else { return }
        claim("never \(what)", false, sawInstead: "after \((found.time - window.lowerBound).text)")
    }
}

extension Timeline {
    /// The last lines of every program.
    fileprivate var logEnds: String {
        Set(events.compactMap(\.node)).sorted().map { node in
            let lines = events.compactMap { event -> String? in
                guard event.node == node, case .output(_, _, let line) = event.kind else { return nil }
                return line
            }
            return lines.isEmpty ? "" : "\(node):\n" + lines.suffix(12).joined(separator: "\n")
        }.joined(separator: "\n")
    }

    /// The picture that a failing experiment shows.
    fileprivate var drawn: String {
        let options = Diagram.Options(width: 110, maximumRows: 90) { event in
            if case .output = event.kind { true } else { false }
        }
        return "\(Diagram(self, options))"
    }
}

import LabCourse
import LinuxSystem
import NetnsKit
import Timeline
import Wire

/// The states of a service that a check is asked about, one after the other and without a daemon.
enum ServiceStates {
    /// A state, and whether a check must find it well.
    struct Row: Sendable {
        var name: String
        var isWell: Bool
        var trouble: Trouble?
    }

    static let rows = [
        Row(name: "all is well", isWell: true),
        Row(name: Trouble.unhealthy.name, isWell: false, trouble: .unhealthy),
        Row(name: Trouble.stopped.name, isWell: false, trouble: .stopped),
        Row(name: Trouble.abandoned.name, isWell: false, trouble: .abandoned),
        Row(name: "no admin socket, but it serves", isWell: true, trouble: .withoutSocket),
        Row(name: Trouble.killed.name, isWell: false, trouble: .killed),
    ]

    /// What a check answered.
    struct Answer: Sendable {
        /// Nil when there was none in time, or the program cannot be run.
        var code: Int32?
        var text: String
        var window: ClosedRange<Instant>
        /// Whether there is a program that the kernel would start.
        var isRunnable = true

        var time: Duration { window.upperBound - window.lowerBound }
        /// As a daemon takes it.
        var isWell: Bool { code == 0 }
    }

    /// Brings the service of node1 into each state, asks the check, and puts things right again.
    static func visit(
        _ run: ScenarioRun, waiting limit: Duration, each: (Row, Answer) async throws -> Void
    ) async throws {
        for row in rows {
            _ = try await row.trouble?.begin(run)
            try await each(row, try await ask(run, waiting: limit))
            _ = try await row.trouble?.end(run)
        }
    }

    /// Runs the check once, as a daemon would.
    static func ask(
        _ run: ScenarioRun, waiting limit: Duration, environment: [String: String] = [:]
    ) async throws -> Answer {
        let begin = run.lab.step("the check is asked")
        do {
            let result = try await run.lab["node1"].run(ServiceFile.check, environment: environment, within: limit)
            let window = begin...MonotonicClock.now
            let time = (window.upperBound - begin).text
            switch result?.status {
            case .exited(let code): return Answer(code: code, text: "exit \(code) after \(time)", window: window)
            case .signaled(let number): return Answer(text: "signal \(number) after \(time)", window: window)
            case nil: return Answer(text: "no answer within \(limit.text): failed", window: window)
            }
        } catch let error as LabError {
            return Answer(text: "\(error)", window: begin...MonotonicClock.now, isRunnable: false)
        }
    }

    /// The table: a line for each state, with what must come out and what did.
    static func tabulate(_ run: ScenarioRun) async throws {
        let limit = (try? run.plan(of: "node1"))?.timeout
        try await run.startService()
        let first = try await ask(run, waiting: limit ?? .seconds(5))
        guard first.isRunnable else {
            return run.judge(
                "the script can be run", false, expected: "\(ServiceFile.check), mode 700", observed: first.text,
                explanation: """
                    The file must be there, with mode 700; its first line must be #!/bin/sh, or another program that \
                    is installed, without a carriage return at its end. keepalived drops what it cannot run, and then \
                    watches nothing.
                    """)
        }
        try await visit(run, waiting: limit ?? .seconds(5)) { row, answer in
            run.judge(
                row.name, answer.isWell == row.isWell,
                expected: row.isWell ? "exit 0" : "anything but exit 0", observed: answer.text, window: answer.window)
        }
    }
}

extension Trouble {
    /// Nobody can ask for statistics; clients do not notice.
    fileprivate static let withoutSocket = Trouble(name: "no admin socket", isServed: true) { run in
        let began = run.lab.step("the admin socket of node1 is gone")
        try await run.command("/bin/rm", [ServiceNetwork.socket])
        return Onset(began: began, seen: began)
    } end: { run in
        run.lab.step("the socket stays away until HAProxy is started again")
    }
}

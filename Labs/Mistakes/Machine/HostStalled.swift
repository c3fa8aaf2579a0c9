import Glibc
import LabCourse
import LinuxSystem
import NetnsKit
import Timeline
import Wire

extension Mistake {
    static let hostStalled = Mistake(
        .hostStalled, "the host stood still", .warning,
        symptom: "A check is inconclusive, marked ??, and another run of the same step passes.",
        reason: """
            Everything here waits for timers. When the machine gives labrun no processor for a while, what was to \
            happen meanwhile comes late, and nobody can tell whether the daemon was slow or the machine. labrun sees \
            it, because a thread of its own is woken every few milliseconds, and does not judge what it spoiled.
            """,
        wrong: "labrun all, on a machine that builds something beside it",
        right: "labrun all, alone; or --retries 3",
        onWire: { observation in
            let timeline = observation.timeline
            let window = Instant.zero...timeline.endTime
            let stalls = timeline.stalls(in: window, longerThan: longestDelay)
            guard !stalls.isEmpty else { return [] }
            let lengths = stalls.compactMap { event -> Duration? in
                if case .stall(let length) = event.kind { length } else { nil }
            }
            let sights = stalls.prefix(3).map {
                Diagnosis.Sight("host \(observation.time($0.time))", $0.summary)
            }
            return [
                Diagnosis(
                    .hostStalled, .warning, at: [],
                    "The host stood still \(stalls.count) time(s), for \((lengths.max() ?? .zero).text) at the most.",
                    remedy: "run it again when the machine has less to do", sights: Array(sights))
            ]
        },
        demonstration: Demonstration("This very process is stopped for a second, and the timeline knows") { run in
            // In a second every router of the lab would have advertised.
            let begin = run.lab.step("SIGSTOP to this process, SIGCONT a second later")
            try await stopThisProcess(for: "1")
            let stall = try await run.expect("the lab notices", within: .seconds(3), since: begin) { event in
                guard case .stall(let length) = event.kind else { return false }
                return length > .milliseconds(800)
            }
            guard let stall, case .stall(let length) = stall.kind else { return }
            run.check(
                "it knows for how long", length, within: .milliseconds(900)...(.seconds(2)),
                window: stall.time...stall.time)
        })
}

/// What spoils the question whether something happens at all.
private let longestDelay: Duration = .milliseconds(250)

/// Has a shell stop and continue this process, and waits until it has.
private func stopThisProcess(for seconds: String) async throws {
    let script = "kill -STOP \(ThisProcess.pid); sleep \(seconds); kill -CONT \(ThisProcess.pid)"
    let shell = try ChildProcess(ProgramRequest("/bin/sh", ["/bin/sh", "-c", script]))
    await withCheckedContinuation { continuation in
        startThread(named: "stall") {
            _ = try? shell.collect(blocking: true)
            continuation.resume()
        }
    }
}

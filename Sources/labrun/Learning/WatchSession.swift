import LabCourse
import LinuxSystem
import NetnsKit
import Wire

/// Runs somebody's files again and again, and says what has changed.
actor WatchSession {
    private var examination: Examination
    private let daemons: DaemonPair
    private let how: CheckRunOptions
    private let etc: String
    /// What was wrong the last time; nil before the first.
    private var problems: Set<String>?
    private var work: Task<Void, Never>?

    init(_ examination: Examination, on daemons: DaemonPair, _ how: CheckRunOptions, etc: String) {
        self.examination = examination
        self.daemons = daemons
        self.how = how
        self.etc = etc
    }

    /// Follows what happens until it ends, or somebody quits.
    func run(_ events: AsyncStream<SaveMonitor.Event>) async {
        start("now")
        events: for await event in events {
            switch event {
            case .saved: await saved()
            case .key("r"), .key("R"):
                await stop()
                start("again")
            case .key("h"), .key("H"): hint()
            case .key("q"), .key("Q"): break events
            case .key: continue
            }
        }
        await stop()
    }

    private func stop() async {
        work?.cancel()
        await work?.value
        work = nil
    }

    private func saved() async {
        guard let next = try? examination.again(), next.files != examination.files else { return }
        let change = SavedChange(from: examination.files, to: next.files)
        await stop()
        examination = next
        start(change.text)
    }

    private func hint() {
        let step = examination.step
        let ladder = HintLadder(step)
        let next = min((Progress.own.steps[step.id]?.hint ?? 0) + 1, ladder.count)
        Terminal.say(ladder.text(of: next, examination.files).joined(separator: "\n"))
        Progress.update { $0.note(hint: next, for: step.id) }
    }

    private func start(_ reason: String) {
        let examination = examination
        Terminal.say("\n\(Self.time)  \(Terminal.printable(reason))")
        guard examination.missing.isEmpty else {
            for file in examination.missing {
                Terminal.say("  not written yet: \(examination.place(of: file.path))  (\(CheckOutput.kind(file)))")
            }
            return
        }
        work = Task { await check(examination) }
    }

    private func check(_ examination: Examination) async {
        do {
            let outcome = try await examination.run(by: how.repetition.runner(daemons, .yours))
            guard !Task.isCancelled else { return }
            tell(outcome)
        } catch is CancellationError {
            return
        } catch {
            Terminal.complain("\(error)")
        }
    }

    private func tell(_ outcome: CheckOutcome) {
        let step = examination.step
        for diagnosis in outcome.diagnoses where diagnosis.severity != .note {
            Terminal.say(DiagnosisText(diagnosis).lines.joined(separator: "\n"))
        }
        Terminal.say(CheckOutput.checkLines(outcome.reports, room: 0).joined(separator: "\n"))
        let present = outcome.problems
        let fixed = problems?.subtracting(present).count ?? 0
        let new = problems.map { present.subtracting($0).count } ?? 0
        var words = [outcome.verdict.mark]
        if fixed > 0 { words.append("\(fixed) fixed") }
        if new > 0 { words.append("\(new) new") }
        if !present.isEmpty { words.append("\(present.count) to do") }
        Terminal.say(words[0] + "  " + words.dropFirst().joined(separator: ", "))
        if outcome.verdict == .pass {
            let next = NextStep.after(step).map { "labrun describe \($0.id)" } ?? "labrun all"
            Terminal.say("\(step.id) done. Next: \(next)")
        }
        problems = present
        Progress.update { $0.note(outcome.verdict, for: step.id) }
    }

    private static var time: String {
        let seconds = (MonotonicClock.now.nanoseconds + MonotonicClock.offsetToRealTime) / 1_000_000_000
        let now = LocalTime(secondsSince1970: seconds)
        let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(now.hour)):\(two(now.minute)):\(two(now.second))"
    }
}

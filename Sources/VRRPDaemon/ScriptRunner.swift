import LinuxSystem
import VRRPCore
import Wire

/// Runs track scripts by their schedules, and notify scripts on demand; knows every child until it has ended.
struct ScriptRunner {
    /// The results of runs, and what there is to say about them.
    typealias Outcome = (events: [RouterEvent], log: [LogEntry])

    private struct Tracked {
        let script: PreparedTrackScript
        var schedule: ScriptSchedule
        var process: Box<ChildProcess>?
        /// The run was told to end, and its failure reported.
        var isOverdue = false
        /// The last exit status or complaint that was logged.
        var lastNote: String?
    }

    /// By name.
    private var tracked: [String: Tracked] = [:]
    /// Notify scripts that run, by PID.
    private var notifying: [Int32: Box<ChildProcess>] = [:]
    /// Killed runs of scripts that are no longer tracked, by PID; nobody waits for them, they may hang in the kernel.
    private var dying: [Int32: Box<ChildProcess>] = [:]

    var nextDeadline: Instant? {
        tracked.values.lazy.map(\.schedule.nextDeadline).min()
    }

    /// Takes over a new set of scripts. Those that stay as they were keep their rhythm, the others' runs are killed.
    mutating func track(_ scripts: [PreparedTrackScript], at now: Instant) {
        let former = tracked
        tracked = [:]
        for script in scripts {
            let schedule = ScriptSchedule(interval: script.interval, timeout: script.timeout, startingAt: now)
            let same = former[script.name].flatMap { $0.script == script ? $0 : nil }
            tracked[script.name] = same ?? Tracked(script: script, schedule: schedule)
        }
        for (name, gone) in former where tracked[name]?.script != gone.script { kill(gone.process) }
    }

    /// Starts and ends runs that are due.
    mutating func meetDeadlines(at now: Instant, _ loop: borrowing EventLoop) -> Outcome {
        var outcome: Outcome = ([], [])
        for name in tracked.filter({ $0.value.schedule.nextDeadline <= now }).keys.sorted() {
            guard var run = tracked[name] else { continue }
            for step in run.schedule.stepsDue(at: now) {
                switch step {
                case .start: start(&run, &outcome, loop)
                case .skip:
                    outcome.log.append(
                        LogEntry(.detail, "Track script \(name) is already running, expect idle - skipping run"))
                case .terminate:
                    try? run.process?.value.sendToGroup(signal: SignalNumber.terminate)
                    run.isOverdue = true
                    outcome.log.append(LogEntry(.notice, "VRRP_Script(\(name)) timed_out"))
                    report(false, of: &run, &outcome)
                case .kill:
                    try? run.process?.value.sendToGroup(signal: SignalNumber.kill)
                }
            }
            tracked[name] = run
        }
        return outcome
    }

    /// Collects a child that has ended.
    mutating func collect(_ pid: Int32) -> Outcome {
        var outcome: Outcome = ([], [])
        if let process = dying[pid] {
            if (try? process.value.collect()) != nil { dying[pid] = nil }
            return outcome
        }
        if let process = notifying[pid] {
            if let end = try? process.value.collect() {
                notifying[pid] = nil
                if case .killed(let signal) = end {
                    outcome.log.append(LogEntry(.detail, "Notify script \(pid) was killed by signal \(signal)"))
                }
            }
            return outcome
        }
        guard let name = tracked.first(where: { $0.value.process?.value.pid == pid })?.key,
            var run = tracked[name]
        else { return outcome }
        // Whatever the overdue run has started must not outlive it; its number is ours until it is collected.
        if run.isOverdue { try? run.process?.value.sendToGroup(signal: SignalNumber.kill) }
        guard let end = try? run.process?.value.collect() else { return outcome }
        finish(&run, end, &outcome)
        tracked[name] = run
        return outcome
    }

    /// Starts a notify script and lets it run; it outlives us if need be.
    mutating func notify(_ script: PreparedScript, _ loop: borrowing EventLoop) -> LogEntry? {
        do {
            let process = try Box(ChildProcess(script.request))
            try loop.watch(process.value.descriptor, as: EventSource.process(pid: process.value.pid).token)
            notifying[process.value.pid] = process
            return nil
        } catch {
            return LogEntry(.notice, "Notify script \(script.arguments[0]) cannot be run: \(error)")
        }
    }

    /// Kills every run of a track script; notify scripts are left to themselves.
    mutating func stop() {
        let runs = tracked.values
        tracked = [:]
        for run in runs { kill(run.process) }
    }

    private func start(_ run: inout Tracked, _ outcome: inout Outcome, _ loop: borrowing EventLoop) {
        guard !run.script.isUnsafe else { return refuse("unsafe permissions", &run, &outcome) }
        do {
            let process = try Box(ChildProcess(run.script.script.request))
            try loop.watch(process.value.descriptor, as: EventSource.process(pid: process.value.pid).token)
            run.process = process
            run.isOverdue = false
        } catch {
            refuse("\(error)", &run, &outcome)
        }
    }

    private func refuse(_ reason: String, _ run: inout Tracked, _ outcome: inout Outcome) {
        run.schedule.ended()
        note("Track script \(run.script.name) cannot be run and counts as failed: \(reason)", of: &run, &outcome)
        report(false, of: &run, &outcome)
    }

    private func finish(_ run: inout Tracked, _ end: Termination, _ outcome: inout Outcome) {
        run.process = nil
        run.schedule.ended()
        guard !run.isOverdue else { return }
        switch end {
        case .exited(let status):
            let isNews = run.lastNote != nil || status != 0
            let text = "Script `\(run.script.name)` now returning \(status)"
            if isNews { note(text, of: &run, &outcome) }
        case .killed(let signal):
            note("Script `\(run.script.name)` was killed by signal \(signal)", of: &run, &outcome)
        }
        report(end == .exited(0), of: &run, &outcome)
    }

    private func report(_ succeeded: Bool, of run: inout Tracked, _ outcome: inout Outcome) {
        outcome.events.append(.scriptResult(name: run.script.name, succeeded: succeeded))
    }

    /// Says what is not already known.
    private func note(_ text: String, of run: inout Tracked, _ outcome: inout Outcome) {
        guard run.lastNote != text else { return }
        run.lastNote = text
        outcome.log.append(LogEntry(.notice, text))
    }

    private mutating func kill(_ process: Box<ChildProcess>?) {
        guard let process else { return }
        try? process.value.sendToGroup(signal: SignalNumber.kill)
        dying[process.value.pid] = process
    }
}

extension PreparedScript {
    /// A session and an environment of its own, nothing to read, nowhere to write.
    var request: ProgramRequest {
        var request = ProgramRequest(path, arguments)
        if account != .own { request.identity = (account.user, account.group) }
        return request
    }

    /// A name without a slash is looked up where programs are.
    var path: String {
        let program = arguments[0]
        guard !program.contains("/") else { return program }
        let directories = ProgramRequest.standardPath.split(separator: ":")
        return directories.lazy.map { "\($0)/\(program)" }.first { RunningProgram.isExecutable($0) } ?? program
    }
}

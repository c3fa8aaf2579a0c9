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
        var lastSucceeded: Bool?
        /// The last exit status or complaint that was logged.
        var lastNote: String?
    }

    /// How scripts stand with the kernel, whatever the daemon asked for itself.
    private let standing = ProcessStanding.current
    /// By name.
    private var tracked: [String: Tracked] = [:]
    private var queue = NotificationQueue()
    /// Notify scripts that run, by PID.
    private var notifying: [Int32: Box<ChildProcess>] = [:]
    /// Programs that run as long as we do, by PID.
    private var companions: [Int32: Box<ChildProcess>] = [:]
    /// Killed runs of scripts that are no longer tracked, by PID; nobody waits for them, they may hang in the kernel.
    private var dying: [Int32: Box<ChildProcess>] = [:]

    var nextDeadline: Instant? {
        let starts = tracked.values.lazy.map(\.schedule.nextDeadline).min()
        return [starts, queue.nextDeadline].compactMap(\.self).min()
    }

    /// What is known of each track script, for people.
    var reports: [String: ScriptReport] {
        tracked.mapValues { ScriptReport(isRunning: $0.process != nil, lastSucceeded: $0.lastSucceeded) }
    }

    /// Whether a child is known here and will be collected.
    func holds(_ pid: Int32) -> Bool {
        notifying[pid] != nil || companions[pid] != nil || dying[pid] != nil
            || tracked.values.contains { $0.process?.value.pid == pid }
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
        for entry in queue.due(at: now) { start(entry, at: now, &outcome.log, loop) }
        return outcome
    }

    /// Collects a child that has ended.
    mutating func collect(_ pid: Int32, at now: Instant, _ loop: borrowing EventLoop) -> Outcome {
        var outcome: Outcome = ([], [])
        for pool in [\ScriptRunner.dying, \.companions] {
            guard let process = self[keyPath: pool][pid] else { continue }
            if (try? process.value.collect()) != nil { self[keyPath: pool][pid] = nil }
            return outcome
        }
        if let process = notifying[pid] {
            guard let end = try? process.value.collect() else { return outcome }
            notifying[pid] = nil
            if case .killed(let signal, _) = end {
                outcome.log.append(LogEntry(.detail, "Notify script \(pid) was killed by signal \(signal)"))
            }
            start(queue.ended(pid, at: now), at: now, &outcome.log, loop)
            return outcome
        }
        guard let name = tracked.first(where: { $0.value.process?.value.pid == pid })?.key,
            var run = tracked[name]
        else { return outcome }
        // Whatever the run has left in its group must not outlive it; its number is ours until it is collected.
        try? run.process?.value.sendToGroup(signal: SignalNumber.kill)
        guard let end = try? run.process?.value.collect() else { return outcome }
        finish(&run, end, &outcome)
        tracked[name] = run
        return outcome
    }

    /// Starts notify scripts, or lets them wait for their turn; they outlive us if need be.
    mutating func notify(
        _ entries: [NotificationQueue.Entry], at now: Instant, _ loop: borrowing EventLoop
    ) -> [LogEntry] {
        var log: [LogEntry] = []
        for entry in entries { start(queue.add(entry, at: now), at: now, &log, loop) }
        let lost = queue.takeLost()
        if lost > 0 { log.append(LogEntry(.notice, "\(lost) notify scripts were not run: too many wait already")) }
        return log
    }

    /// Starts a program that runs as long as we do.
    mutating func accompany(_ script: PreparedScript, _ loop: borrowing EventLoop) -> LogEntry? {
        do {
            let process = try Box(ChildProcess(request(for: script, diesWithUs: true)))
            try loop.watch(process.value.descriptor, as: EventSource.process(pid: process.value.pid).token)
            companions[process.value.pid] = process
            return nil
        } catch {
            return LogEntry(.notice, "Script \(script.arguments[0]) cannot be run: \(error)")
        }
    }

    /// Tells the programs that run as long as we do to end.
    mutating func dismissCompanions() {
        for process in companions.values { try? process.value.sendToGroup(signal: SignalNumber.terminate) }
    }

    /// Kills every run of a track script, and starts what still waits; notify scripts are left to themselves.
    mutating func stop(_ loop: borrowing EventLoop) -> [LogEntry] {
        var log: [LogEntry] = []
        let runs = tracked.values
        tracked = [:]
        for run in runs { kill(run.process) }
        dismissCompanions()
        for entry in queue.drain() {
            do {
                let process = try ChildProcess(request(for: entry.script))
                notifying[process.pid] = Box(process)
            } catch {
                log.append(cannotRun(entry.script, error))
            }
        }
        return log
    }

    /// Starts a notify script, or the next one when it cannot be run.
    private mutating func start(
        _ entry: NotificationQueue.Entry?, at now: Instant, _ log: inout [LogEntry], _ loop: borrowing EventLoop
    ) {
        var next = entry
        while let entry = next {
            do {
                try entry.script.checkSafety()
                let process = try Box(ChildProcess(request(for: entry.script)))
                let pid = process.value.pid
                try loop.watch(process.value.descriptor, as: EventSource.process(pid: pid).token)
                notifying[pid] = process
                queue.started(entry.lane, pid: pid)
                next = nil
            } catch {
                log.append(cannotRun(entry.script, error))
                next = queue.failed(entry.lane, at: now)
            }
        }
    }

    private func cannotRun(_ script: PreparedScript, _ error: any Error) -> LogEntry {
        LogEntry(.notice, "Notify script \(script.arguments[0]) cannot be run: \(error)")
    }

    private func request(for script: PreparedScript, diesWithUs: Bool = false) -> ProgramRequest {
        var request = script.request
        request.standing = standing
        request.deathSignal = diesWithUs ? SignalNumber.kill : nil
        return request
    }

    private func start(_ run: inout Tracked, _ outcome: inout Outcome, _ loop: borrowing EventLoop) {
        guard !run.script.isUnsafe else { return refuse("unsafe permissions", &run, &outcome) }
        if let path = run.script.script.testedFile { return test(path, &run, &outcome) }
        do {
            try run.script.script.checkSafety()
            let process = try Box(ChildProcess(request(for: run.script.script, diesWithUs: true)))
            try loop.watch(process.value.descriptor, as: EventSource.process(pid: process.value.pid).token)
            run.process = process
            run.isOverdue = false
        } catch let error as SystemError where ErrorNumber.shortage.contains(error.code) {
            // The machine's fault is not what the script is asked about.
            run.schedule.ended()
            note(
                "Track script \(run.script.name) cannot be run, and its last result stays: \(error)", of: &run, &outcome
            )
        } catch {
            refuse("\(error)", &run, &outcome)
        }
    }

    /// A script that is only the question whether a file can be read needs no program.
    private func test(_ path: String, _ run: inout Tracked, _ outcome: inout Outcome) {
        run.schedule.ended()
        report(FileSystem.canRead(path), of: &run, &outcome)
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
        case .killed(let signal, _):
            note("Script `\(run.script.name)` was killed by signal \(signal)", of: &run, &outcome)
        }
        report(end == .exited(0), of: &run, &outcome)
    }

    private func report(_ succeeded: Bool, of run: inout Tracked, _ outcome: inout Outcome) {
        run.lastSucceeded = succeeded
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

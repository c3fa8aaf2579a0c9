import LinuxSystem
import NetnsKit
import Wire

/// What came of several jobs.
public struct RunResult: Sendable {
    /// Of what ended, in the order of the jobs.
    public var reports: [ScenarioReport]
    /// What has not run, or not to its end.
    public var unfinished: [Runner.Job]
    public var end: End

    /// How a run ends.
    public enum End: Hashable, Sendable {
        case complete
        /// Not everything could run in the time that there was.
        case budgetSpent
        /// The task was canceled.
        case canceled
    }
}

extension Runner {
    /// What a task of a run has to tell.
    private enum Event: Sendable {
        case finished(Int, Result<ScenarioReport, any Error>)
        case timeIsUp
    }

    /// Runs as many of the jobs as it can, and tells what is left.
    ///
    /// What cannot end in time is not begun. When the time is up, what runs is ended and its labs are taken down; the
    /// same happens when the task is canceled.
    ///
    /// - Throws: `LabError` when this machine cannot build labs.
    public func perform(
        _ jobs: [Job], budget: Budget? = nil, finished: (ScenarioReport) -> Void = { _ in }
    ) async throws -> RunResult {
        let alarm = try budget.map { _ in try Alarm() }
        let work = await withTaskGroup(of: Event.self) { group in
            if let alarm, let budget {
                group.addTask {
                    await alarm.wait(until: budget.end)
                    return .timeIsUp
                }
            }
            var work = Work(jobs: jobs, budget: budget)
            for _ in 0..<width { begin(&work, in: &group) }
            while work.running > 0, let event = await group.next() {
                switch event {
                case .timeIsUp:
                    work.isEnding = true
                    group.cancelAll()
                case .finished(let number, let result):
                    if let report = work.take(number, result) { finished(report) }
                    if work.failure != nil { group.cancelAll() }
                    begin(&work, in: &group)
                }
            }
            group.cancelAll()
            return work
        }
        if let failure = work.failure { throw failure }
        return work.result
    }

    private func begin(_ work: inout Work, in group: inout TaskGroup<Event>) {
        guard let number = work.next() else { return }
        let (job, budget) = (work.jobs[number], work.budget)
        group.addTask {
            do {
                return .finished(number, .success(try await settle(job, budget)))
            } catch {
                return .finished(number, .failure(error))
            }
        }
    }
}

/// The jobs of a run while it goes on.
private struct Work {
    let jobs: [Runner.Job]
    let budget: Budget?
    private var following = 0
    private(set) var running = 0
    private var reports: [Int: ScenarioReport] = [:]
    private(set) var failure: (any Error)?
    /// Nothing is begun any more.
    var isEnding = false

    init(jobs: [Runner.Job], budget: Budget?) {
        self.jobs = jobs
        self.budget = budget
    }

    /// The next job that can end in time.
    mutating func next() -> Int? {
        while following < jobs.count, !isEnding, failure == nil, !Task.isCancelled {
            let number = following
            following += 1
            guard budget?.allows(seconds: jobs[number].seconds) ?? true else { continue }
            running += 1
            return number
        }
        return nil
    }

    mutating func take(_ number: Int, _ result: Result<ScenarioReport, any Error>) -> ScenarioReport? {
        running -= 1
        switch result {
        case .success(let report):
            reports[number] = report
            return report
        case .failure(let error):
            if !(error is CancellationError), !isEnding, !Task.isCancelled { failure = failure ?? error }
            return nil
        }
    }

    var result: RunResult {
        let unfinished = jobs.indices.filter { reports[$0] == nil }.map { jobs[$0] }
        return RunResult(
            reports: jobs.indices.compactMap { reports[$0] }, unfinished: unfinished,
            end: unfinished.isEmpty ? .complete : Task.isCancelled ? .canceled : .budgetSpent)
    }
}

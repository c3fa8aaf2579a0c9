import NetnsKit

/// Somebody who looks on while scenarios run, several at a time perhaps.
public protocol RunObserver: Sendable {
    /// A scenario's lab stands, and nothing has happened in it yet.
    func begin(_ job: Runner.Job, in run: ScenarioRun)

    /// A scenario has said all that it will; its lab stands until this returns.
    func end(_ job: Runner.Job, in run: ScenarioRun) async
}

extension Runner {
    /// The same runner with somebody who looks on.
    public func observed(by observer: any RunObserver) -> Runner {
        var runner = self
        runner.observer = observer
        return runner
    }
}

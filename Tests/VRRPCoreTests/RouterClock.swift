import VRRPCore
import Wire

/// A router and the one clock that only the test moves.
protocol RouterClock {
    var router: Router { get set }
    var now: Instant { get set }
}

extension RouterClock {
    @discardableResult
    mutating func send(_ event: RouterEvent, after delay: Duration = .zero) -> [RouterAction] {
        now = now + delay
        return router.handle(event, at: now)
    }

    @discardableResult
    mutating func reachDeadline() -> [RouterAction] {
        now = router.nextDeadline ?? now
        return router.handle(.deadline, at: now)
    }
}

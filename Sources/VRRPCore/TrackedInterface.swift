import Wire

/// An interface as it counts: its ups and downs only after they have lasted (`interface_up_down_delays`).
struct TrackedInterface: Hashable, Sendable {
    /// As it counts; everything but `isUp` is as it was told last.
    private(set) var state: InterfaceState
    /// When the opposite of `state.isUp` will have lasted.
    private(set) var changesAt: Instant?

    /// What is told first counts at once.
    init(_ state: InterfaceState) {
        self.state = state
    }

    mutating func note(_ told: InterfaceState, under delay: InterfaceDelay?, at now: Instant) {
        let wait = delay.map { told.isUp ? $0.up : $0.down } ?? .zero
        let isUp = state.isUp
        state = told
        guard told.isUp != isUp, wait > .zero else {
            changesAt = nil
            return
        }
        state.isUp = isUp
        changesAt = changesAt ?? now + wait
    }

    /// Returns whether a change has lasted and counts from now on.
    mutating func settle(at now: Instant) -> Bool {
        guard let changesAt, changesAt <= now else { return false }
        state.isUp.toggle()
        self.changesAt = nil
        return true
    }
}

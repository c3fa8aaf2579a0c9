import LinuxSystem

/// Runs blocking work on a thread that belongs to nobody else, so that the tests' own few threads stay free.
///
/// Expectations belong outside: the thread does not know which test it works for.
func onOwnThread<Outcome: Sendable>(_ body: @escaping @Sendable () throws -> Outcome) async throws -> Outcome {
    try await withCheckedThrowingContinuation { continuation in
        startThread(named: "test") { continuation.resume(with: Result { try body() }) }
    }
}

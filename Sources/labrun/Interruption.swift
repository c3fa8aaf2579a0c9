import ArgumentParser
import Glibc
import LinuxSystem
import Synchronization

/// Turns the first signal that asks to end into an orderly end, and the second into an immediate one.
///
/// The signals are blocked in every thread, because `Program.main` blocks them in the first; one that came before
/// anybody listened is still there.
final class Interruption: Sendable {
    private let source: SignalDescriptor
    private let first = Mutex<Int32?>(nil)

    /// The signal that came, if one did.
    var signal: Int32? { first.withLock { $0 } }

    /// - Parameter handle: called once, on a thread of its own.
    init(_ handle: @escaping @Sendable () -> Void) throws(SystemError) {
        source = try SignalDescriptor(SignalDescriptor.endingSignals)
        let loop = try EventLoop()
        try loop.watch(source.descriptor, as: 0)
        startThread(named: "signals") { [self] in
            while (try? loop.wait(until: nil)) != nil {
                for signal in (try? source.receive()) ?? [] { note(signal, handle) }
            }
        }
    }

    private func note(_ signal: Int32, _ handle: () -> Void) {
        let isFirst = first.withLock { first in
            defer { first = first ?? signal }
            return first == nil
        }
        guard isFirst else { _exit(128 + signal) }
        handle()
    }
}

/// Does work that makes labs; a signal cancels it, and this process ends when its labs are taken down.
func interruptible<Result: Sendable>(
    _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    let work = Task(operation: body)
    let interruption = try Interruption { work.cancel() }
    let result = await work.result
    if let signal = interruption.signal {
        Terminal.complain("interrupted; everything is taken down")
        throw ExitCode(128 + signal)
    }
    return try result.get()
}

/// Does work that makes labs and that has something to show for itself also when a signal has canceled it.
///
/// - Returns: what was done, and the signal that came, if one did.
func interrupted<Result: Sendable>(
    _ body: @escaping @Sendable () async throws -> Result
) async throws -> (Result, signal: Int32?) {
    let work = Task(operation: body)
    let interruption = try Interruption { work.cancel() }
    let result = await work.result
    guard let signal = interruption.signal else { return (try result.get(), nil) }
    Terminal.complain("interrupted; everything is taken down")
    guard case .success(let done) = result else { throw ExitCode(128 + signal) }
    return (done, signal)
}

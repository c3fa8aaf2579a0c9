import Glibc
import LinuxSystem
import Testing

/// Every signal goes to a thread that lives for one test, so the process's other threads never see one.
@Suite struct SignalDescriptorTests {
    // Two of the real-time signals, which queue.
    static let low: Int32 = 40
    static let high: Int32 = 42

    @Test("Signals are read in the kernel's order, each as often as it was sent")
    func reading() async throws {
        let received = try await onOwnThread {
            let signals = try SignalDescriptor([Self.low, Self.high])
            for signal in [Self.high, Self.low, Self.high] { pthread_kill(pthread_self(), signal) }
            return try signals.receive()
        }
        #expect(received == [Self.low, Self.high, Self.high])
    }

    @Test("Without a signal there is nothing to read, and a loop is woken by one")
    func waiting() async throws {
        let (none, tokens, received) = try await onOwnThread {
            let signals = try SignalDescriptor([Self.low])
            let loop = try EventLoop()
            try loop.watch(signals.descriptor, as: 5)
            let none = try signals.receive()
            pthread_kill(pthread_self(), Self.low)
            return (none, try loop.wait(until: nil), try signals.receive())
        }
        #expect(none == [])
        #expect(tokens == [5])
        #expect(received == [Self.low])
    }

    @Test("The signals are blocked in the thread that asked for them")
    func blocking() async throws {
        let (isLowBlocked, isHighBlocked) = try await onOwnThread {
            var blocked = sigset_t()
            unsafe sigemptyset(&blocked)
            unsafe pthread_sigmask(SIG_SETMASK, &blocked, nil)
            _ = try SignalDescriptor([Self.low])
            unsafe pthread_sigmask(SIG_BLOCK, nil, &blocked)
            return unsafe (sigismember(&blocked, Self.low) == 1, sigismember(&blocked, Self.high) == 1)
        }
        #expect(isLowBlocked)
        #expect(!isHighBlocked)
    }
}

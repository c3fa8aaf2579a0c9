import Glibc
import LinuxSystem
import Synchronization
import Testing
import Wire

/// Somebody at a terminal: types, reads, and waits for what appears.
final class Person: Sendable {
    private let terminal: PseudoTerminal
    private let line: OwnedDescriptor
    private let child: ChildProcess
    private let loop: EventLoop
    private let screen = Mutex("")

    /// Starts a program on a terminal of 24 rows and 80 columns, which controls its session.
    init(_ program: String, _ words: [String], environment: [String]) throws {
        var terminal = try PseudoTerminal()
        let line = terminal.takeLine()
        TerminalSize(rows: 24, columns: 80).apply(to: line.number)
        var request = ProgramRequest(program, [program] + words, environment: environment)
        request.descriptors = [line.number, line.number, line.number]
        request.takesTerminal = true
        let child = try ChildProcess(request)
        let loop = try EventLoop()
        try loop.watch(terminal.controller.number, as: 0)
        try loop.watch(child.descriptor, as: 1)
        self.terminal = terminal
        self.line = line
        self.child = child
        self.loop = loop
    }

    deinit {
        try? child.sendToGroup(signal: SIGKILL)
        _ = try? child.collect(blocking: true)
    }

    /// Everything that was shown since the last wait.
    var shown: String { screen.withLock { $0 } }
    /// What the terminal makes of keys: whether it edits lines, and turns Ctrl-C into a signal.
    var isOrdinary: Bool {
        var mode = termios()
        let both = UInt32(ICANON | ISIG)
        return unsafe tcgetattr(line.number, &mode) == 0 && mode.c_lflag & both == both
    }

    func type(_ keys: String) throws {
        try terminal.controller.write(Array(keys.utf8))
    }

    func resize(_ size: TerminalSize) {
        size.apply(to: terminal.controller.number)
    }

    func send(signal: Int32) throws {
        try child.send(signal: signal)
    }

    /// Waits until a text appears on the screen, and forgets what was there before its end.
    func expect(_ text: String, within limit: Duration = .seconds(20)) async throws {
        let isSeen = await onThread { [self] in
            watch(until: MonotonicClock.now + limit) { screen in
                guard let range = screen.firstRange(of: text) else { return false }
                screen = String(screen[range.upperBound...])
                return true
            }
        }
        try #require(isSeen, "'\(text)' did not appear, but: \(shown)")
    }

    /// Waits for the end of the program.
    func end(within limit: Duration = .seconds(20)) async throws -> Termination? {
        let deadline = MonotonicClock.now + limit
        return await onThread { [self] in
            while MonotonicClock.now < deadline {
                read()
                if let end = try? child.collect() { return end }
                guard (try? loop.wait(until: deadline)) != nil else { return nil }
            }
            return nil
        }
    }

    private func watch(until deadline: Instant, _ isSeen: (inout String) -> Bool) -> Bool {
        while true {
            read()
            if screen.withLock({ isSeen(&$0) }) { return true }
            guard MonotonicClock.now < deadline, (try? loop.wait(until: deadline)) != nil else { return false }
        }
    }

    private func read() {
        while let octets = try? terminal.controller.read(), !octets.isEmpty {
            screen.withLock { $0 += String(decoding: octets, as: UTF8.self) }
        }
    }

    private func onThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            startThread(named: "person") { continuation.resume(returning: body()) }
        }
    }
}

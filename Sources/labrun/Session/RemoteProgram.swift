import ArgumentParser
import Glibc
import LinuxSystem
import Wire

/// A program in a node of a standing lab, used from this process's standard input, output and error.
struct RemoteProgram: ~Copyable {
    private let client: SessionClient
    private let order: ProgramOrder
    private let signals: SignalDescriptor

    /// - Parameter words: the program and its arguments; empty is a shell.
    init(node: String, words: [String], in name: String?) throws {
        let client = try SessionClient(named: name)
        let signals = try SignalDescriptor(SignalDescriptor.endingSignals + [SIGWINCH])
        // Whoever sits at a terminal gets one there, too.
        let size = TerminalSize(of: STDIN_FILENO).flatMap { TerminalSize(of: STDOUT_FILENO) == nil ? nil : $0 }
        order = ProgramOrder(
            node: node, words: words,
            terminal: size.map {
                ProgramOrder.Terminal(
                    kind: ThisProcess.environment("TERM") ?? "dumb", rows: $0.rows, columns: $0.columns)
            })
        self.client = client
        self.signals = signals
    }

    /// Uses the program until it ends, and then ends with its exit code.
    consuming func run() throws {
        let code = order.terminal == nil ? try lendDescriptors() : try useTerminal()
        if code != 0 { throw ExitCode(code) }
    }

    /// The program reads and writes what this process was given, by itself; signals are passed on.
    private func lendDescriptors() throws -> Int32 {
        try client.connection.send(
            SessionRequest.execute(order), passing: [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO])
        _ = try client.answer()
        let loop = try EventLoop()
        try loop.watch(client.connection.descriptor, as: 0)
        try loop.watch(signals.descriptor, as: 1)
        while true {
            for source in try loop.wait(until: nil) {
                if source == 0 { return try end() }
                for signal in try signals.receive() where signal != SIGWINCH {
                    try client.connection.send(SessionRequest.signal(signal))
                }
            }
        }
    }

    private func end() throws -> Int32 {
        guard case .ended(let code) = try client.answer() else { throw SessionClient.lost() }
        return code
    }

    /// Keys go to a terminal in the lab, and what is shown there comes back.
    private func useTerminal() throws -> Int32 {
        try client.connection.send(SessionRequest.execute(order))
        guard let message = try client.connection.receive() else { throw SessionClient.lost() }
        if case .refused(let sentence, let code) = try SessionMessage.value(SessionReply.self, from: message.octets) {
            Terminal.complain(sentence)
            return code
        }
        guard let controller = message.files.numbers.first else { throw SessionClient.lost() }
        let mode = TerminalMode(of: STDIN_FILENO)
        mode?.makeRaw()
        defer { mode?.restore() }
        var bridge = TerminalBridge(to: try OwnedDescriptor.duplicate(of: controller))
        withExtendedLifetime(message) {}
        return try relay(&bridge)
    }

    private enum Source {
        static let keys: EventLoop.Token = 0
        static let screen: EventLoop.Token = 1
        static let lab: EventLoop.Token = 2
        static let signals: EventLoop.Token = 3
    }

    /// How long a program may leave keys lying before they are offered again.
    private static let patience: Duration = .milliseconds(10)

    private func relay(_ bridge: inout TerminalBridge) throws -> Int32 {
        let loop = try EventLoop()
        try loop.watch(STDIN_FILENO, as: Source.keys)
        try loop.watch(bridge.descriptor, as: Source.screen)
        try loop.watch(client.connection.descriptor, as: Source.lab)
        try loop.watch(signals.descriptor, as: Source.signals)
        while true {
            for source in try loop.wait(until: bridge.hasPendingKeys ? MonotonicClock.now + Self.patience : nil) {
                switch source {
                case Source.keys: if !bridge.takeKeys() { loop.unwatch(STDIN_FILENO) }
                case Source.screen: bridge.show()
                case Source.signals:
                    for signal in try signals.receive() {
                        guard signal == SIGWINCH else { return 128 + signal }
                        bridge.copySize()
                    }
                default:
                    bridge.show()
                    return try end()
                }
            }
            bridge.offerKeys()
        }
    }
}

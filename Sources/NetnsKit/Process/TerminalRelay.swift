import Glibc
import LinuxSystem
import Wire

/// Carries keys from this process's terminal to a program on a terminal of its own, and what it shows back, until it
/// ends.
struct TerminalRelay: ~Copyable {
    private let terminal: PseudoTerminal
    private let child: ChildProcess
    private let loop: EventLoop
    private let wakeup: Int32
    private let resizing: SignalDescriptor
    /// Keys that the program has not taken yet.
    private var pending: [UInt8] = []

    private enum Source {
        static let keys: EventLoop.Token = 0
        static let screen: EventLoop.Token = 1
        static let end: EventLoop.Token = 2
        static let wakeup: EventLoop.Token = 3
        static let resizing: EventLoop.Token = 4
    }

    /// How long a program may leave keys lying before they are offered again.
    private static let patience: Duration = .milliseconds(10)

    /// Starts the program on a terminal of the same size as the standard input's.
    ///
    /// - Parameter wakeup: becomes readable when the program is to be ended.
    init(_ request: ProgramRequest, wakenBy wakeup: Int32) throws(SystemError) {
        var terminal = try PseudoTerminal()
        TerminalSize(of: STDIN_FILENO)?.apply(to: terminal.controller.number)
        let resizing = try SignalDescriptor([SIGWINCH])
        let loop = try EventLoop()
        try loop.watch(STDIN_FILENO, as: Source.keys)
        try loop.watch(terminal.controller.number, as: Source.screen)
        try loop.watch(wakeup, as: Source.wakeup)
        try loop.watch(resizing.descriptor, as: Source.resizing)
        let line = terminal.takeLine()
        var request = request
        request.descriptors = [line.number, line.number, line.number]
        request.takesTerminal = true
        let child = try ChildProcess(request)
        try loop.watch(child.descriptor, as: Source.end)
        self.terminal = terminal
        self.child = child
        self.loop = loop
        self.wakeup = wakeup
        self.resizing = resizing
    }

    /// Works until the program ends; when it is woken up from outside, it ends the program.
    mutating func run() throws(SystemError) -> Termination {
        while true {
            for source in try loop.wait(until: pending.isEmpty ? nil : MonotonicClock.now + Self.patience) {
                switch source {
                case Source.keys: takeKeys()
                case Source.screen: show()
                case Source.wakeup:
                    loop.unwatch(wakeup)
                    try child.sendToGroup(signal: SIGHUP)
                    try child.send(signal: SIGKILL)
                case Source.resizing:
                    _ = try resizing.receive()
                    TerminalSize(of: STDIN_FILENO)?.apply(to: terminal.controller.number)
                default: break
                }
            }
            offerKeys()
            guard let end = try child.collect() else { continue }
            show()
            return end
        }
    }

    private mutating func takeKeys() {
        let keys = Self.read(STDIN_FILENO)
        guard !keys.isEmpty else {
            // Nobody types any more: the program finds the end of its input.
            loop.unwatch(STDIN_FILENO)
            pending.append(Self.endOfInput)
            return
        }
        pending += keys
    }

    /// Ctrl-D.
    private static let endOfInput: UInt8 = 4

    private mutating func offerKeys() {
        guard !pending.isEmpty else { return }
        let written = unsafe pending.withUnsafeBytes {
            unsafe write(terminal.controller.number, $0.baseAddress, $0.count)
        }
        if written > 0 { pending.removeFirst(written) }
    }

    /// Shows everything that is there; the other side's end is seen by the program's.
    private func show() {
        while let octets = try? terminal.controller.read(), !octets.isEmpty {
            var rest = octets[...]
            while !rest.isEmpty {
                let count = unsafe rest.withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
                guard count > 0 || errno == EINTR else { return }
                rest = rest.dropFirst(max(count, 0))
            }
        }
    }

    private static func read(_ descriptor: Int32) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, used in
            used = max(unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count), 0)
        }
    }
}

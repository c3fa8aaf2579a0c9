import Glibc
import LinuxSystem
import Wire

/// Carries keys from this process's terminal to a program on a terminal of its own, and what it shows back, until it
/// ends.
struct TerminalRelay: ~Copyable {
    private var bridge: TerminalBridge
    private let child: ChildProcess
    private let loop: EventLoop
    private let wakeup: Int32
    private let resizing: SignalDescriptor

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
        let line = terminal.takeLine()
        let bridge = TerminalBridge(to: try terminal.controller.duplicate())
        bridge.copySize()
        let resizing = try SignalDescriptor([SIGWINCH])
        let loop = try EventLoop()
        try loop.watch(STDIN_FILENO, as: Source.keys)
        try loop.watch(bridge.descriptor, as: Source.screen)
        try loop.watch(wakeup, as: Source.wakeup)
        try loop.watch(resizing.descriptor, as: Source.resizing)
        var request = request
        request.descriptors = [line.number, line.number, line.number]
        request.takesTerminal = true
        let child = try ChildProcess(request)
        try loop.watch(child.descriptor, as: Source.end)
        self.bridge = bridge
        self.child = child
        self.loop = loop
        self.wakeup = wakeup
        self.resizing = resizing
    }

    /// Works until the program ends; when it is woken up from outside, it ends the program.
    mutating func run() throws(SystemError) -> Termination {
        while true {
            for source in try loop.wait(until: bridge.hasPendingKeys ? MonotonicClock.now + Self.patience : nil) {
                switch source {
                case Source.keys: if !bridge.takeKeys() { loop.unwatch(STDIN_FILENO) }
                case Source.screen: bridge.show()
                case Source.wakeup:
                    loop.unwatch(wakeup)
                    try child.sendToGroup(signal: SIGHUP)
                    try child.send(signal: SIGKILL)
                case Source.resizing:
                    _ = try resizing.receive()
                    bridge.copySize()
                default: break
                }
            }
            bridge.offerKeys()
            guard let end = try child.collect() else { continue }
            bridge.show()
            return end
        }
    }
}

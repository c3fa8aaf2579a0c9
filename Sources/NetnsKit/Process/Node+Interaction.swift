import Glibc
import LinuxSystem
import Synchronization
import Timeline

extension Node {
    /// Lets a person use a program in the node, such as a shell, and returns when it ends.
    ///
    /// When the standard input and output are terminals, the program gets a terminal of its own, of the same size, with
    /// job control: Ctrl-C reaches its foreground job and nobody else. This process's terminal passes every key on
    /// meanwhile, and is as before when the call returns, also when the task is canceled or the lab ends. Every thread
    /// of this process must block SIGWINCH for a later change of its size to be passed on, too.
    ///
    /// Otherwise the program inherits the standard input, output and error as they are.
    ///
    /// - Parameters:
    ///   - program: an absolute path as the node sees it.
    ///   - arguments: what follows its name on its command line.
    ///   - environment: on top of the node's own and a standard PATH; TERM is this process's.
    ///   - directory: where it is started; `workingDirectory` when nil.
    /// - Returns: how the program ended.
    public func interact(
        with program: String, _ arguments: [String] = [], environment: [String: String] = [:],
        in directory: String? = nil
    ) async throws -> ExitStatus {
        var variables = environment
        variables["TERM"] = variables["TERM"] ?? ThisProcess.environment("TERM")
        let request = try request(program, arguments, environment: variables, in: directory)
        let interaction = try translated { () throws(SystemError) in try Interaction(request) }
        let result: Result<Termination, SystemError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                startThread(named: "lab-terminal") { continuation.resume(returning: interaction.run()) }
            }
        } onCancel: {
            interaction.stop()
        }
        try Task.checkCancellation()
        return ExitStatus(try translated { () throws(SystemError) in try result.get() })
    }
}

/// A program while somebody uses it.
private final class Interaction: Sendable {
    private let request: ProgramRequest
    private let wakeup: Wakeup
    private let isTerminal: Bool

    init(_ request: ProgramRequest) throws(SystemError) {
        self.request = request
        wakeup = try Wakeup()
        isTerminal = TerminalSize(of: STDIN_FILENO) != nil && TerminalSize(of: STDOUT_FILENO) != nil
    }

    func stop() { wakeup.signal() }

    func run() -> Result<Termination, SystemError> {
        Result { () throws(SystemError) in try isTerminal ? useTerminal() : useDescriptors() }
    }

    private func useTerminal() throws(SystemError) -> Termination {
        let mode = TerminalMode(of: STDIN_FILENO)
        mode?.makeRaw()
        defer { mode?.restore() }
        var relay = try TerminalRelay(request, wakenBy: wakeup.descriptor)
        return try relay.run()
    }

    private func useDescriptors() throws(SystemError) -> Termination {
        var request = request
        request.descriptors = [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
        let child = try ChildProcess(request)
        let loop = try EventLoop()
        try loop.watch(child.descriptor, as: 0)
        try loop.watch(wakeup.descriptor, as: 1)
        while true {
            for token in try loop.wait(until: nil) where token == 1 {
                wakeup.clear()
                try child.send(signal: SIGKILL)
            }
            if let end = try child.collect() { return end }
        }
    }
}

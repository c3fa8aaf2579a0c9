import Glibc
import LinuxSystem
import Wire

/// Runs a program again inside PID, mount and network namespaces of their own, so that nothing it makes can outlive it.
///
/// The outer process only waits, and passes on what asks it to end. When it is killed, the first process inside loses
/// its lifeline and ends, and the kernel kills the rest; when the inner program ends, the outer one ends the others.
public enum Sandbox {
    private static let marker = "NETNSKIT_SANDBOX=1"

    /// Whether this process is the inner one.
    public static var isInside: Bool {
        unsafe getenv("NETNSKIT_SANDBOX").map { unsafe String(cString: $0) == "1" } ?? false
    }

    /// Starts this program inside, with the same words, and waits until it and all that it started have ended.
    ///
    /// Who may not make namespaces becomes root of a user namespace first, if the kernel lets everybody make those:
    /// then files of others belong to nobody inside, and no user but that one exists.
    ///
    /// Each of `passedOn` is passed on once; every thread of the caller must block them. The terminal, if the standard
    /// input is one, is left as it was found, however the inner program ended.
    ///
    /// - Returns: the inner program's exit code; 128 and the number for one that a signal ended.
    /// - Throws: `LabError.notPermitted` where namespaces are not permitted.
    public static func relaunch() throws(LabError) -> Int32 {
        let terminal = TerminalMode(of: STDIN_FILENO)
        defer { terminal?.restore() }
        var kinds = NamespaceKinds.node
        let first: InitProcess
        do {
            first = try InitProcess(hostname: hostname)
        } catch LabError.notPermitted {
            kinds.insert(.user)
            first = try unprivileged(kinds)
        }
        try first.awaitReady("the sandbox")
        var request = ProgramRequest(
            RunningProgram.path, CommandLine.arguments, environment: ThisProcess.environment + [marker])
        request.joining = (first.descriptor, kinds)
        request.descriptors = [0, 1, 2]
        request.directory = ThisProcess.workingDirectory
        // In a session of its own a Ctrl-C of the terminal reaches the outer process alone, as every other signal does.
        request.startsSession = true
        let code = try translated { () throws(SystemError) in try wait(for: request) }
        // Ends with everything inside when this function does.
        withExtendedLifetime(first) {}
        return code
    }

    /// What the outer process passes on: what asks it to end, and that its terminal has another size.
    public static let passedOn = SignalDescriptor.endingSignals + [SIGWINCH]

    /// A machine that lets nobody make user namespaces is the reason that counts, not how it says so.
    private static func unprivileged(_ kinds: NamespaceKinds) throws(LabError) -> InitProcess {
        do {
            return try InitProcess(hostname: hostname, in: kinds)
        } catch {
            if case .system(let error) = error { throw .notPermitted(error) }
            throw error
        }
    }

    private static func wait(for request: ProgramRequest) throws(SystemError) -> Int32 {
        let signals = try SignalDescriptor(passedOn)
        let inner = try ChildProcess(request)
        let loop = try EventLoop()
        try loop.watch(signals.descriptor, as: 0)
        try loop.watch(inner.descriptor, as: 1)
        while true {
            for token in try loop.wait(until: nil) where token == 0 {
                for signal in try signals.receive() { try inner.send(signal: signal) }
            }
            switch try inner.collect() {
            case .exited(let code): return code
            case .killed(let signal, _): return 128 + signal
            case nil: continue
            }
        }
    }

    private static var hostname: String {
        var name = utsname()
        unsafe uname(&name)
        return unsafe withUnsafeBytes(of: &name.nodename) {
            unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}

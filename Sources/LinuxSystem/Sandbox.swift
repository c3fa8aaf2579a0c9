import CLinux
import Glibc

/// Runs the program again as the first process of namespaces of its own, so that nothing it makes can outlive it.
///
/// The outer process only waits. When it is killed, the lifeline between the two breaks and the inner one ends at once; when
/// the inner one ends, the kernel kills every process of its PID namespace and frees what they held.
public enum Sandbox {
    private static let marker = "NETNSKIT_SANDBOX"
    private static let lifeline: Int32 = 3

    /// Whether this process is the inner one.
    public static var isInside: Bool {
        unsafe getpid() == 1 && getenv(marker) != nil
    }

    /// Starts the inner process with the same arguments and waits for it; signals to end are passed on.
    ///
    /// - Returns: the inner process's exit code; 128 and the number for one that a signal ended.
    /// - Throws: `SystemError` with EPERM where namespaces are not permitted.
    public static func relaunch() throws(SystemError) -> Int32 {
        var pipe = try Pipe()
        let cut = pipe.takeReadEnd()
        var request = ProgramRequest(
            "/proc/self/exe", CommandLine.arguments, environment: environment + ["\(marker)=1"])
        request.descriptors = [0, 1, 2, cut.number]
        request.fresh = [.process, .mount, .network]
        // The terminal's Ctrl-C is meant for both.
        request.startsSession = false
        let signals = try SignalDescriptor([SIGINT, SIGTERM, SIGHUP])
        let inner = try ChildProcess(request)
        let loop = try EventLoop()
        try loop.watch(signals.descriptor, as: 0)
        try loop.watch(inner.descriptor, as: 1)
        while true {
            for token in try loop.wait(until: nil) where token == 0 {
                // A SIGINT from the terminal has reached the inner process by itself.
                for signal in try signals.receive() where signal != SIGINT { try inner.send(signal: signal) }
            }
            switch try inner.collect() {
            case .exited(let code): return code
            case .killed(let signal): return 128 + signal
            case nil: continue
            }
        }
    }

    /// Makes the inner process at home: its own view of processes, mounts that nobody else sees, and the lifeline watched.
    public static func settle() throws(SystemError) {
        unsafe unsetenv(marker)
        try systemCall("make the mounts private") {
            unsafe clinux_mount(nil, "/", nil, UInt(MS_REC | MS_PRIVATE), nil)
        }
        try systemCall("mount /proc") {
            unsafe clinux_mount("proc", "/proc", "proc", UInt(MS_NOSUID | MS_NODEV | MS_NOEXEC), nil)
        }
        _ = fcntl(lifeline, F_SETFD, FD_CLOEXEC)
        startThread(named: "lifeline") {
            var source = pollfd(fd: lifeline, events: 0, revents: 0)
            while unsafe poll(&source, 1, -1) == -1 && errno == EINTR {}
            _exit(128 + SIGKILL)
        }
    }

    private static var environment: [String] {
        var variables: [String] = []
        var next = unsafe environ
        while let text = unsafe next.pointee {
            unsafe variables.append(String(cString: text))
            unsafe next += 1
        }
        return variables
    }
}

import CLinux
import Glibc

/// A program to start: what, with which words, where.
public struct ProgramRequest: Sendable {
    /// An absolute path, looked up in the namespaces that the program starts in.
    public var path: String
    /// The argument vector; the first word is the program's own name.
    public var arguments: [String]
    /// `NAME=VALUE`; nothing is inherited.
    public var environment: [String]
    public var directory: String?
    /// Descriptors that become 0, 1, 2 and so on; nil is /dev/null. At most 16.
    public var descriptors: [Int32?] = [nil, nil, nil]
    /// A process whose namespaces the program joins.
    public var joining: (pidfd: Int32, kinds: NamespaceKinds)?
    /// Namespaces that the program gets for itself.
    public var fresh: NamespaceKinds = []
    /// Its own session, and so its own process group.
    public var startsSession = true
    /// The user and group it runs as, without supplementary groups; nil keeps the caller's.
    public var identity: (user: UInt32, group: UInt32)?
    /// How the kernel treats it beside others; nil keeps what the caller has.
    public var standing: ProcessStanding?
    /// Whether the kernel may keep the program's memory when it crashes, as far as the hard limit goes.
    public var leavesCore = false
    /// Whether its standard input, a terminal, controls its session: who types Ctrl-C there interrupts it.
    public var takesTerminal = false
    /// What it gets when the thread that started it ends; nil lets it live on.
    public var deathSignal: Int32?

    public init(_ path: String, _ arguments: [String], environment: [String] = ["PATH=\(Self.standardPath)"]) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
    }

    /// Where programs are looked up when nobody says otherwise.
    public static let standardPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
}

/// The kinds of namespace, as clone(2) numbers them.
public struct NamespaceKinds: OptionSet, Sendable {
    public let rawValue: Int32
    public static let network = NamespaceKinds(rawValue: 0x4000_0000)
    public static let mount = NamespaceKinds(rawValue: 0x0002_0000)
    public static let process = NamespaceKinds(rawValue: 0x2000_0000)
    public static let hostname = NamespaceKinds(rawValue: 0x0400_0000)
    public static let messages = NamespaceKinds(rawValue: 0x0800_0000)
    /// Users: who has one of its own is root in it, and nobody outside.
    public static let user = NamespaceKinds(rawValue: 0x1000_0000)
    /// The clocks that count from boot; joining these takes a copy of the caller's memory.
    public static let clocks = NamespaceKinds(rawValue: 0x80)
    /// What makes a node of its own.
    public static let node: NamespaceKinds = [.network, .mount, .process, .hostname, .messages]

    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }
}

/// How a process ended.
public enum Termination: Hashable, Sendable {
    case exited(Int32)
    /// By a signal, and whether the kernel wrote a core file or handed one to a program.
    case killed(signal: Int32, dumpedCore: Bool = false)
}

/// A child of this process, held by a descriptor, so that its number cannot come to mean another process.
public struct ChildProcess: ~Copyable, Sendable {
    /// As seen from the caller's PID namespace.
    public let pid: Int32
    private let handle: OwnedDescriptor

    /// Starts a program; the caller's memory is not copied, so this takes under a millisecond at any size.
    public init(_ request: ProgramRequest) throws(SystemError) {
        precondition(request.descriptors.count <= 16, "a program gets at most 16 descriptors")
        var stage: Int32 = 0
        let pid = Self.spawn(request, &stage)
        guard pid > 0 else {
            throw SystemError("\(Self.name(ofStage: stage, request))", code: -pid)
        }
        let handle: Int32
        do {
            handle = try systemCall("pidfd_open") { clinux_pidfd_open(pid) }
        } catch {
            // Nobody could end or collect it later.
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
            throw error
        }
        self.pid = pid
        self.handle = OwnedDescriptor(owning: handle)
    }

    /// Becomes readable when the process ends.
    public var descriptor: Int32 { handle.number }

    /// Sends a signal; a process that has ended already is not an error.
    public borrowing func send(signal: Int32) throws(SystemError) {
        do {
            try systemCall("pidfd_send_signal") { clinux_pidfd_send_signal(handle.number, signal) }
        } catch let error where error.code == ESRCH {
        }
    }

    /// Collects the process: nil while it runs, unless `blocking`. A process can be collected once.
    public borrowing func collect(blocking: Bool = false) throws(SystemError) -> Termination? {
        var code: Int32 = 0
        var status: Int32 = 0
        let collected = try systemCall("waitid") { unsafe clinux_wait(handle.number, blocking, &code, &status) }
        guard collected > 0 else { return nil }
        return code == CLD_EXITED ? .exited(status) : .killed(signal: status, dumpedCore: code == CLD_DUMPED)
    }

    private static func spawn(_ request: ProgramRequest, _ stage: inout Int32) -> Int32 {
        unsafe withCStrings(request.arguments) { arguments in
            unsafe withCStrings(request.environment) { environment in
                let descriptors = request.descriptors.map { $0 ?? -1 }
                return unsafe request.path.withCString { path in
                    unsafe withOptionalCString(request.directory) { directory in
                        unsafe withOptionalPointer(to: request.standing?.values) { standing in
                            unsafe descriptors.withUnsafeBufferPointer { descriptors in
                                var program = unsafe clinux_program(
                                    path: path, arguments: arguments, environment: environment, directory: directory,
                                    join: request.joining?.pidfd ?? -1,
                                    join_kinds: request.joining?.kinds.rawValue ?? 0,
                                    fresh: UInt(request.fresh.rawValue), descriptors: descriptors.baseAddress,
                                    descriptor_count: Int32(descriptors.count), new_session: request.startsSession,
                                    has_identity: request.identity != nil, uid: request.identity?.user ?? 0,
                                    gid: request.identity?.group ?? 0, death_signal: request.deathSignal ?? 0,
                                    standing: standing, leaves_core: request.leavesCore,
                                    takes_terminal: request.takesTerminal, open_files: OpenFileLimit.ofPrograms)
                                return unsafe clinux_spawn(&program, &stage)
                            }
                        }
                    }
                }
            }
        }
    }

    private static func name(ofStage stage: Int32, _ request: ProgramRequest) -> String {
        switch clinux_stage(UInt32(stage)) {
        case CLINUX_STAGE_JOIN: "setns for \(request.path)"
        case CLINUX_STAGE_DESCRIPTORS: "dup2 for \(request.path)"
        case CLINUX_STAGE_DIRECTORY: "chdir \(request.directory ?? "")"
        case CLINUX_STAGE_IDENTITY: "setuid for \(request.path)"
        case CLINUX_STAGE_TERMINAL: "ioctl(TIOCSCTTY) for \(request.path)"
        case CLINUX_STAGE_USERS: "uid_map for \(request.path)"
        case CLINUX_STAGE_EXECUTE: "execve \(request.path)"
        default: "clone for \(request.path)"
        }
    }
}

private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers = unsafe strings.map { unsafe strdup($0) } + [nil]
    defer {
        for index in unsafe pointers.indices { unsafe free(pointers[index]) }
    }
    return unsafe body(&pointers)
}

private func withOptionalCString<Result>(_ string: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
    guard let string else { return body(nil) }
    return unsafe string.withCString(body)
}

private func withOptionalPointer<Value, Result>(
    to value: Value?, _ body: (UnsafePointer<Value>?) -> Result
) -> Result {
    guard let value else { return body(nil) }
    return unsafe withUnsafePointer(to: value) { unsafe body($0) }
}

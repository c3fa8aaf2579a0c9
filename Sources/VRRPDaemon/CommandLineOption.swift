/// One option of the command line: how it is written, what it means, and what it does.
struct CommandLineOption: Sendable {
    enum Argument: Hashable, Sendable {
        case none
        case required(String)
        /// Only directly behind the option.
        case optional(String)
    }

    let letter: Character?
    let word: String
    let argument: Argument
    let help: String
    /// Notes the option; false when the argument means nothing.
    let apply: @Sendable (_ value: String, _ request: inout CommandLineRequest) -> Bool

    private init(
        _ letter: Character?, _ word: String, _ argument: Argument, _ help: String,
        _ apply: @escaping @Sendable (String, inout CommandLineRequest) -> Bool
    ) {
        self.letter = letter
        self.word = word
        self.argument = argument
        self.help = help
        self.apply = apply
    }

    /// An option without an argument.
    static func flag(
        _ letter: Character?, _ word: String, _ help: String,
        _ apply: @escaping @Sendable (inout CommandLineRequest) -> Void
    ) -> CommandLineOption {
        CommandLineOption(letter, word, .none, help) { _, request in
            apply(&request)
            return true
        }
    }

    /// An option whose argument is taken as it is.
    static func text(
        _ letter: Character?, _ word: String, _ name: String, _ help: String,
        _ apply: @escaping @Sendable (String, inout CommandLineRequest) -> Void
    ) -> CommandLineOption {
        parsed(letter, word, name, help) { text, request in
            apply(text, &request)
            return true
        }
    }

    /// An option whose argument must have a meaning.
    static func parsed(
        _ letter: Character?, _ word: String, _ name: String, _ help: String,
        _ apply: @escaping @Sendable (String, inout CommandLineRequest) -> Bool
    ) -> CommandLineOption {
        CommandLineOption(letter, word, .required(name), help, apply)
    }

    /// An option whose argument may be left out, and is empty then.
    static func optional(
        _ letter: Character?, _ word: String, _ name: String, _ help: String,
        _ apply: @escaping @Sendable (String, inout CommandLineRequest) -> Void
    ) -> CommandLineOption {
        CommandLineOption(letter, word, .optional(name), help) { text, request in
            apply(text, &request)
            return true
        }
    }

    /// One of keepalived's that means nothing to a VRRP daemon of one process.
    static func unused(
        _ letter: Character?, _ word: String, _ help: String, _ argument: Argument = .none
    ) -> CommandLineOption {
        CommandLineOption(letter, word, argument, "No effect here. keepalived: \(help)") { _, request in
            request.options.idleOptions.append(letter.map { "-\($0)" } ?? "--\(word)")
            return true
        }
    }
}

extension CommandLineOption {
    static let all = running + logging + files + tasks + idle

    private static let running: [CommandLineOption] = [
        .text("f", "use-file", "FILE", "The configuration file.") { $1.options.configurationFile = $0 },
        .flag("n", "dont-fork", "Stay in the foreground.") { $0.options.staysInForeground = true },
        .text("s", "namespace", "NAME", "Run in this network namespace, whatever the configuration says.") {
            $1.options.networkNamespace = $0
        },
        .flag("P", "vrrp", "Run VRRP only; nothing else is there to run.") { _ in },
        .flag("R", "dont-respawn", "Do not start a process that died; the daemon is only one.") { _ in },
        .text("i", "config-id", "ID", "The name that @NAME lines are for; otherwise the host's.") {
            $1.options.configID = $0
        },
        .flag("e", "all-config", "Every include must match something.") { $0.options.requiresIncludes = true },
        .flag(nil, "keep-going", "Run what can run when something in the file cannot.") {
            $0.options.keepsGoing = true
        },
        .flag("V", "dont-release-vrrp", "Leave addresses and routes in place at the end.") {
            $0.options.leavesAddresses = true
        },
        .flag("m", "core-dump", "Leave a core file after a crash.") { $0.options.dumpsCore = true },
        .parsed("u", "umask", "MASK", "Octal; taken away from the rights of files that are made.") { text, request in
            guard let mask = UInt16(text, radix: 8), mask <= 0o777 else { return false }
            request.options.fileModeMask = mask
            return true
        },
    ]

    private static let logging: [CommandLineOption] = [
        .flag("l", "log-console", "Log to standard error too; only with -n.") { $0.options.logsToConsole = true },
        .flag("D", "log-detail", "Log more.") { $0.options.logsDetail = true },
        .parsed("S", "log-facility", "NAME", "0...7, local0...local7, user or daemon.") { text, request in
            guard let facility = LogFacility(text) else { return false }
            request.options.facility = facility
            return true
        },
        .flag("G", "no-syslog", "Do not log to the system log.") { $0.options.logsToSystem = false },
        .flag("d", "dump-conf", "Log the whole state after the start.") { $0.options.dumpsConfiguration = true },
        .flag("a", "address-monitoring", "Log every address that comes or goes.") { $0.options.logsAddresses = true },
    ]

    private static let files: [CommandLineOption] = [
        .text("p", "pid", "FILE", "The PID file.") { $1.options.pidFile = $0 },
        .text("r", "vrrp_pid", "FILE", "A second PID file.") { $1.options.vrrpPIDFile = $0 },
    ]

    private static let tasks: [CommandLineOption] = [
        .optional("t", "config-test", "FILE", "Check the configuration and exit.") { file, request in
            request.task = .testConfiguration(report: file.isEmpty ? nil : file)
        },
        .flag(nil, "strict", "With -t: do not pass what keepalived is silent about either.") {
            $0.options.isTestStrict = true
        },
        .text(nil, "signum", "NAME", "Say a signal's number: STOP, RELOAD, DATA, STATS, STATS_CLEAR or JSON.") {
            $1.task = .sayNumber(ofSignal: $0)
        },
        .flag("v", "version", "Say which version this is and exit.") { $0.task = .sayVersion },
        .flag("h", "help", "Say this and exit.") { $0.task = .sayHelp },
        .flag(nil, "detached", "") { $0.options.isDetached = true },
    ]

    private static let idle: [CommandLineOption] = [
        .unused("C", "check", "only the checking process."),
        .unused("B", "no_bfd", "no BFD process."),
        .unused(nil, "all", "all processes."),
        .unused("X", "release-vips", "release addresses that somebody else put in place."),
        .unused("I", "dont-release-ipvs", "leave IPVS as it is at the end."),
        .unused("c", "checkers_pid", "the PID file of the checking process.", .required("FILE")),
        .unused("b", "bfd_pid", "the PID file of the BFD process.", .required("FILE")),
        .unused("g", "log-file", "a log file.", .optional("FILE")),
        .unused(nil, "flush-log-file", "the log file is flushed after every line."),
        .unused("M", "core-dump-pattern", "the name of core files.", .optional("PATTERN")),
        .unused("x", "snmp", "SNMP."),
        .unused("A", "snmp-agent-socket", "the socket of the SNMP agent.", .required("FILE")),
        .unused("T", "genhash", "the program genhash."),
        .unused(nil, "perf", "performance records.", .optional("WHEN")),
        .unused(nil, "debug", "messages for its developers.", .optional("FLAGS")),
        .unused(nil, "no-mem-check", "no check of memory."),
        .unused(nil, "ignore-sigint", "SIGINT has no effect."),
    ]

    /// A line or two for people.
    var description: String {
        let name: String
        switch argument {
        case .none: name = word
        case .required(let value): name = "\(word)=\(value)"
        case .optional(let value): name = "\(word)[=\(value)]"
        }
        let head = "  \(letter.map { "-\($0)," } ?? "   ") --\(name)"
        let gap = head.count < 30 ? String(repeating: " ", count: 30 - head.count) : " "
        return head + gap + help
    }
}

import KeepalivedConfiguration
import LinuxSystem
import Netlink

/// What the program does, with the exit status that keepalived would have.
public enum Program {
    /// As `--version` and the log say it.
    public static let version = Daemon.version

    /// Runs the daemon until it is told to stop, or starts it in the background; returns the exit status.
    ///
    /// - Parameter arguments: the program's own, for the copy in the background.
    public static func run(_ options: Options, arguments: [String]) -> Int32 {
        guard options.staysInForeground || options.isDetached else { return Detachment.start(arguments) }
        let log = Log(options)
        do {
            try serve(options, log)
            return 0
        } catch {
            log.write(error)
            Supervisor().failed(error)
            if !log.reachesConsole { say("\(error)") }
            return error.exitCode
        }
    }

    /// Reads the configuration, says on standard error everything that there is to say about it, and returns
    /// keepalived's exit status for that. A strict test does not pass what keepalived is silent about: it then returns
    /// 5 where keepalived would return 0.
    ///
    /// - Parameter report: a file that gets the words instead, after what is in it.
    public static func testConfiguration(_ options: Options, report: String? = nil) -> Int32 {
        if let report, !StandardError.redirect(appendingTo: report) {
            say("cannot write to \(report)")
            return 1
        }
        do {
            let result = try ConfigurationReader.load(options)
            let findings = result.diagnostics + (try machineFindings(about: result.configuration, options))
            for diagnostic in findings { say(diagnostic.rendered) }
            let exitCode = ConfigurationResult.testExitCode(of: findings)
            let isAdvised = findings.contains { $0.category == .advice }
            return exitCode == 0 && options.isTestStrict && isAdvised ? 5 : exitCode
        } catch {
            say("\(error)")
            return error.kind == .noConfiguration ? 4 : error.exitCode
        }
    }

    private static func machineFindings(
        about configuration: DaemonConfiguration, _ options: Options
    ) throws(DaemonError) -> [Diagnostic] {
        let file = options.configurationFile
        if let namespace = configuration.layout.networkNamespace {
            let sentence = "interfaces and scripts are those of network namespace '\(namespace)': not looked at here"
            return [Diagnostic(.note, sentence, at: .whole(file))]
        }
        var interfaces = try insisting { () throws(NetlinkError) in try InterfaceTable() }
        try insisting { () throws(NetlinkError) in try interfaces.refresh() }
        var findings = MachineCheck.complaints(about: configuration, in: file, among: interfaces.interfaces)
        // keepalived comes to judging scripts only when every interface is there.
        let hasInterfaces = !findings.contains { $0.severity == .fatal }
        findings += ScriptCheck.findings(about: configuration, in: file).filter {
            hasInterfaces || $0.category != .security
        }
        guard options.isTestStrict else { return findings }
        let networks = try insisting { () throws(NetlinkError) in try AddressAdvice.networks() }
        return findings + AddressAdvice.findings(about: configuration, in: file, networks: networks)
    }

    private static func serve(_ options: Options, _ log: Log) throws(DaemonError) {
        // A closed pipe must not end us either: it is a signal like the others, and means nothing.
        let signals = try insisting { () throws(SystemError) in try SignalDescriptor(SignalMeaning.allNumbers) }
        log.notice("Starting Vrrpd v\(version)")
        if !options.idleOptions.isEmpty {
            log.notice("Options without an effect: \(options.idleOptions.joined(separator: " "))")
        }
        try? ThisProcess.adoptOrphans()
        let reading = try ConfigurationReader.load(options)
        let place = RunningPlace(
            options, reading.configuration.layout, temporaryDirectory: ThisProcess.environment("TMPDIR"))
        log.identity += place.suffix
        try place.enter()
        let files = try PIDFiles(place)
        let prepared = PreparedScripts(reading.configuration)
        ScriptWait.run(prepared.startup, for: reading.configuration.startupScript, "startup", log)
        var daemon = try Daemon(options, log, signals, at: place, reading)
        for line in ProcessPreparation.apply(reading.configuration.process, options, for: reading.configuration) {
            log.notice(line)
        }
        try daemon.run { if options.isDetached { Detachment.reportUp() } }
        ScriptWait.run(daemon.prepared.shutdown, for: daemon.configuration.shutdownScript, "shutdown", log)
        files.remove()
    }

    /// The number of the signal that means something to the daemon by one of keepalived's words, such as `RELOAD`.
    public static func signalNumber(named name: String) -> Int32? {
        SignalMeaning(rawValue: name)?.number
    }

    /// Ends the program.
    public static func exit(_ status: Int32) -> Never {
        ThisProcess.exit(status)
    }

    /// Writes a text to standard error.
    public static func say(_ text: String) {
        _ = StandardError.write("\(text)\n")
    }
}

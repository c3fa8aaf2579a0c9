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
            if !log.reachesConsole { say("\(error)") }
            return error.exitCode
        }
    }

    /// Reads the configuration, says on standard error everything that there is to say about it, and returns
    /// keepalived's exit status for that.
    public static func testConfiguration(_ options: Options) -> Int32 {
        do {
            let result = try ConfigurationReader.load(options)
            var interfaces = try insisting { () throws(NetlinkError) in try InterfaceTable() }
            try insisting { () throws(NetlinkError) in try interfaces.refresh() }
            let complaints = MachineCheck.complaints(
                about: result.configuration, in: options.configurationFile, among: interfaces.interfaces)
            for diagnostic in result.diagnostics + complaints { say(diagnostic.rendered) }
            let scriptComplaints = PreparedScripts(result.configuration).complaints
            for complaint in scriptComplaints { say(complaint) }
            // keepalived counts what is missing on the machine among the general errors.
            let isAtHome = complaints.isEmpty && scriptComplaints.isEmpty
            return result.testExitCode == 0 && !isAtHome ? 5 : result.testExitCode
        } catch {
            say("\(error)")
            return error.kind == .noConfiguration ? 4 : error.exitCode
        }
    }

    private static func serve(_ options: Options, _ log: Log) throws(DaemonError) {
        // A closed pipe must not end us either: it is a signal like the others, and means nothing.
        let signals = try insisting { () throws(SystemError) in
            try SignalDescriptor([
                SignalNumber.terminate, SignalNumber.interrupt, SignalNumber.hangUp, SignalNumber.user1,
                SignalNumber.user2, SignalNumber.brokenPipe,
            ])
        }
        log.notice("Starting Vrrpd v\(version)")
        let files = try PIDFiles(options)
        var daemon = try Daemon(options, log, signals)
        try daemon.run { if options.isDetached { Detachment.reportUp() } }
        files.remove()
    }

    /// Writes a text to standard error.
    public static func say(_ text: String) {
        _ = StandardError.write("\(text)\n")
    }
}

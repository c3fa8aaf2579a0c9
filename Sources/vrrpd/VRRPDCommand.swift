import ArgumentParser
import VRRPDaemon

/// The command line, with keepalived's options as far as they mean something to a VRRP daemon of one process.
@main
struct VRRPDCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vrrpd", abstract: "A VRRP daemon that reads keepalived's configuration.")

    @Option(name: [.customShort("f", allowingJoined: true), .long], help: "The configuration file.")
    var useFile = Options().configurationFile

    @Flag(name: [.customShort("n"), .long], help: "Stay in the foreground.")
    var dontFork = false

    @Flag(name: [.customShort("l"), .long], help: "Log to standard error too; only with -n.")
    var logConsole = false

    @Flag(name: [.customShort("D"), .long], help: "Log more.")
    var logDetail: Int

    @Option(
        name: [.customShort("S", allowingJoined: true), .long],
        help: "0...7, local0...local7, user or daemon.")
    var logFacility = Options().facility

    @Flag(name: [.customShort("G"), .long], help: "Do not log to the system log.")
    var noSyslog = false

    @Flag(name: [.customShort("d"), .long], help: "Log the whole configuration after the start.")
    var dumpConf = false

    @Flag(name: [.customShort("P"), .long], help: "Run VRRP only; nothing else is there to run.")
    var vrrp = false

    @Option(name: [.customShort("p", allowingJoined: true), .customLong("pid")], help: "The PID file.")
    var pidFile = Options().pidFile

    @Option(name: [.customShort("r", allowingJoined: true), .customLong("vrrp_pid")], help: "A second PID file.")
    var vrrpPIDFile = Options().vrrpPIDFile

    @Option(
        name: [.customShort("i", allowingJoined: true), .long],
        help: "The name that @NAME lines are for; otherwise the host's.")
    var configID: String?

    @Flag(name: [.customShort("t"), .long], help: "Check the configuration and exit.")
    var configTest = false

    @Flag(help: "With -t: do not pass what keepalived is silent about either.")
    var strict = false

    @Flag(name: [.customShort("e"), .long], help: "Every include must match something that can be read.")
    var allConfig = false

    @Flag(name: [.customShort("v"), .long], help: "Say which version this is and exit.")
    var version = false

    @Flag(help: .private)
    var detached = false

    func run() throws {
        let arguments = CommandLine.arguments
        throw ExitCode(configTest ? Program.testConfiguration(options) : Program.run(options, arguments: arguments))
    }

    private var options: Options {
        var options = Options()
        options.configurationFile = useFile
        options.configID = configID
        options.requiresIncludes = allConfig
        options.isTestStrict = strict
        options.pidFile = pidFile
        options.vrrpPIDFile = vrrpPIDFile
        options.staysInForeground = dontFork
        options.logsToConsole = logConsole
        options.logsDetail = logDetail > 0
        options.logsToSystem = !noSyslog
        options.facility = logFacility
        options.dumpsConfiguration = dumpConf
        options.isDetached = detached
        return options
    }

    /// keepalived's manners: what was not understood costs 1, the version goes to standard error.
    static func main() {
        do {
            let command = try parse()
            if command.version {
                Program.say("Vrrpd v\(Program.version)")
            } else {
                try command.run()
            }
        } catch let code as ExitCode {
            exit(withError: code)
        } catch {
            let isMistake = exitCode(for: error) != .success
            isMistake ? Program.say(fullMessage(for: error)) : print(fullMessage(for: error))
            exit(withError: isMistake ? ExitCode.failure : ExitCode.success)
        }
    }
}

extension LogFacility: ExpressibleByArgument {}

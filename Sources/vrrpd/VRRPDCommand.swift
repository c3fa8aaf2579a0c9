import VRRPDaemon

/// The command line, with keepalived's manners: what was not understood costs 1, version and help go to standard error.
@main
enum VRRPDCommand {
    static func main() {
        do throws(CommandLineRequest.Mistake) {
            let arguments = CommandLine.arguments
            let request = try CommandLineRequest(Array(arguments.dropFirst()))
            if !request.unexpectedWords.isEmpty {
                Program.say("Unexpected argument(s): \(request.unexpectedWords.joined(separator: " "))")
            }
            Program.exit(perform(request, arguments))
        } catch {
            Program.say("vrrpd: \(error)\nTry vrrpd --help")
            Program.exit(1)
        }
    }

    private static func perform(_ request: CommandLineRequest, _ arguments: [String]) -> Int32 {
        switch request.task {
        case .run:
            return Program.run(request.options, arguments: arguments)
        case .testConfiguration(let report):
            return Program.testConfiguration(request.options, report: report)
        case .sayVersion:
            Program.say("Vrrpd v\(Program.version)")
            return 0
        case .sayHelp:
            Program.say(CommandLineRequest.help)
            return 0
        case .sayNumber(let name):
            guard let number = Program.signalNumber(named: name) else {
                Program.say("Unknown sigfunc \(name)")
                return 1
            }
            print(number)
            return 0
        }
    }
}

import Testing

@testable import VRRPDaemon

@Suite("The command line, read as getopt_long(3) would")
struct CommandLineRequestTests {
    @Test("Letters stand together, and the last may have its argument behind it")
    func letters() throws {
        let request = try CommandLineRequest(["-nlDf/etc/x.conf", "-p", "/run/x.pid", "-S3"])
        #expect(request.task == .run)
        #expect(request.options.staysInForeground)
        #expect(request.options.logsToConsole)
        #expect(request.options.logsDetail)
        #expect(request.options.configurationFile == "/etc/x.conf")
        #expect(request.options.pidFile == "/run/x.pid")
        #expect(request.options.facility.description == "local3")
    }

    @Test("A word may have its argument behind an equals sign or in the next word, and may be cut short")
    func words() throws {
        let request = try CommandLineRequest([
            "--use-file=/a", "--vrrp_pid", "/b", "--dont-f", "--config-id=node1", "--namespace", "blue",
        ])
        #expect(request.options.configurationFile == "/a")
        #expect(request.options.vrrpPIDFile == "/b")
        #expect(request.options.staysInForeground)
        #expect(request.options.configID == "node1")
        #expect(request.options.networkNamespace == "blue")
    }

    @Test("The configuration test may name the file for its report, but only in the same word")
    func configurationTest() throws {
        #expect(try CommandLineRequest(["-t"]).task == .testConfiguration(report: nil))
        #expect(try CommandLineRequest(["-t/tmp/report"]).task == .testConfiguration(report: "/tmp/report"))
        #expect(try CommandLineRequest(["--config-test=/r"]).task == .testConfiguration(report: "/r"))
        let apart = try CommandLineRequest(["-t", "/tmp/report"])
        #expect(apart.task == .testConfiguration(report: nil))
        #expect(apart.unexpectedWords == ["/tmp/report"])
    }

    @Test("What cannot be understood is said with the option that it is about")
    func mistakes() {
        let cases: [([String], CommandLineRequest.Mistake)] = [
            (["-y"], .unknown("-y")), (["-ny"], .unknown("-y")), (["--nothing"], .unknown("--nothing")),
            (["--dont"], .ambiguous("--dont")), (["-f"], .missingArgument("-f")),
            (["--pid"], .missingArgument("--pid")), (["--dont-fork=1"], .superfluousArgument("--dont-fork")),
            (["-S", "mail"], .badArgument(option: "-S", "mail")), (["-u", "9"], .badArgument(option: "-u", "9")),
        ]
        for (words, mistake) in cases {
            #expect(throws: mistake) { try CommandLineRequest(words) }
        }
        #expect("\(CommandLineRequest.Mistake.unknown("-y"))" == "Unknown option -y")
    }

    @Test("Every option of keepalived 2.2.7 is taken; those without a meaning here are named")
    func everyOption() throws {
        let words = [
            "-P", "-C", "-B", "--all", "-l", "-D", "-S", "1", "-G", "-u", "077", "-X", "-V", "-I", "-R", "-n", "-d",
            "-p", "/p", "-r", "/r", "-T", "-c", "/c", "-a", "-b", "/b", "-x", "-A", "/a", "-s", "ns", "-m", "-M", "-e",
            "-i", "id", "-g",
        ]
        let request = try CommandLineRequest(words)
        #expect(request.unexpectedWords == [])
        #expect(request.options.fileModeMask == 0o77)
        #expect(request.options.leavesAddresses)
        #expect(request.options.dumpsCore)
        #expect(request.options.requiresIncludes)
        #expect(
            request.options.idleOptions == ["-C", "-B", "--all", "-X", "-I", "-T", "-c", "-b", "-x", "-A", "-M", "-g"])
    }

    @Test("Words that belong to no option are kept apart, and everything behind -- is one")
    func unexpected() throws {
        #expect(try CommandLineRequest(["-n", "start", "--", "-y"]).unexpectedWords == ["start", "-y"])
    }

    @Test("No two options share a letter or a word")
    func unique() {
        let letters = CommandLineOption.all.compactMap(\.letter)
        #expect(Set(letters).count == letters.count)
        let words = CommandLineOption.all.map(\.word)
        #expect(Set(words).count == words.count)
    }

    @Test("The page for people names every option that is meant for them, in narrow lines")
    func help() {
        let lines = CommandLineRequest.help.split(separator: "\n")
        #expect(lines.contains("  -f, --use-file=FILE         The configuration file."))
        #expect(lines.contains("      --keep-going            Run what can run when something in the file cannot."))
        #expect(!CommandLineRequest.help.contains("detached"))
        #expect(lines.allSatisfy { $0.count <= 110 })
    }

    @Test(
        "Signals have keepalived's numbers",
        arguments: [
            ("STOP", 15), ("RELOAD", 1), ("DATA", 10), ("STATS", 12), ("STATS_CLEAR", 63), ("JSON", 36),
        ] as [(String, Int32)])
    func signals(name: String, number: Int32) {
        #expect(Program.signalNumber(named: name) == number)
        #expect(SignalMeaning(number: number)?.rawValue == name)
    }

    @Test("An interrupt means stop; a word that is none has no number")
    func otherSignals() {
        #expect(SignalMeaning(number: 2) == .stop)
        #expect(SignalMeaning(number: 13) == nil)
        #expect(Program.signalNumber(named: "TDATA") == nil)
    }
}

import KeepalivedConfiguration
import Testing
import VRRPCore

/// Seen from outside: `router_id` shows what a line came to.
@Suite struct SubstitutionTests {
    private func routerID(
        _ line: String, after lines: String = "", configID: String? = nil
    ) -> (value: String?, complaints: [String]) {
        let result = load("\(lines)\nglobal_defs {\n\(line)\n}\n", configID: configID)
        return (result.configuration.routerID, result.complaints)
    }

    @Test(
        "A variable is replaced where keepalived replaces it",
        arguments: [
            ("$ID=lb1", "router_id $ID", "lb1"),
            ("$ID=lb1", "router_id ${ID}", "lb1"),
            ("$ID=lb1", "router_id x${ID}y", "xlb1y"),
            ("$ID=lb1", "router_id x$ID", "xlb1"),
            ("$ID=lb1", #"router_id "a ${ID} b""#, "a lb1 b"),
            ("$ID= lb1  # comment", "router_id $ID", "lb1"),
            ("$A=1\n$ID=${A}2", "router_id ${ID}3", "123"),
            ("$ID=${A}2\n$A=1", "router_id $ID", "12"),
            ("$ID=a\n$ID=b", "router_id $ID", "b"),
            ("$LINE=router_id lb1", "$LINE", "lb1"),
            ("$ALL= \\\n debug_x \\\n", "router_id lb1", "lb1"),
            ("", "router_id a${_HASH}b", "a"),
            ("", #"router_id "a${_HASH}${_BANG}b""#, "a#!b"),
            ("", "router_id ${_PWD}", "."),
        ])
    func replacement(_ definition: String, _ line: String, _ value: String) {
        let result = routerID(line, after: definition)
        #expect(result.value == value)
        #expect(result.complaints == [])
    }

    @Test("What is not defined stays as it is, and only braces make that suspicious")
    func undefined() {
        #expect(routerID("router_id Pr0d$ecr3t").value == "Pr0d$ecr3t")
        #expect(routerID("router_id Pr0d$ecr3t").complaints == [])
        let braced = routerID("router_id a${x}b")
        #expect(braced.value == "a${x}b")
        #expect(braced.complaints == ["3:12 warning: '${x}' is not defined and stays as it is"])
    }

    @Test("A variable glued to what follows is left alone, and the cure is named")
    func glued() {
        let result = routerID("router_id $ID/1", after: "$ID=lb1")
        #expect(result.value == "$ID/1")
        #expect(result.complaints == ["3:11 warning: '$ID' is not replaced here: write ${ID} where no blank follows"])
    }

    @Test("A value over several lines stands for lines, with conditions and definitions of their own")
    func severalLines() throws {
        let text = """
            $VI= \\
            vrrp_instance VI_$N { \\
              interface eth0 \\
            @lb1 priority 120 \\
            @lb2 priority 80 \\
            # a comment \\
              virtual_router_id $N \\
              virtual_ipaddress { 192.0.2.$N } \\
            }
            $N=4
            $VI
            $N=6
            $VI
            """
        let result = load(text, configID: "lb2")
        #expect(result.complaints == [])
        #expect(result.routers.map(\.name) == ["VI_4", "VI_6"])
        #expect(result.routers.map(\.priority.rawValue) == [80, 80])
        #expect(result.routers.map(\.virtualRouterID) == [4, 6])
    }

    @Test("A word that a variable brought in is reported where the variable stands")
    func location() {
        let result = load("$P=nonsense\nglobal_defs {\n  router_id x\n  vrrp_version $P\n}")
        #expect(
            result.complaints == ["4:16 error: Version must be either 2 or 3: invalid number 'nonsense' - ignoring"])
    }

    @Test("Variables that stand for each other without end cost their line and nothing else")
    func endless() {
        let result = load("$A=${B}\n$B=${A}\n$C=$C\nglobal_defs {\nrouter_id $A\nrouter_id $C\nvrrp_version 3\n}")
        #expect(
            result.complaints == [
                "5:1 error: variables expand without end - ignoring the line",
                "6:1 error: variables expand without end - ignoring the line",
            ])
    }

    @Test("Variables that multiply are stopped before they fill the memory")
    func multiplying() {
        var text = "$V0=xxxxxxxxxxxxxxxx\n"
        for level in 1...12 { text += "$V\(level)=" + String(repeating: "${V\(level - 1)}", count: 20) + "\n" }
        #expect(load(text + "$V12\n").complaints.count == 1)
        text = "$V0=\n"
        for level in 1...14 { text += "$V\(level)=" + String(repeating: "${V\(level - 1)}\\\n", count: 20) + "\n" }
        #expect(!load(text + "$V14\n").complaints.isEmpty)
    }

    @Test(
        "A condition keeps its line for one configuration only",
        arguments: [
            ("lb1", "@lb1 router_id a", "a"), ("lb2", "@lb1 router_id a", nil), (nil, "@lb1 router_id a", nil),
            ("lb1", "@^lb1 router_id a", nil), ("lb2", "@^lb1 router_id a", "a"), (nil, "@^lb1 router_id a", "a"),
        ] as [(String?, String, String?)])
    func conditions(_ configID: String?, _ line: String, _ value: String?) {
        let result = routerID(line, configID: configID)
        #expect(result.value == value)
        #expect(result.complaints == [])
    }

    @Test("A conditional definition that is not meant takes its further lines with it")
    func conditionalDefinition() {
        let result = routerID("router_id a", after: "@lb1 $X=one \\\n nonsense", configID: "lb2")
        #expect(result.value == "a")
        #expect(result.complaints == [])
    }

    @Test("Included files are read in place, and their lines are reported under their own names")
    func includes() throws {
        let files = [
            "conf.d/*.conf": [
                ConfigurationFile(name: "/etc/k/conf.d/a.conf", text: "router_id ${_PWD}\n"),
                ConfigurationFile(name: "/etc/k/conf.d/b.conf", text: "\n nonsense\n"),
            ]
        ]
        let result = load("global_defs {\ninclude conf.d/*.conf\nvrrp_version 3\n}\n", files: files)
        #expect(result.configuration.routerID == "/etc/k/conf.d")
        let complaint = try #require(result.diagnostics.first)
        #expect(complaint.description == "/etc/k/conf.d/b.conf:2:2: error: Unknown keyword 'nonsense'")
        #expect(result.diagnostics.count == 1)
    }

    @Test("A file that includes itself is read once")
    func recursiveInclude() {
        let files = ["a": [ConfigurationFile(name: "a", text: "include a\n")]]
        #expect(load("include a\n", files: files).complaints == ["1:1 error: 'a' includes itself - ignoring"])
        let result = DaemonConfiguration.load(file: "0") { name, _ in
            [ConfigurationFile(name: name, text: "include \(name)0\ninclude \(name)1\n")]
        }
        #expect(result.diagnostics.contains { $0.message == "files are included more than 16 deep - ignoring" })
        #expect(result.diagnostics.contains { $0.message == "more than 1000 files are included - ignoring the rest" })
    }

    @Test(
        "A missing file is as bad as its keyword says",
        arguments: [
            ("include gone.conf", "1:1 warning: Config files missing 'gone.conf'.", 4),
            ("include gone/*.conf", "1:1 note: No config files matched 'gone/*.conf'.", 0),
            ("includer gone.conf", "1:1 error: Config files missing 'gone.conf'.", 6),
            ("includea gone/*.conf", "1:1 error: No config files matched 'gone/*.conf'.", 6),
            ("include", "1:1 error: 'include' is missing a file name", 2),
        ] as [(String, String, Int32)])
    func missingInclude(_ line: String, _ diagnostic: String, _ exitCode: Int32) {
        let result = load(line)
        #expect(result.diagnostics.map(\.short) == [diagnostic])
        #expect(result.testExitCode == exitCode)
        #expect(result.isUsable)
    }

    @Test("A missing main file is fatal")
    func missingMainFile() {
        let result = DaemonConfiguration.load(file: "/etc/none") { _, _ in [] }
        #expect(result.diagnostics.map(\.rendered) == ["/etc/none: fatal error: Config files missing '/etc/none'."])
        #expect(!result.isUsable)
        #expect(result.testExitCode == 4)
    }

    @Test("The environment, the instance's name and chance can be written into a file")
    func surroundings() throws {
        let text = """
            instance blue
            global_defs {
              router_id ${_ENV SITE}-${_INSTANCE}
              vrrp_startup_delay ${_RANDOM 5 5}
            }
            """
        let surroundings = ConfigurationSurroundings(environment: { $0 == "SITE" ? "berlin" : nil })
        let result = DaemonConfiguration.load(file: "test.conf", surroundings) { name, _ in
            [ConfigurationFile(name: name, text: text)]
        }
        #expect(result.complaints == [])
        #expect(result.configuration.routerID == "berlin-blue")
        #expect(result.configuration.layout.instance == "blue")
        #expect(result.configuration.router.startupDelay == .seconds(5))
    }

    @Test("Includes that need not match must match when all are required", arguments: ["include_check\n", ""])
    func requiredIncludes(_ line: String) {
        let surroundings = ConfigurationSurroundings(requiresIncludes: line.isEmpty)
        let result = DaemonConfiguration.load(file: "test.conf", surroundings) { name, includer in
            let text = "global_defs {\n\(line)}\ninclude gone/*.conf\n"
            return includer == nil ? [ConfigurationFile(name: name, text: text)] : []
        }
        #expect(result.testExitCode == 6)
    }

    @Test("A backslash at the end of a comment is what keepalived stumbles over")
    func commentedContinuation() {
        #expect(
            load("# a comment \\\n").complaints == [
                "1:13 warning: the backslash at the end of this comment is a keyword for keepalived: take it away"
            ])
        #expect(load("# a comment \\ more\n").complaints == [])
    }
}

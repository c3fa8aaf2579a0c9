import KeepalivedConfiguration
import Testing

@Suite struct ScriptCommandTests {
    private func notify(_ text: String) -> (command: ScriptCommand?, complaints: [String]) {
        let result = load(
            "global_defs {\nenable_script_security\n}\nvrrp_instance VI_1 {\ninterface eth0\nvirtual_router_id 51\n"
                + "virtual_ipaddress { 192.0.2.100/24 }\nnotify_master \(text)\n}\n")
        return (result.configuration.notifications["VI_1"]?.master, result.complaints)
    }

    @Test(
        "A quoted command is split as a shell would split it, without being one",
        arguments: [
            (#""/bin/a""#, ["/bin/a"]),
            (#""/bin/a b  c""#, ["/bin/a", "b", "c"]),
            (#"'/bin/a b'"#, ["/bin/a", "b"]),
            (#""/bin/bash -c 'x; y | z'""#, ["/bin/bash", "-c", "x; y | z"]),
            (#"'bash -c "! test -e /tmp/x"'"#, ["bash", "-c", "! test -e /tmp/x"]),
            (#""/bin/a \"b c\" d""#, ["/bin/a", "b c", "d"]),
            (#""/bin/a b\ c \t\x41\101\cA""#, ["/bin/a", "b c", "\tAA\u{1}"]),
            (#""/bin/a '' b""#, ["/bin/a", "", "b"]),
            (#""/bin/a '\n'""#, ["/bin/a", #"\n"#]),
            (#""/bin/a # b { c }""#, ["/bin/a", "#", "b", "{", "c", "}"]),
            ("/bin/a", ["/bin/a"]),
        ])
    func splitting(_ text: String, _ arguments: [String]) {
        let result = notify(text)
        #expect(result.command == ScriptCommand(arguments))
        #expect(result.complaints == [])
    }

    @Test(
        "Words after a command name who runs it",
        arguments: [
            (#""/bin/a b" web"#, ["/bin/a", "b"], "web", nil),
            (#""/bin/a" web adm"#, ["/bin/a"], "web", "adm"),
            ("/bin/a keepalived_script", ["/bin/a"], "keepalived_script", nil),
            ("/bin/a web-1 adm", ["/bin/a"], "web-1", "adm"),
        ] as [(String, [String], String, String?)])
    func owner(_ text: String, _ arguments: [String], _ user: String, _ group: String?) {
        let result = notify(text)
        #expect(result.command == ScriptCommand(arguments, user: user, group: group))
        #expect(result.complaints == [])
    }

    @Test(
        "An unquoted command keeps its arguments, with a warning that shows the quotes",
        arguments: ["MASTER", "master", "VI_1 MASTER", "-x", "a b c", "10.0.0.1"])
    func unquoted(_ arguments: String) {
        let result = notify("/bin/a " + arguments)
        #expect(result.command?.arguments == ["/bin/a"] + arguments.split(separator: " ").map(String.init))
        #expect(result.command?.user == nil)
        let advice = #"write notify_master "/bin/a \#(arguments)""#
        #expect(result.complaints == ["8:22 warning: keepalived does not run this without quotes: \(advice)"])
    }

    @Test("A command that cannot be split is reported and dropped")
    func broken() {
        #expect(notify(#""/bin/a 'b""#).command == nil)
        #expect(
            notify(#""/bin/a 'b""#).complaints == [
                "8:15 error: Unmatched quote in the command of 'notify_master' - ignoring it"
            ])
        #expect(notify(#""""#).complaints == ["8:15 error: 'notify_master' has an empty command - ignoring it"])
    }

    @Test("What follows a command and its user and group is reported")
    func tooMany() {
        let result = notify(#""ps | grep -v "x" | grep y""#)
        #expect(result.command?.arguments == ["ps", "|", "grep", "-v"])
        #expect(result.command?.user == nil)
        #expect(result.complaints.count == 1)
    }

    @Test("Of two commands for one state the first counts")
    func repeated() {
        let result = notify("/bin/a\nnotify_master /bin/b")
        #expect(result.command == ScriptCommand(["/bin/a"]))
        #expect(result.complaints == ["9:1 warning: (VI_1) notify_master already specified - ignoring"])
    }
}

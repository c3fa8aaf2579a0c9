import KeepalivedConfiguration
import Testing
import VRRPCore
import Wire

/// `~SEQ` and `~LST`, seen by the addresses that they make.
@Suite struct RepetitionTests {
    private func addresses(_ lines: String) -> (texts: [String], complaints: [String]) {
        let result = load(
            "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress {\n\(lines)\n}\n}\n")
        return (result.routers.first?.addresses.map(\.prefix.address.description) ?? [], result.complaints)
    }

    @Test(
        "A sequence counts from its start by its step to its end",
        arguments: [
            ("~SEQ(N, 3) 10.0.0.$N", ["10.0.0.1", "10.0.0.2", "10.0.0.3"]),
            ("~SEQ(N, 8, 10) 10.0.0.$N", ["10.0.0.8", "10.0.0.9", "10.0.0.10"]),
            ("~SEQ(N, 2, 4, 9) 10.0.0.$N", ["10.0.0.2", "10.0.0.6"]),
            ("~SEQ(N, 5, -2, 1) 10.0.0.${N}", ["10.0.0.5", "10.0.0.3", "10.0.0.1"]),
            ("~SEQ(N, 3, 2) 10.0.0.$N", ["10.0.0.3", "10.0.0.2"]),
            ("~SEQ(A, 0, 1) ~SEQ(B, 1, 2) 10.0.${A}.$B", ["10.0.0.1", "10.0.0.2", "10.0.1.1", "10.0.1.2"]),
        ])
    func sequence(_ line: String, _ expected: [String]) {
        let result = addresses(line)
        #expect(result.texts == expected)
        #expect(result.complaints == [])
    }

    @Test("A hexadecimal sequence writes hexadecimal digits")
    func hexadecimal() {
        let result = addresses("~SEQx(AD, 0x90, 0x10, 0xb0) fe80::${AD}:1")
        #expect(result.texts == ["fe80::90:1", "fe80::a0:1", "fe80::b0:1"])
        #expect(result.complaints == [])
    }

    @Test(
        "A list gives its values one by one, or several at a time",
        arguments: [
            ("~LST(N, 7, 9) 10.0.0.$N", ["10.0.0.7", "10.0.0.9"]),
            ("~LST({A, B}, {1,2}, {3,4}) 10.0.${A}.$B", ["10.0.1.2", "10.0.3.4"]),
            ("~LST({A,B},{,1},{1,2}) 10.0.0.${A}$B", ["10.0.0.1", "10.0.0.12"]),
        ])
    func list(_ line: String, _ expected: [String]) {
        let result = addresses(line)
        #expect(result.texts == expected)
        #expect(result.complaints == [])
    }

    @Test("Instances can be repeated with a variable of several lines, and the variable is gone afterwards")
    func instances() {
        let text = """
            $VI= \\
            vrrp_instance VI_$N { \\
              interface eth0 \\
              virtual_router_id $N \\
              virtual_ipaddress { 192.0.2.$N } \\
            }
            ~SEQ(N, 4, 6) $VI
            global_defs {
              router_id $N
            }
            """
        let result = load(text)
        #expect(result.complaints == [])
        #expect(result.routers.map(\.name) == ["VI_4", "VI_5", "VI_6"])
        #expect(result.configuration.routerID == "$N")
    }

    @Test(
        "What cannot be repeated costs its line, with a reason",
        arguments: [
            ("~SEQ(N, 1, 0, 5) a", "~SEQ with steps of 0 has no end - ignoring the line"),
            ("~SEQ(N, x) a", "~SEQ takes numbers, and 'x' is none - ignoring the line"),
            ("~SEQ(N) a", "~SEQ needs a variable and values - ignoring the line"),
            ("~SEQ N a", "~SEQ needs its variable and values in parentheses - ignoring the line"),
            ("~SEQ(N, 1, 2, 3, 4) a", "~SEQ takes a variable and up to three numbers - ignoring the line"),
            ("~SET(N, 1) a", "'~SET' is unknown; ~SEQ, ~SEQx and ~LST repeat - ignoring the line"),
            ("~LST({A,B}, {1}) a", "~LST has 2 variables and 1 values for them - ignoring the line"),
            ("~LST(a-b, 1) a", "'a-b' cannot be the name of a variable - ignoring the line"),
        ])
    func refusals(_ line: String, _ complaint: String) {
        #expect(load(line).complaints == ["1:1 error: \(complaint)"])
    }

    @Test("A sequence of a thousand million rounds ends with one fatal complaint")
    func bomb() {
        let result = load("~SEQ(A, 1000000000)\nglobal_defs {\nrouter_id x\n}")
        #expect(
            result.complaints == [
                "1:1 fatal error: the configuration comes to more than 200000 lines or 16 MiB - nothing of it is used"
            ])
        #expect(result.configuration.routerID == nil)
        #expect(!result.isUsable)
    }
}

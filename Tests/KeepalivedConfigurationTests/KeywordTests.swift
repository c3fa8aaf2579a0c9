import KeepalivedConfiguration
import Testing
import VRRPCore

@Suite struct KeywordTests {
    @Test(
        "An unknown word is reported with the word that was probably meant",
        arguments: [
            ("prioriti 150", "5:1 error: Unknown keyword 'prioriti'; did you mean 'priority'?"),
            ("pirority 150", "5:1 error: Unknown keyword 'pirority'; did you mean 'priority'?"),
            ("Priority 150", "5:1 error: Unknown keyword 'Priority'; did you mean 'priority'?"),
            ("foo_bar 1", "5:1 error: Unknown keyword 'foo_bar'"),
            ("router_id x", "5:1 error: Unknown keyword 'router_id' here; it belongs in 'global_defs'"),
            ("rise 2", "5:1 error: Unknown keyword 'rise' here; it belongs in 'vrrp_script'"),
        ])
    func unknownWord(_ line: String, _ complaint: String) {
        #expect(instance(line).complaints == [complaint])
    }

    @Test("An unknown block goes whole, and what follows it in the instance stays")
    func unknownBlock() throws {
        let result = instance("nosuch {\n a { b }\n priority 1\n}\npriority 150")
        #expect(result.complaints == ["5:1 error: Unknown keyword 'nosuch' - ignoring its block"])
        #expect(try #require(result.routers.first).priority.rawValue == 150)
    }

    @Test("A misspelt block of addresses is named, and only its addresses are lost")
    func misspeltBlock() throws {
        let result = load(
            "vrrp_instance VI_1 {\ninterface eth0\nvirtual_router_id 51\n"
                + "virtual_ipaddres {\n192.0.2.1\n}\npriority 150\n}"
        )
        #expect(
            result.complaints == [
                "1:15 warning: (VI_1) No VIP specified; at least one is sensible",
                "4:1 error: Unknown keyword 'virtual_ipaddres'; did you mean 'virtual_ipaddress'? - ignoring its block",
            ])
        #expect(try #require(result.routers.first).priority.rawValue == 150)
    }

    @Test("One run reports every problem")
    func severalProblems() {
        let result = load(
            """
            nonsense 1
            global_defs {
                router_id
            }
            vrrp_instance A {
                state SLAVE
                priority 300
                virtual_router_id 0
                virtual_ipaddress { 192.0.2.300 }
            }
            vrrp_instance B {
                interface eth0
                virtual_router_id 7
                virtual_ipaddress { 192.0.2.1 }
            }
            """)
        #expect(
            result.complaints == [
                "1:1 error: Unknown keyword 'nonsense'",
                "3:5 error: Configuration line starting `router_id` is missing a parameter after keyword `router_id` "
                    + "at word position 2",
                "5:15 fatal error: (A) Unknown interface! Add 'interface NAME'",
                "5:15 fatal error: (A) the virtual router id must be set",
                "5:15 warning: (A) No VIP specified; at least one is sensible",
                "6:11 error: (A) unknown state 'SLAVE', defaulting to BACKUP",
                "7:14 error: (A) Priority not valid! number '300' outside range [1, 255] - using default 100",
                "8:23 error: (A) VRID not valid! number '0' outside range [1, 255] - ignoring",
                "9:25 error: VRRP parsed invalid IP 192.0.2.300. skipping IP...",
            ])
        #expect(!result.isUsable)
        #expect(result.routers.map(\.name) == ["B"])
    }

    @Test("Two keywords on one line lose the second, and say so")
    func twoKeywordsOnOneLine() throws {
        let result = instance("advert_int 2 priority 150")
        #expect(
            result.complaints == [
                "5:14 warning: 'priority 150' is ignored: 'advert_int' takes 1 word, and each keyword needs a line of "
                    + "its own"
            ])
        #expect(try #require(result.routers.first).priority.rawValue == 100)
    }

    @Test("Braces where none belong, and none where they belong, are both reported")
    func shapes() {
        #expect(
            instance("priority 150 { x }").complaints == [
                "5:1 error: Unexpected '{' - 'priority' takes no block, ignoring it"
            ])
        #expect(
            instance("track_script").complaints == [
                "5:1 error: Missing '{' at beginning of configuration block 'track_script'"
            ])
        #expect(
            instance("track_interface {\neth1 {\n}\n}").complaints == [
                "6:1 error: 'eth1' takes no block within 'track_interface' - ignoring"
            ])
    }

    @Test("What belongs to other services is said once, passed over whole, and no complaint")
    func otherServices() {
        let text = """
            global_defs {
                enable_dbus
                enable_snmp_rfc
                lvs_sync_daemon eth0 VI_1
            }
            virtual_server 192.0.2.1 80 {
                real_server 192.0.2.2 80 { TCP_CHECK { connect_timeout 3 } }
            }
            virtual_server 192.0.2.1 81 { }
            SSL { nonsense }
            """
        let result = load(text)
        #expect(result.complaints == [])
        #expect(
            result.notes == [
                "2:5 note: 'enable_dbus' has no effect in vrrpd: DBus is not part of vrrpd",
                "3:5 note: 'enable_snmp_rfc' has no effect in vrrpd: SNMP is not part of vrrpd",
                "4:5 note: 'lvs_sync_daemon' has no effect in vrrpd: LVS is not part of vrrpd",
                "6:1 note: 'virtual_server' has no effect in vrrpd: LVS is not part of vrrpd",
                "10:1 note: 'SSL' has no effect in vrrpd: LVS is not part of vrrpd",
            ])
        #expect(result.testExitCode == 0)
    }

    @Test("Old words and words about other builds are accepted without a complaint")
    func wordsWithoutEffect() {
        let result = instance("debug 2\nnative_ipv6\nlvs_sync_daemon_interface eth0\ncheck_unicast_src\nvrf red")
        #expect(result.complaints == [])
        #expect(result.notes.count == 5)
    }

    @Test("A block needs a name of one word, and a name names one block")
    func names() {
        let nameless = load("vrrp_instance {\n}\nvrrp_instance VI 1 {\n}\n")
        #expect(
            nameless.complaints == [
                "1:1 fatal error: vrrp_instance must have a name of one word - ignoring the block",
                "3:18 fatal error: vrrp_instance must have a name of one word - ignoring the block",
            ])
        let body = "{\ninterface eth0\nvirtual_router_id 51\nvirtual_ipaddress { 192.0.2.1 }\n}\n"
        let twice = load("vrrp_instance A \(body)vrrp_instance A \(body)")
        #expect(twice.complaints == ["6:15 error: vrrp instance A already defined - ignoring the block"])
        #expect(twice.routers.count == 1)
    }

    @Test("A brace on a line of its own opens the block of the line before")
    func braceOnNextLine() {
        #expect(instance("priority 150", header: "vrrp_instance VI_1\n{").complaints == [])
    }
}

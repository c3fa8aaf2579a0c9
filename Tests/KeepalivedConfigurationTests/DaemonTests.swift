import KeepalivedConfiguration
import Testing
import VRRPCore

/// What is true of several blocks together.
@Suite struct DaemonTests {
    private static let security = "global_defs {\nenable_script_security\n}\n"

    private func instance(_ name: String, id: Int = 51, _ lines: String = "") -> String {
        "vrrp_instance \(name) {\ninterface eth0\nvirtual_router_id \(id)\n\(lines)\n"
            + "virtual_ipaddress {\n192.0.2.\(id)\n}\n}\n"
    }

    @Test("Two routers that nobody could tell apart are fatal for the second")
    func duplicateRouterID() {
        let result = load(instance("A") + instance("B") + instance("C", id: 52))
        #expect(result.complaints == ["11:19 fatal error: A and B both use VRID 51 with IPv4 on interface eth0"])
        #expect(result.routers.map(\.name) == ["A", "C"])
    }

    @Test("The same number is free on another interface and in the other family, but not among other peers")
    func sharedRouterID() {
        let others = """
            vrrp_instance B {
            interface eth1
            virtual_router_id 51
            virtual_ipaddress { 192.0.2.1 }
            }
            vrrp_instance C {
            interface eth0
            virtual_router_id 51
            virtual_ipaddress { fe80::1 }
            }
            vrrp_instance D {
            interface eth0
            virtual_router_id 51
            unicast_peer { 192.0.2.9 }
            virtual_ipaddress { 192.0.2.2 }
            }
            """
        let result = load(instance("A") + others)
        #expect(result.complaints == ["21:19 fatal error: A and D both use VRID 51 with IPv4 on interface eth0"])
        #expect(result.routers.count == 3)
    }

    @Test("Global defaults reach the instances after them, and come too late for those before")
    func globalDefaults() {
        let globals = "global_defs {\nvrrp_garp_master_delay 1\nvrrp_down_timer_adverts 5\nvrrp_version 3\n}\n"
        let before = load(globals + instance("A"))
        #expect(before.complaints == [])
        #expect(before.routers.map(\.announcement.delay) == [.seconds(1)])
        #expect(before.routers.map(\.downTimerAdvertisements) == [5])
        #expect(before.routers.map(\.version) == [.v3])
        let after = load(instance("A") + globals)
        #expect(
            after.complaints == [
                "9:1 warning: the defaults of this block come too late for vrrp_instance 'A' and those before it: "
                    + "move global_defs to the beginning"
            ])
        #expect(after.routers.map(\.announcement.delay) == [.seconds(5)])
        #expect(after.routers.map(\.version) == [.v3])
        #expect(load(instance("A") + "global_defs {\nrouter_id x\n}\n").complaints == [])
    }

    @Test("An interface can come from default_interface")
    func defaultInterface() {
        let result = load(
            "global_defs {\ndefault_interface eth9\n}\nvrrp_instance A {\nvirtual_router_id 1\n"
                + "virtual_ipaddress { 192.0.2.1 }\n}\n")
        #expect(result.complaints == [])
        #expect(result.routers.map(\.interface) == ["eth9"])
        #expect(result.routers.map { $0.addresses.map(\.interface) } == [["eth9"]])
    }

    @Test("A script's weight is its own unless the instance gives another")
    func scriptWeights() {
        let scripts = Self.security + "vrrp_script a {\nscript /bin/a\nweight -20 reverse\n}\n"
        let own = load(scripts + instance("A", "track_script {\na\n}"))
        #expect(own.complaints == [])
        #expect(own.routers.map(\.trackedScripts) == [[TrackedItem("a", weight: -20, isReversed: true)]])
        let given = load(scripts + instance("A", "track_script {\na weight 7\n}"))
        #expect(given.routers.map(\.trackedScripts) == [[TrackedItem("a", weight: 7)]])
    }

    @Test(
        "A script with bad numbers keeps keepalived's defaults",
        arguments: [
            (
                "interval 0",
                "6:10 error: (s): vrrp script interval must be greater than 0: "
                    + "number '0' outside range [0.000001, 4294.000000] - using default 1.000000"
            ),
            (
                "fall 0",
                "6:6 error: (s): vrrp script fall value invalid, number '0' outside range [1, 2147483647] - "
                    + "using default 1"
            ),
            (
                "weight -254",
                "6:8 error: vrrp_script s weight not valid! number '-254' outside range [-253, 253] - ignoring"
            ),
            ("weight 5 upside", "6:10 error: unknown weight option 'upside' - ignoring; 'reverse' is known"),
            ("weigth 5", "6:1 error: Unknown keyword 'weigth'; did you mean 'weight'?"),
        ])
    func scriptNumbers(_ line: String, _ complaint: String) {
        let result = load(
            Self.security + "vrrp_script s {\nscript /bin/a\n\(line)\n}\n" + instance("A", "track_script {\ns\n}"))
        #expect(result.complaints == [complaint])
        #expect(result.configuration.router.scripts == [ScriptConfiguration(name: "s")])
    }

    @Test("A script is counted and run as its block says")
    func script() {
        let result = load(
            Self.security
                + "vrrp_script s {\nscript \"/bin/a b\"\ninterval 0.5\ntimeout 3\nrise 2\nfall 3\n"
                + "user web adm\ninit_fail\n}\n"
                + instance("A", "track_script {\ns\n}"))
        #expect(result.complaints == [])
        var counting = ScriptConfiguration(name: "s")
        counting.interval = .milliseconds(500)
        counting.rise = 2
        counting.fall = 3
        counting.startsFailed = true
        #expect(result.configuration.router.scripts == [counting])
        let command = ScriptCommand(["/bin/a", "b"], user: "web", group: "adm")
        #expect(
            result.configuration.scripts == [
                TrackScript(name: "s", command: command, interval: .milliseconds(500), timeout: .seconds(3))
            ])
    }

    @Test("An unquoted check keeps its arguments, with a warning")
    func unquotedCheck() {
        let result = load(
            Self.security + "vrrp_script s {\nscript /usr/bin/killall -0 haproxy\n}\n"
                + instance("A", "track_script {\ns\n}"))
        #expect(
            result.complaints == [
                "5:25 warning: keepalived does not run this without quotes: "
                    + #"write script "/usr/bin/killall -0 haproxy""#
            ])
        #expect(result.configuration.scripts.map(\.command.arguments) == [["/usr/bin/killall", "-0", "haproxy"]])
    }

    @Test("Scripts that are missing, empty, doubled or defined too late are told apart")
    func scriptReferences() {
        let result = load(
            Self.security + "vrrp_script a {\n}\nvrrp_script b {\nscript /bin/b\n}\nvrrp_script b {\nscript /bin/c\n}\n"
                + instance("A", "track_script {\na\nb\nnosuch\nlate\nb\n}")
                + "vrrp_script late {\nscript /bin/late\n}\nvrrp_script f {\nscript \"</dev/null\"\n}\n")
        #expect(
            result.complaints == [
                "4:13 error: No script set for vrrp_script a - removing",
                "9:13 error: vrrp_script b already defined - ignoring the block",
                "16:1 error: (A) track script a not found, ignoring...",
                "18:1 error: (A) track script nosuch not found, ignoring...",
                "19:1 warning: (A) track script late is defined later, where keepalived does not find it: "
                    + "move its block to the beginning",
                "20:1 warning: (A) script b is tracked twice - ignoring",
            ])
        #expect(result.configuration.scripts.map(\.name) == ["b", "late", "f"])
        #expect(result.configuration.scripts.last?.command.arguments == ["</dev/null"])
        #expect(result.routers.map { $0.trackedScripts.map(\.name) } == [["b", "late"]])
    }

    @Test("An unused script is worth a note")
    func unusedScript() {
        let result = load("vrrp_script s {\nscript /bin/a\n}\n")
        #expect(result.diagnostics.map(\.short) == ["1:13 note: script s is not used"])
        #expect(result.testExitCode == 0)
    }

    @Test("An owner's priority never moves, so weights on it are ignored and faults are not")
    func ownerTracking() {
        let scripts =
            Self.security + "vrrp_script w {\nscript /bin/a\nweight -20\n}\nvrrp_script f {\nscript /bin/b\n}\n"
        let tracking = "priority 255\ntrack_script {\nw\nf\n}\ntrack_interface {\neth1 weight 5\n}"
        let result = load(scripts + instance("A", tracking))
        #expect(
            result.complaints == [
                "16:1 warning: (A) ignoring tracked script w with weights due to address_owner",
                "20:1 warning: (A) ignoring tracked interface eth1 with weights due to address_owner",
            ])
        #expect(result.routers.map(\.trackedScripts) == [[TrackedItem("f")]])
    }

    @Test("script_user names a user and perhaps a group")
    func scriptUser() {
        let configuration = load("global_defs {\nscript_user web adm\n}\n").configuration
        #expect(configuration.scriptUser == "web")
        #expect(configuration.scriptGroup == "adm")
        #expect(!configuration.scriptSecurityEnabled)
    }
}

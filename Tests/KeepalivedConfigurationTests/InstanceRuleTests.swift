import KeepalivedConfiguration
import Testing
import VRRPCore
import Wire

/// How keywords of one instance limit each other.
@Suite struct InstanceRuleTests {
    private func router(_ lines: String) throws -> VirtualRouterConfiguration {
        try #require(instance(lines).routers.first)
    }

    @Test("A minimal instance gets keepalived's defaults and no complaint")
    func defaults() throws {
        let result = instance("")
        #expect(result.diagnostics == [])
        let router = try #require(result.routers.first)
        #expect(router.version == .v2)
        #expect(router.family == .ipv4)
        #expect(router.priority.rawValue == 100)
        #expect(router.advertisementInterval == .seconds(1))
        #expect(router.preempts)
        #expect(!router.startsAsMaster)
        #expect(router.authentication == .none)
        #expect(router.downTimerAdvertisements == 3)
        #expect(router.announcement == AnnouncementPolicy())
    }

    @Test(
        "A value that cannot be is refused where it stands, and the default stays",
        arguments: [
            ("priority 0", "5:10", "(VI_1) Priority not valid! number '0' outside range [1, 255] - using default 100"),
            (
                "priority 256", "5:10",
                "(VI_1) Priority not valid! number '256' outside range [1, 255] - using default 100"
            ),
            ("priority -5", "5:10", "(VI_1) Priority not valid! negative number '-5' - using default 100"),
            ("priority 0x33", "5:10", "(VI_1) Priority not valid! invalid number '0x33' - using default 100"),
            (
                "priority 99999999999999999999", "5:10",
                "(VI_1) Priority not valid! number '99999999999999999999' outside range [1, 255] - using default 100"
            ),
            (
                "advert_int 0", "5:12",
                "(VI_1) Advert interval not valid! number '0' outside range [0.010000, 255.000000] - ignoring"
            ),
            (
                "advert_int 300", "5:12",
                "(VI_1) Advert interval not valid! number '300' outside range [0.010000, 255.000000] - ignoring"
            ),
            ("advert_int 1s", "5:12", "(VI_1) Advert interval not valid! invalid number '1s' - ignoring"),
            ("advert_int .", "5:12", "(VI_1) Advert interval not valid! invalid number '.' - ignoring"),
            ("version 4", "5:9", "(VI_1) Version must be either 2 or 3: number '4' outside range [2, 3] - ignoring"),
            (
                "preempt_delay 2000", "5:15",
                "(VI_1) Preempt_delay not valid! number '2000' outside range [0.000000, 1000.000000] - ignoring"
            ),
            (
                "down_timer_adverts 101", "5:20",
                "(VI_1) down_timer_adverts not valid! number '101' outside range [1, 100] - ignoring"
            ),
            ("garp_master_delay x", "5:19", "(VI_1) garp_master_delay not valid! invalid number 'x' - ignoring"),
            ("state master", "5:7", "(VI_1) unknown state 'master', defaulting to BACKUP"),
            ("mcast_src_ip 10.0.0.1/24", "5:14", "VRRP instance[VI_1] malformed src address[10.0.0.1/24]. Skipping..."),
        ])
    func refusals(_ line: String, _ place: String, _ message: String) throws {
        let result = instance(line)
        #expect(result.complaints == ["\(place) error: \(message)"])
        #expect(result.routers == instance("").routers)
        #expect(result.testExitCode == 5)
    }

    @Test(
        "An instance that cannot run is fatal, and is left out",
        arguments: [
            (
                "virtual_router_id 1\nvirtual_ipaddress { 192.0.2.1 }",
                "1:15 fatal error: (A) Unknown interface! Add 'interface NAME'"
            ),
            (
                "interface eth0\nvirtual_ipaddress { 192.0.2.1 }",
                "1:15 fatal error: (A) the virtual router id must be set"
            ),
            (
                "interface lo\nvirtual_router_id 1\nvirtual_ipaddress { 192.0.2.1 }",
                "2:11 fatal error: (A) cannot use a loopback interface"
            ),
            (
                "interface eth0\nvirtual_router_id 1\nversion 3",
                "1:15 fatal error: (A) No VIP specified; at least one is required"
            ),
        ])
    func fatal(_ lines: String, _ complaint: String) {
        let result = load("vrrp_instance A {\n\(lines)\n}\n")
        #expect(result.complaints == [complaint])
        #expect(result.routers == [])
        #expect(!result.isUsable)
    }

    @Test("A version 2 instance without addresses runs, with a warning; no_virtual_ipaddress takes that away")
    func noAddress() {
        let lines = "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\n"
        let result = load(lines + "}\n")
        #expect(result.complaints == ["1:15 warning: (A) No VIP specified; at least one is sensible"])
        #expect(result.routers.count == 1)
        #expect(load(lines + "no_virtual_ipaddress\nversion 3\n}\n").complaints == [])
    }

    @Test("State MASTER without a priority makes an owner, and that is said")
    func impliedOwner() throws {
        let result = instance("state MASTER")
        #expect(
            result.complaints == [
                "5:7 warning: (VI_1) state MASTER without a priority means priority 255, the owner of the addresses: "
                    + "set a priority"
            ])
        #expect(try #require(result.routers.first).priority == .owner)
        #expect(try router("state MASTER\npriority 300").priority.rawValue == 100)
    }

    @Test(
        "An owner starts as master unless it is told to start as backup",
        arguments: [
            ("state MASTER\npriority 150", true), ("state BACKUP\npriority 150", false), ("priority 150", false),
            ("priority 255", true), ("state BACKUP\npriority 255", false), ("state MASTER\npriority 255", true),
        ])
    func startsAsMaster(_ lines: String, _ expected: Bool) throws {
        #expect(instance(lines).complaints == [])
        #expect(try router(lines).startsAsMaster == expected)
    }

    @Test("BACKUP after MASTER is ignored, MASTER after BACKUP is not")
    func repeatedState() throws {
        let result = instance("priority 1\nstate MASTER\nstate BACKUP")
        #expect(result.complaints == ["7:7 warning: (VI_1) state previously set as MASTER - ignoring BACKUP"])
        #expect(try #require(result.routers.first).startsAsMaster)
        #expect(try router("priority 1\nstate BACKUP\nstate MASTER").startsAsMaster)
    }

    @Test(
        "Preemption keywords that exclude each other are cleared",
        arguments: [
            (
                "state MASTER\npriority 150\nnopreempt",
                ["7:1 warning: (VI_1) Warning - nopreempt will not work with initial state MASTER - clearing"],
                true, 0
            ),
            (
                "priority 255\nnopreempt",
                ["6:1 warning: (VI_1) nopreempt is incompatible with priority 255. resetting nopreempt"], true, 0
            ),
            (
                "state MASTER\npriority 150\npreempt_delay 10",
                ["7:15 warning: (VI_1) Warning - preempt delay will not work with initial state MASTER - clearing"],
                true, 0
            ),
            (
                "nopreempt\npreempt_delay 10",
                ["6:15 warning: (VI_1) preempt_delay is incompatible with nopreempt mode - resetting"], false, 0
            ),
            (
                "state MASTER\npriority 1\nnopreempt\npreempt_delay 10",
                [
                    "7:1 warning: (VI_1) Warning - nopreempt will not work with initial state MASTER - clearing",
                    "8:15 warning: (VI_1) Warning - preempt delay will not work with initial state MASTER - clearing",
                ], true, 0
            ),
            ("nopreempt", [], false, 0),
            ("nopreempt\npreempt", [], true, 0),
            ("state BACKUP\npreempt_delay 3.5", [], true, 3500),
            ("preempt_delay 0\nnopreempt", [], false, 0),
        ] as [(String, [String], Bool, Int)])
    func preemption(_ lines: String, _ complaints: [String], _ preempts: Bool, _ milliseconds: Int) throws {
        #expect(instance(lines).complaints == complaints)
        #expect(try router(lines).preempts == preempts)
        #expect(try router(lines).preemptDelay == .milliseconds(milliseconds))
    }

    @Test(
        "An interval is rounded to what its version can say",
        arguments: [
            ("advert_int 2", [], 2000),
            (
                "advert_int 0.5",
                ["5:12 warning: (VI_1) VRRPv2 advertisement interval 0.500000s must be an integer. rounding to 1s"],
                1000
            ),
            (
                "advert_int 0.4",
                ["5:12 warning: (VI_1) VRRPv2 advertisement interval 0.400000s must be an integer. rounding to 1s"],
                1000
            ),
            (
                "advert_int 2.5",
                ["5:12 warning: (VI_1) VRRPv2 advertisement interval 2.500000s must be an integer. rounding to 3s"],
                3000
            ),
            ("version 3\nadvert_int 0.01", [], 10),
            ("version 3\nadvert_int 40.95", [], 40950),
            (
                "version 3\nadvert_int 0.255",
                [
                    "6:12 warning: (VI_1) VRRPv3 advertisement interval 0.255000s must be in units of 10ms - "
                        + "rounding to 0.260000s"
                ], 260
            ),
            (
                "version 3\nadvert_int 41",
                [
                    "6:12 warning: (VI_1) VRRPv3 advertisement interval 41.000000s is out of range. "
                        + "Must be less than 40.96s. Setting to 40.95s"
                ], 40950
            ),
        ] as [(String, [String], Int)])
    func interval(_ lines: String, _ complaints: [String], _ milliseconds: Int) throws {
        #expect(instance(lines).complaints == complaints)
        #expect(try router(lines).advertisementInterval == .milliseconds(milliseconds))
    }

    @Test(
        "Authentication needs a type, a password and version 2",
        arguments: [
            ("authentication {\nauth_type PASS\nauth_pass abc\n}", [], [97, 98, 99, 0, 0, 0, 0, 0]),
            (#"authentication { auth_type PASS"# + "\n" + #"auth_pass "a b" }"#, [], [97, 32, 98, 0, 0, 0, 0, 0]),
            (
                "authentication {\nauth_type PASS\nauth_pass secret123\n}",
                ["7:11 warning: Truncating auth_pass to 8 characters"], [115, 101, 99, 114, 101, 116, 49, 50]
            ),
            ("authentication {\nauth_type PASS\nauth_pass a #b\n}", [], [97, 0, 0, 0, 0, 0, 0, 0]),
            (
                "authentication {\nauth_type PASS\n}",
                ["6:11 warning: (VI_1) Authentication specified but no password given. Ignoring"], nil
            ),
            (
                "authentication {\nauth_pass abc\n}",
                ["6:11 warning: (VI_1) auth_pass without auth_type: no authentication"], nil
            ),
            (
                "authentication {\nauth_type MD5\n}",
                ["6:11 error: (VI_1) unknown authentication type 'MD5'; PASS and AH are known"], nil
            ),
            (
                "version 3\nauthentication {\nauth_type PASS\nauth_pass abc\n}",
                ["7:11 warning: (VI_1) VRRP version 3 does not support authentication. Ignoring."], nil
            ),
        ] as [(String, [String], [UInt8]?)])
    func authentication(_ lines: String, _ complaints: [String], _ octets: [UInt8]?) throws {
        #expect(instance(lines).complaints == complaints)
        #expect(try router(lines).authentication == octets.map { .password($0) } ?? .none)
    }

    @Test("Two keywords on one line of an authentication block lose the password, and say so")
    func authenticationOnOneLine() throws {
        let result = instance("authentication { auth_type PASS auth_pass x }")
        #expect(result.complaints.count == 2)
        #expect(result.complaints[1].contains("'auth_pass x' is ignored"))
        #expect(try #require(result.routers.first).authentication == .none)
    }

    @Test("A missing parameter is what keepalived exits with 2 for")
    func missingParameter() {
        let result = instance("authentication {\nauth_type PASS\nauth_pass\n}")
        #expect(result.complaints[1].contains("missing a parameter after keyword `auth_pass` at word position 2"))
        #expect(result.testExitCode == 2)
    }

    @Test("Announcement keywords set the policy; zero turns a refresh off and becomes one repetition")
    func announcement() throws {
        let result = instance(
            """
            garp_master_delay 1
            garp_master_repeat 0
            garp_master_refresh 60
            garp_master_refresh_repeat 2
            garp_lower_prio_delay 10
            garp_lower_prio_repeat 0
            """)
        var policy = AnnouncementPolicy()
        policy.delay = .seconds(1)
        policy.repeatCount = 1
        policy.refresh = .seconds(60)
        policy.refreshRepeatCount = 2
        policy.lowerPriorityDelay = .seconds(10)
        policy.lowerPriorityRepeatCount = 0
        #expect(
            result.complaints == ["6:20 error: (VI_1) garp_master_repeat must be greater than 0, setting to 1"])
        #expect(try #require(result.routers.first).announcement == policy)
        #expect(try router("garp_master_refresh 60\ngarp_master_refresh 0").announcement.refresh == nil)
    }
}

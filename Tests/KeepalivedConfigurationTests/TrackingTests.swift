import KeepalivedConfiguration
import Testing
import VRRPCore

/// Sync groups, and what instances and groups watch beside scripts and interfaces.
@Suite struct TrackingTests {
    private func two(_ first: String = "", _ second: String = "", rest: String) -> ConfigurationResult {
        let body = "interface eth0\nvirtual_ipaddress { 192.0.2.1/24 }\n"
        return load(
            "vrrp_track_file F {\nfile /run/f\n}\n"
                + "vrrp_track_process P {\nprocess \"haproxy -f x\"\nquorum 2\ndelay 3\n}\n"
                + "vrrp_instance A {\n\(body)virtual_router_id 1\n\(first)\n}\n"
                + "vrrp_instance B {\n\(body)virtual_router_id 2\n\(second)\n}\n\(rest)\n")
    }

    @Test("A group has members, scripts and trackers of its own")
    func group() throws {
        let result = two(
            rest: "vrrp_sync_group G {\ngroup {\nA\nB\n}\nnotify \"/bin/n x\"\nsmtp_alert\ntrack_interface {\neth1\n}\n"
                + "track_file {\nF weight 0\n}\n}")
        let group = try #require(result.configuration.router.syncGroups.first)
        #expect(group.members == ["A", "B"])
        #expect(group.trackedInterfaces == [TrackedItem("eth1")])
        #expect(group.trackedFiles == [TrackedItem("F")])
        #expect(!group.usesWeights)
        #expect(result.configuration.groupNotifications["G"]?.generic == ScriptCommand(["/bin/n", "x"]))
        #expect(result.configuration.mailedGroups == ["G"])
        #expect(result.configuration.mailedRouters == [])
    }

    @Test("A group of strangers is nobody's, and a router is in one group only")
    func members() {
        let result = two(
            rest: "vrrp_sync_group G {\ngroup { X }\n}\nvrrp_sync_group H {\ngroup {\nA\nB\n}\n}\n"
                + "vrrp_sync_group I {\ngroup { A }\n}")
        let messages = result.diagnostics.filter { $0.severity > .note }.map(\.message)
        #expect(
            messages == [
                "Sync group G has no virtual router(s) - removing",
                "Virtual router X specified in sync group G doesn't exist - ignoring",
                "Sync group I has no virtual router(s) - removing",
                "Virtual router A specified in sync group I is already in sync group H - ignoring",
            ])
        #expect(result.configuration.router.syncGroups.map(\.name) == ["H"])
    }

    @Test("Members lose what would move their priority, unless the group says that weights count")
    func weights() {
        let tracking = "track_interface {\neth1 weight 10\neth2\n}"
        let plain = two(tracking, rest: "vrrp_sync_group G {\ngroup {\nA\nB\n}\n}")
        #expect(
            plain.diagnostics.map(\.message) == ["(A) ignoring tracked interface eth1 with weights due to SYNC group"])
        #expect(plain.routers.first?.trackedInterfaces == [TrackedItem("eth2")])
        let weighted = two(tracking, rest: "vrrp_sync_group G {\ngroup {\nA\nB\n}\nsync_group_tracking_weight\n}")
        #expect(weighted.complaints == [])
        #expect(weighted.routers.first?.trackedInterfaces.count == 2)
        #expect(weighted.configuration.router.syncGroups.map(\.usesWeights) == [true])
    }

    @Test("A file weighs one unless it or the tracker says otherwise, and a process weighs nothing")
    func filesAndProcesses() throws {
        let result = two("track_file {\nF\n}\ntrack_process {\nP\n}", "track_file {\nF weight -5 reverse\n}", rest: "")
        #expect(result.complaints == [])
        #expect(
            result.routers.map(\.trackedFiles) == [
                [TrackedItem("F", weight: 1)], [TrackedItem("F", weight: -5, isReversed: true)],
            ])
        #expect(result.routers.first?.trackedProcesses == [TrackedItem("P")])
        #expect(result.configuration.files == [TrackFile(name: "F", path: "/run/f")])
        #expect(
            result.configuration.processes == [
                TrackProcess(name: "P", program: "haproxy", parameters: ["-f", "x"])
            ])
        let counting = try #require(result.configuration.router.processes.first)
        #expect(counting.quorum == 2...Int.max)
        #expect(counting.forkDelay == .seconds(3))
        #expect(counting.terminateDelay == .seconds(3))
    }

    @Test("init_file has a value, and may overwrite")
    func initialValue() {
        let result = load("track_file F {\nfile /run/f\ninit_file 7 overwrite\nweight 0\n}")
        #expect(result.complaints == [])
        #expect(
            result.configuration.files == [TrackFile(name: "F", path: "/run/f", initialValue: 7, overwrites: true)])
    }

    @Test("Delays of an interface are cut to what peers wait for")
    func delays() {
        let result = two(rest: "interface_up_down_delays {\neth0 5 1\neth9 0.5\n}")
        #expect(
            result.diagnostics.map(\.message) == [
                "interface_up_down_delays of eth0 are too long for its virtual routers - reducing to 1.999000s"
            ])
        #expect(
            result.configuration.router.interfaceDelays == [
                "eth0": InterfaceDelay(down: .milliseconds(1999), up: .seconds(1)),
                "eth9": InterfaceDelay(down: .milliseconds(500), up: .milliseconds(500)),
            ])
    }
}

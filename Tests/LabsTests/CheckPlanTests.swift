import KeepalivedConfiguration
import LabCourse
import Testing
import VRRPCore

@testable import Labs

@Suite("What a configuration makes of a check")
struct CheckPlanTests {
    private let times = ProtocolTimes()
    private let usual = CheckPlan(name: "chk", fall: 2, rise: 3, weight: -60)

    @Test("The reference says: every second, a second at most, two bad, three good, sixty less")
    func reference() throws {
        let (router, configuration) = try Self.node1(of: LabStep.step6.files.map(\.solved))
        let plan = try CheckPlan(running: ServiceFile.check, for: router, in: configuration)
        #expect(
            plan
                == CheckPlan(
                    name: "chk_service", interval: .seconds(1), timeout: .seconds(1), fall: 2, rise: 3, weight: -60))
    }

    @Test("The files that the step begins with do not run the script")
    func start() throws {
        let (router, configuration) = try Self.node1(of: LabStep.step6.files.map(\.begun))
        #expect(throws: CheckPlan.Gap.notRun("/etc/keepalived/check_service.sh")) {
            try CheckPlan(running: ServiceFile.check, for: router, in: configuration)
        }
    }

    @Test("A vrrp_script that no track_script names does nothing, and the gap says which")
    func notTracked() throws {
        let files = LabStep.step6.files.map { file in
            SourceFile(file.path, file.solution.split(separator: "        chk_service\n").joined())
        }
        let (router, configuration) = try Self.node1(of: files)
        #expect(throws: CheckPlan.Gap.notTracked("chk_service", "VI_1")) {
            try CheckPlan(running: ServiceFile.check, for: router, in: configuration)
        }
    }

    @Test("With a weight the other node waits for a silence after fall failures")
    func weighted() {
        // 1 s - 0.1 s + 3.609375 s - 1 s; 2 s + 1 s + 3.609375 s + 0.25 s.
        #expect(
            usual.move(to: times, priority: 100) == .microseconds(3_509_375)...(.microseconds(6_859_375)))
    }

    @Test("Without a weight the other node waits for the skew alone")
    func unweighted() {
        let plan = CheckPlan(name: "chk", fall: 2, rise: 3)
        // 1 s - 0.1 s + 0.609375 s; 2 s + 1 s + 0.609375 s + 0.25 s.
        #expect(plan.move(to: times, priority: 100) == .microseconds(1_509_375)...(.microseconds(3_859_375)))
    }

    @Test("Runs that last as long as they may leave out the starts that find them going")
    func slow() {
        #expect(usual.failing() == .milliseconds(900)...(.milliseconds(3000)))
        #expect(usual.failing(isSlow: true) == .milliseconds(900)...(.milliseconds(4000)))
        let spaced = CheckPlan(name: "chk", interval: .seconds(2), timeout: .seconds(1), fall: 2)
        #expect(spaced.failing(isSlow: true) == .milliseconds(1900)...(.milliseconds(5000)))
    }

    @Test("A preempt_delay puts off the return, and nothing else")
    func comeback() {
        var router = Self.router([TrackedItem("chk", weight: -60)])
        let prompt = usual.comeback(of: router, lowest: 90)
        // 2 s - 0.1 s + 2.4140625 s; 3 s + 1 s + 3 s + 0.6484375 s + 0.25 s.
        #expect(prompt == .nanoseconds(4_314_062_500)...(.nanoseconds(7_898_437_500)))
        router.preemptDelay = .seconds(10)
        let late = usual.comeback(of: router, lowest: 90)
        #expect(late == .milliseconds(10_900)...(.nanoseconds(18_898_437_500)))
    }

    @Test(
        "The effective priority is the configured one and the weights that count",
        arguments: [
            ([-60], [], 150), ([-60], [0], 90), ([-20, -30], [0, 1], 100), ([-60, -60], [0], 90), ([20], [], 170),
            ([20], [0], 150), ([-253], [0], 1), ([0], [], 150), ([0], [0], nil), ([0, -60], [1], 90),
        ] as [([Int], Set<Int>, Int?)])
    func effectivePriority(_ weights: [Int], _ failing: Set<Int>, _ expected: Int?) {
        let router = Self.router(weights.enumerated().map { TrackedItem("chk\($0)", weight: $1) })
        #expect(router.effectivePriority(failing: Set(failing.map { "chk\($0)" })) == expected)
    }

    @Test("A reversed script without a weight is a fault while it is well")
    func reversed() {
        let router = Self.router([TrackedItem("chk", isReversed: true)])
        #expect(router.effectivePriority() == nil)
        #expect(router.effectivePriority(failing: ["chk"]) == 150)
    }

    private static func router(_ scripts: [TrackedItem]) -> VirtualRouterConfiguration {
        var router = VirtualRouterConfiguration(
            name: "VI_1", interface: "eth0", virtualRouterID: 51, priority: Priority(clamping: 150))
        router.trackedScripts = scripts
        return router
    }

    private static func node1(
        of files: [SourceFile]
    ) throws -> (VirtualRouterConfiguration, DaemonConfiguration) {
        let file = try #require(files.first { $0.path == LabFile.master })
        let reading = ConfigurationReading(file)
        return (try #require(reading.routers.first), reading.result.configuration)
    }
}

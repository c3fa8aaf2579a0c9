import Testing
import Timeline
import Wire

@testable import LabCourse
@testable import Labs

@Suite("What a run shows of a check that is wrong in itself")
struct TrackSymptomTests {
    @Test("A check that fails twice and moves the address each time flaps, and its rise is the line")
    func flapping() throws {
        let found = TrackSymptom.flapping(Self.observation(Self.moves(at: [2, 4, 6]) + Self.verdicts(at: [1, 3, 5])))
        let diagnosis = try #require(found.first)
        #expect(found.count == 1)
        #expect(diagnosis.code.rawValue == "VR124")
        #expect(diagnosis.places.first?.text == "rise 3")
        #expect(diagnosis.places.first?.file == "/etc/keepalived/keepalived.conf")
        #expect(diagnosis.sights.count == 3)
    }

    @Test("A failure and its end move the address twice, which is what a check is for")
    func oneFailure() {
        let events = Self.moves(at: [2, 4]) + Self.verdicts(at: [1, 3])
        #expect(TrackSymptom.flapping(Self.observation(events)).isEmpty)
    }

    @Test("A check that fails anew because its daemon was started anew does not flap")
    func newStart() {
        let failures = Self.verdicts(at: [1, 3]).filter { $0.scriptVerdict?.isGood == false }
        let again = Self.verdicts(at: [5]).filter { $0.scriptVerdict?.isGood == false }
        #expect(failures.count + again.count == 2)
        #expect(TrackSymptom.flapping(Self.observation(Self.moves(at: [2, 4, 6]) + failures + again)).isEmpty)
    }

    @Test("Failures that move nothing, or that are far apart, are no flapping")
    func calm() {
        #expect(TrackSymptom.flapping(Self.observation(Self.moves(at: [2]) + Self.verdicts(at: [1, 3, 5]))).isEmpty)
        let rare = Self.moves(at: [2, 4, 22, 24]) + Self.verdicts(at: [1, 3, 21, 23])
        #expect(TrackSymptom.flapping(Self.observation(rare)).isEmpty)
    }

    @Test(
        "Runs that are left out or ended by the daemon are too slow, unless the lab held them up",
        arguments: [
            ("Track script chk_service is already running, expect idle - skipping run", "interval 1"),
            ("VRRP_Script(chk_service) timed_out", "timeout 1"),
        ])
    func slowness(_ line: String, _ place: String) {
        let events = [1, 2].map { Self.line(line, at: $0) }
        let found = TrackSymptom.slowness(Self.observation(events))
        #expect(found.map(\.code.rawValue) == ["VR125"])
        #expect(found.first?.places.first?.text == place)
        #expect(TrackSymptom.slowness(Self.observation([events[0]])).isEmpty)
        let staged = TimelineEvent(at: .zero, .step(Trouble.stuckCheckStep))
        #expect(TrackSymptom.slowness(Self.observation([staged] + events)).isEmpty)
    }

    @Test("The same exit code in every state is a constant, which one is said, and other codes are none")
    func constancy() {
        let of = { (codes: [Int32]) in
            TrackSymptom.constancy(Self.observation(codes.enumerated().map { Self.exit($1, number: $0) }))
        }
        #expect(of([0, 0, 0, 0, 0, 0]).first?.sentence.contains("never sees that anything is wrong") == true)
        #expect(of([1, 1, 1, 1, 1, 1]).first?.sentence.contains("never sees that all is well") == true)
        #expect(of([0, 1, 1, 0, 0, 1]).isEmpty)
        #expect(of([0, 0, 0]).isEmpty)
    }

    @Test("Exit 0 without any web server hides a failure")
    func hiddenFailure() {
        let row = CheckResult(
            "no web server left", .fail, expected: "anything but exit 0", observed: "exit 0 after 0.039 s")
        let answers = [0, 1, 1, 0, 0, 1].enumerated().map { Self.exit(Int32($1), number: $0) }
        #expect(TrackSymptom.hiddenFailure(Self.observation(answers, [row])).map(\.code.rawValue) == ["VR114"])
        var good = row
        good.verdict = .pass
        good.observed = "exit 1 after 0.039 s"
        #expect(TrackSymptom.hiddenFailure(Self.observation(answers, [good])).isEmpty)
    }

    // MARK: Stories

    private static func observation(_ events: [TimelineEvent], _ checks: [CheckResult] = []) -> Observation {
        let report = ScenarioReport(
            step: "step6", scenario: "states", title: "", variant: .yours, daemons: "ours", checks: checks,
            timeline: Timeline(events), nodes: ["node1", "node2"], files: [], origin: .zero,
            length: .seconds(30), offsetToRealTime: 0)
        return Observation(LabStep.step6.submission(LabStep.step6.files.map(\.solved)), report)
    }

    private static func moves(at seconds: [Int]) -> [TimelineEvent] {
        seconds.enumerated().map { number, second in
            TimelineEvent(
                at: .zero + .seconds(second), node: number % 2 == 0 ? "node2" : "node1",
                .addressAdded(IPPrefix("192.168.1.100/24")!, interface: "eth0"))
        }
    }

    private static func verdicts(at seconds: [Int]) -> [TimelineEvent] {
        seconds.enumerated().map { number, second in
            line(
                "VRRP_Script(chk_service) \(number % 2 == 0 ? "failed (exited with status 1)" : "succeeded")",
                at: second)
        }
    }

    private static func line(_ text: String, at second: Int) -> TimelineEvent {
        TimelineEvent(
            at: .zero + .seconds(second), node: "node1", .output(process: "vrrpd", stream: .standardError, line: text))
    }

    private static func exit(_ code: Int32, number: Int) -> TimelineEvent {
        TimelineEvent(
            at: .zero + .seconds(number), node: "node1",
            .exited(process: "check_service.sh#\(number)", .exited(code: code)))
    }
}

import LabCourse
import Testing
import Timeline
import Wire

@Suite("What a document keeps of a scenario")
struct EvidenceTests {
    private let document = ScenarioDocument(
        SampleLab(takesOver: true).report, directory: "step2-crash", command: "labrun run step2/crash")

    @Test("Around a fault are three advertisements on either side, and what changed; a burst is told once")
    func moments() throws {
        let moment = try #require(document.moments.first)
        #expect(document.moments.count == 1)
        #expect(moment.title == "SIGKILL keepalived on node1")
        #expect(moment.t == 4.7)
        #expect(moment.frames.map(\.node) == ["node1", "node1", "node1", "node2", "node2", "node2", "node2"])
        #expect(moment.frames.map(\.isChange) == [false, false, false, true, true, false, false])
        #expect(moment.frames[4].summary == "ARP 192.168.1.100 is at 02:00:00:00:00:0c (gratuitous), 5 times")
        // Of five advertisements of node2 three are told.
        #expect(moment.omitted == 2)
    }

    @Test("The routers' values and what the protocol makes of them are in the document")
    func routers() throws {
        let routers = try #require(document.routers)
        #expect(routers.map(\.node) == ["node1", "node2"])
        #expect(routers.map(\.silence) == [3.4140625, 3.609375])
        #expect(routers.map(\.resignation) == [0.4140625, 0.609375])
    }

    @Test("Theory expects the backup from T - A to T after the fault, and exactly T after the last word")
    func expectation() throws {
        let expectations = SampleLab(takesOver: true).report.expectations
        let expectation = try #require(expectations.first)
        #expect(expectations.count == 1)
        #expect(expectation.node == "node2")
        #expect(expectation.window == SampleLab.at(7.309_375)...SampleLab.at(8.309_375))
        // The last word was sent at 4.4 s and heard 20 µs later.
        #expect(expectation.due == SampleLab.at(8.009_395))
    }

    @Test("A takeover that never comes is expected all the same")
    func missingTakeover() {
        #expect(SampleLab(takesOver: false).report.expectations.map(\.node) == ["node2"])
    }
}

import Testing
import Timeline
import Wire

@Suite("A near miss")
struct NearMissTests {
    private let nodes = ["node1", "node2", "client"]

    @Test("is the event before the window or after it, with the time that it missed by")
    func time() throws {
        let matches = { (event: TimelineEvent) in event.isAddition(of: Story.shared, to: "node2") }
        let early = NearMiss.search(Story.crash, window: at(14)...at(15), nodes: nodes, matches)
        #expect(early?.event.time == at(13.024_3))
        #expect(early?.difference == "0.976 s too early")
        let late = NearMiss.search(Story.crash, window: at(10)...at(13), nodes: nodes, matches)
        #expect(late?.difference == "0.024 s too late")
    }

    @Test("is the same event at another node")
    func node() {
        let found = NearMiss.search(Story.crash, window: at(10)...at(15), nodes: nodes) {
            $0.isAddition(of: Story.shared, to: "client")
        }
        #expect(found?.difference == "on node2 instead of client")
        #expect(found?.event.summary == "node2 +192.168.1.100/32 on eth0")
    }

    @Test("is the opposite of what was expected")
    func opposite() {
        var story = Story()
        story.loses("node1", 5)
        let found = NearMiss.search(story.timeline, window: at(1)...at(9), nodes: nodes) {
            $0.isAddition(of: Story.shared, to: "node1")
        }
        #expect(found?.difference == "the opposite")
    }

    @Test("is nothing when nothing comes near")
    func nothing() {
        #expect(NearMiss.search(Story.crash, window: at(1)...at(19), nodes: nodes) { _ in false } == nil)
    }

    @Test("stands beside the last events of each sort, in order, with times from the window's beginning")
    func excerpt() {
        #expect(
            Story.resignation.excerpt(of: at(4)...at(4.9), atMost: 2).map { $0.prefix(30) } == [
                "+0.202  node1 -192.168.1.100/3", "+0.811  node2 eth0 sent VRRPv2",
                "+0.811  node1 eth0 received VR", "+0.811  node2 +192.168.1.100/3",
            ])
    }
}

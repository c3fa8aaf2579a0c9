import Testing
import Timeline
import Wire

@Suite("Ownership")
struct OwnershipTests {
    @Test("An address belongs to a kernel from its arrival to its removal")
    func handover() {
        var story = Story()
        story.gains("node1", 1)
        story.gains("node2", 4.9)
        story.loses("node1", 5)
        #expect(
            story.timeline.ownership(of: Story.shared) == [
                OwnershipSpan(node: "node1", from: at(1), until: at(5)),
                OwnershipSpan(node: "node2", from: at(4.9)),
            ])
        #expect(story.timeline.ownership(of: .v4(.any)).isEmpty)
    }

    @Test("An address on two interfaces is gone with the second, and a repeated report changes nothing")
    func interfaces() {
        var story = Story()
        story.gains("node1", 1)
        story.gains("node1", 1.5)
        story.gains("node1", 2, on: "vrrp.51")
        story.loses("node1", 3)
        story.loses("node1", 4, on: "vrrp.51")
        #expect(
            story.timeline.ownership(of: Story.shared) == [OwnershipSpan(node: "node1", from: at(1), until: at(4))])
    }

    @Test("A removal without an arrival means that the address was there from the beginning")
    func earlierThanTheRecord() {
        var story = Story()
        story.add(0.5, .step("start"))
        story.loses("node1", 3)
        #expect(
            story.timeline.ownership(of: Story.shared) == [OwnershipSpan(node: "node1", from: at(0.5), until: at(3))])
    }

    @Test("A vanished node owns nothing, but a node whose programs have died still does")
    func vanishing() {
        var story = Story()
        story.gains("node1", 1)
        story.gains("node2", 1)
        story.add(2, .exited(process: "keepalived", .signaled(number: 9)), at: "node1")
        story.add(3, .vanished, at: "node2")
        story.gains("node2", 5)
        #expect(
            story.timeline.ownership(of: Story.shared) == [
                OwnershipSpan(node: "node1", from: at(1)),
                OwnershipSpan(node: "node2", from: at(1), until: at(3)),
                OwnershipSpan(node: "node2", from: at(5)),
            ])
    }

    @Test("Sharing lasts from the second owner to the last but one")
    func sharing() throws {
        var story = Story()
        story.gains("node1", 1)
        story.gains("node2", 2)
        story.gains("node3", 3)
        story.loses("node1", 4)
        story.loses("node3", 5, uncertainty: .milliseconds(3))
        story.gains("node1", 7)
        let shared = story.timeline.sharedOwnership(of: Story.shared)
        #expect(shared.map(\.nodes) == [["node1", "node2", "node3"], ["node1", "node2"]])
        #expect(shared.map(\.from) == [at(2), at(7)])
        #expect(shared.map(\.until) == [at(5), nil])
        #expect(shared.map(\.uncertainty) == [.milliseconds(3), .zero])
    }

    @Test("A handover at one instant is no sharing")
    func instantHandover() {
        var story = Story()
        story.gains("node1", 1)
        story.loses("node1", 2)
        story.gains("node2", 2)
        #expect(story.timeline.sharedOwnership(of: Story.shared).isEmpty)
    }
}

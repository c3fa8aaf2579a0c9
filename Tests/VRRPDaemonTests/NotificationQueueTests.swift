import LinuxSystem
import Testing
import VRRPCore
import Wire

@testable import VRRPDaemon

@Suite("The order of notify scripts")
struct NotificationQueueTests {
    private func entry(
        _ word: String, of name: String = "A", _ kind: NotificationQueue.Lane.Kind = .specific,
        replacesItsLike: Bool = false
    ) -> NotificationQueue.Entry {
        .init(
            lane: .init(subject: .instance, name: name, kind: kind),
            script: PreparedScript(arguments: [word], account: UserAccount(user: 0, group: 0)),
            replacesItsLike: replacesItsLike)
    }

    private func started(_ queue: inout NotificationQueue, _ entry: NotificationQueue.Entry, pid: Int32) {
        #expect(queue.add(entry, at: .zero) == entry)
        queue.started(entry.lane, pid: pid)
    }

    @Test("The next script of a subject starts when the one before it has ended")
    func order() {
        var queue = NotificationQueue()
        started(&queue, entry("a"), pid: 10)
        #expect(queue.add(entry("b"), at: .zero) == nil)
        #expect(queue.add(entry("c"), at: .zero) == nil)
        #expect(queue.ended(10, at: .zero) == entry("b"))
        queue.started(entry("b").lane, pid: 11)
        #expect(queue.ended(10, at: .zero) == nil)
        #expect(queue.ended(11, at: .zero) == entry("c"))
        queue.started(entry("c").lane, pid: 12)
        #expect(queue.ended(12, at: .zero) == nil)
        #expect(queue.add(entry("d"), at: .zero) == entry("d"))
    }

    @Test("Nobody waits for another subject, nor a specific script for a generic one")
    func lanes() {
        var queue = NotificationQueue()
        started(&queue, entry("a"), pid: 10)
        started(&queue, entry("b", of: "B"), pid: 11)
        started(&queue, entry("c", .generic), pid: 12)
    }

    @Test("A script that hangs is waited for ten seconds, and only while somebody waits")
    func patience() {
        var queue = NotificationQueue()
        started(&queue, entry("a"), pid: 10)
        #expect(queue.nextDeadline == nil)
        _ = queue.add(entry("b"), at: .zero)
        #expect(queue.nextDeadline == Instant(nanoseconds: 10_000_000_000))
        #expect(queue.due(at: Instant(nanoseconds: 9_999_999_999)) == [])
        #expect(queue.due(at: Instant(nanoseconds: 10_000_000_000)) == [entry("b")])
        #expect(queue.nextDeadline == nil)
    }

    @Test("One that cannot be started does not hold up the others")
    func failure() {
        var queue = NotificationQueue()
        started(&queue, entry("a"), pid: 10)
        _ = queue.add(entry("b"), at: .zero)
        _ = queue.add(entry("c"), at: .zero)
        #expect(queue.ended(10, at: .zero) == entry("b"))
        #expect(queue.failed(entry("b").lane, at: .zero) == entry("c"))
        #expect(queue.failed(entry("c").lane, at: .zero) == nil)
        #expect(queue.add(entry("d"), at: .zero) == entry("d"))
    }

    @Test("More than 64 do not wait for one subject: the oldest are given up and counted")
    func capacity() {
        var queue = NotificationQueue()
        started(&queue, entry("first"), pid: 10)
        for number in 1...70 { _ = queue.add(entry("\(number)"), at: .zero) }
        #expect(queue.takeLost() == 6)
        #expect(queue.takeLost() == 0)
        #expect(queue.ended(10, at: .zero) == entry("7"))
    }

    @Test("News that come at a neighbor's rate wait once, however many there were")
    func fleeting() {
        var queue = NotificationQueue()
        started(&queue, entry("first"), pid: 10)
        for number in 1...1000 { _ = queue.add(entry("\(number)", replacesItsLike: true), at: .zero) }
        #expect(queue.takeLost() == 0)
        #expect(queue.drain() == [entry("1000", replacesItsLike: true)])
    }

    @Test("At the end everything that waits comes out, each subject's in order")
    func drain() {
        var queue = NotificationQueue()
        started(&queue, entry("a"), pid: 10)
        _ = queue.add(entry("b"), at: .zero)
        _ = queue.add(entry("c"), at: .zero)
        #expect(queue.drain().map(\.script.arguments) == [["b"], ["c"]])
        #expect(queue.nextDeadline == nil)
    }
}

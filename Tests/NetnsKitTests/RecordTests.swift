import LinuxSystem
import NetnsKit
import NetnsTesting
import Synchronization
import Testing
import Timeline
import Wire

@Suite("The record of a lab", .requiresNamespaces)
struct RecordTests {
    private static let etherType: UInt16 = 0x88b5
    private static let topology = Topology(
        (1...2).map {
            NodeDescription("node\($0)", [InterfaceDescription("eth0", on: "lan")], isolation: .network)
        })

    private static func frame(_ number: UInt8) -> [UInt8] {
        [UInt8](repeating: 0xff, count: 6) + [2, 0, 0, 0, 0, 1, 0x88, 0xb5, number]
            + [UInt8](repeating: 0, count: 45)
    }

    @Test("Every frame of a flood is in it, in order, while a claim looks at the whole again and again")
    func floodWithWaiter() async throws {
        try await Lab.run(Self.topology) { lab in
            let start = lab.step("flood")
            async let never: TimelineEvent? = try? await lab.expect("a tenth", within: .seconds(1), since: start) {
                timeline, _ in
                timeline.first { $0.node == nil && $0.time > start }
            }
            let stream = try lab["node1"].stream([Self.frame(0)], over: "eth0", rate: 10_000)
            try await lab.expectNever("time is over", for: .milliseconds(500), since: start) { _ in false }
            stream.stop()
            // What was sent before the end may be read after it.
            try await lab.expect("the last one is read", within: .seconds(20), since: start) { timeline, _ in
                timeline.count { $0.isTest(.received) } == stream.sentCount ? timeline.last : nil
            }
            _ = await never
            let timeline = lab.timeline
            #expect(timeline.count { $0.isTest(.sent) } == stream.sentCount)
            #expect(timeline.count { $0.isTest(.received) } == stream.sentCount)
            #expect(timeline.losses(in: start...timeline.endTime).isEmpty)
            #expect(zip(timeline, timeline.dropFirst()).allSatisfy { $0.time <= $1.time })
        }
    }

    @Test("An event that comes just before the deadline counts, also when many came before it")
    func burstBeforeDeadline() async throws {
        try await Lab.run(Self.topology) { lab in
            let start = lab.step("burst")
            let asked = Mutex(0)
            async let found: TimelineEvent = lab.expect("the last one", within: .seconds(5), since: start) { event in
                asked.withLock { $0 += 1 }
                return event.isTest(.sent, number: 9)
            }
            for number in 0..<UInt8(10) { try lab["node1"].send(Self.frame(number), over: "eth0") }
            #expect(try await found.time >= start)
            #expect(asked.withLock { $0 } >= 10)
        }
    }

    @Test("A record that forgets traffic keeps the last of it, and everything that tells how the nodes are")
    func forgetting() async throws {
        let topology = Topology([
            NodeDescription("node1", [InterfaceDescription("eth0", on: "lan", ["192.168.1.11/24"])]),
            NodeDescription("node2", [InterfaceDescription("eth0", on: "lan", ["192.168.1.12/24"])]),
        ])
        try await Lab.run(topology) { lab in
            let start = lab.step("flood")
            lab.forgetTraffic(after: .milliseconds(400))
            _ = try await lab["node1"].run("/bin/sh", ["-c", "echo here; ip address add 192.168.1.100/24 dev eth0"])
            let stream = try lab["node1"].stream([Self.frame(0)], over: "eth0", rate: 1000)
            try await lab.expectNever("time is over", for: .seconds(2), since: start) { _ in false }
            let timeline = lab.timeline
            stream.stop()
            let frames = timeline.filter { $0.isTest(.received) }
            let first = try #require(frames.first)
            #expect(first.time > start + .seconds(1))
            #expect(timeline.endTime - first.time >= .milliseconds(300))
            #expect(frames.count < stream.sentCount / 2)
            // What a waiter is asked about is there, also when older frames have gone.
            let next = try await lab.expect("one more", within: .seconds(5), since: start) { timeline, _ in
                timeline.last { $0.isTest(.received) }
            }
            #expect(next.time >= first.time)
            #expect(timeline.contains { $0.kind == .step("flood") })
            #expect(timeline.contains { $0.outputLine == "here" })
            let owners = timeline.ownership(of: .v4(IPv4Address(192, 168, 1, 100)))
            #expect(owners.map(\.node) == ["node1"])
            #expect(owners.allSatisfy { $0.from < start + .seconds(1) && $0.until == nil })
        }
    }

    @Test("A wait ends with its lab, whatever else is still being asked")
    func endOfLab() async throws {
        let outcome = Mutex<Task<Bool, Never>?>(nil)
        try await Lab.run(Self.topology) { lab in
            let start = lab.step("start")
            let task = Task {
                do {
                    try await lab.expect("nothing", within: .seconds(60), since: start) { timeline, _ in
                        timeline.isEmpty ? timeline.last : nil
                    }
                    return true
                } catch {
                    return false
                }
            }
            outcome.withLock { $0 = task }
            let stream = try lab["node1"].stream([Self.frame(0)], over: "eth0", rate: 20_000)
            try await lab.expect("it floods", within: .seconds(5), since: start) { $0.isTest(.received) }
            _ = stream
        }
        let begin = MonotonicClock.now
        let task = try #require(outcome.withLock { $0 })
        #expect(await task.value == false)
        #expect(MonotonicClock.now - begin < .seconds(30))
    }
}

extension TimelineEvent {
    fileprivate var outputLine: String? {
        if case .output(_, _, let line) = kind { line } else { nil }
    }

    fileprivate func isTest(_ direction: CapturedFrame.Direction, number: UInt8? = nil) -> Bool {
        guard case .frame(let frame) = kind, frame.direction == direction, frame.octets.count > 14,
            frame.octets[12...13] == [0x88, 0xb5]
        else { return false }
        return number == nil || frame.octets[14] == number
    }
}

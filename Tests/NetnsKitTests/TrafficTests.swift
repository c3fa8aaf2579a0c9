import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("Traffic of a node", .requiresNamespaces)
struct TrafficTests {
    private static let target = IPv4Address(192, 168, 1, 12)

    @Test("A stream sends its frames in turn at its rate, and nothing once it is stopped")
    func stream() async throws {
        try await Lab.run(LabTests.pair) { lab in
            let frames = (0..<2).map { Self.frame(number: $0) }
            let begin = lab.step("stream")
            let stream = try lab["node1"].stream(frames, over: "eth0", rate: 100)
            try await lab.expect("the fiftieth arrives", within: .seconds(2), since: begin) { timeline, _ in
                Self.received(in: timeline).dropFirst(49).first
            }
            stream.stop()
            let stopped = lab.step("stopped")
            let received = Self.received(in: lab.timeline)
            #expect(received.prefix(4).map { $0.frame?.ethernet.payload.first } == [0, 1, 0, 1])
            let span = try #require(received.dropFirst(49).first).time - received[0].time
            #expect(span > .milliseconds(450), "49 intervals of 10 ms took \(span)")
            #expect(stream.refusedCount == 0)
            let count = stream.sentCount
            // What was sent before the end may arrive after it.
            try await lab.watch(for: .milliseconds(20), since: stopped)
            try lab["node1"].ping(Self.target, over: "eth0")
            try await lab.expectNever(
                "it goes on", for: lab.elapsed(since: stopped) + .milliseconds(100),
                since: stopped + .milliseconds(20),
                control: .frame(at: "node1", .sent)
            ) {
                $0.node == "node1" && $0.frame?.ethernet.etherType == Self.etherType
            }
            #expect(Self.received(in: lab.timeline).count == count)
        }
    }

    @Test("A flood of fifty thousand frames a second leaves a record that does not hold them")
    func flood() async throws {
        var topology = LabTests.pair
        for index in topology.nodes.indices { topology.nodes[index].interfaces[0].isRecorded = false }
        try await Lab.run(topology) { lab in
            let begin = lab.step("flood")
            let stream = try lab["node1"].stream([Self.frame(number: 0)], over: "eth0", rate: 50_000)
            try await lab.watch(for: .milliseconds(400), since: begin)
            stream.stop()
            #expect(!lab.timeline.contains { $0.frame != nil })
            #expect(stream.sentCount > 5000, "\(stream.sentCount) frames in 0.4 s")
        }
    }

    @Test("A probe hears an address, misses it while it is silent, and knows who answered")
    func probe() async throws {
        var topology = LabTests.pair
        let mac = try #require(MACAddress("02:00:00:00:00:12"))
        topology.nodes[1].interfaces[0].macAddress = mac
        try await Lab.run(topology) { lab in
            let probe = try lab["node1"].probe(Self.target, over: "eth0")
            try await Self.expectAnswers(20, in: lab, since: lab.start)
            let silence = Fault.silence(LinkEnd("node2", "eth0"))
            let window = try lab.inject(silence)
            let began = window.began
            try await lab.expectNever(
                "an answer", for: .milliseconds(300), since: window.inForce + .milliseconds(5),
                control: .frame(at: "node1", .sent)
            ) {
                $0.node == "node1" && !$0.isSent && $0.frame != nil
            }
            let healed = try lab.heal(silence).inForce
            try await Self.expectAnswers(20, in: lab, since: healed)
            probe.stop()
            let timeline = lab.timeline
            #expect(timeline.echoAnswers(from: .v4(Self.target), to: "node1").allSatisfy { $0.responder == mac })
            let outage = timeline.longestOutage(
                of: .v4(Self.target), seenBy: "node1", askingEvery: .milliseconds(10), during: began...timeline.endTime)
            #expect(outage > .milliseconds(290))
            #expect(outage < .milliseconds(600))
            #expect(probe.sentCount >= 70)
        }
    }

    @Test("An interface that is removed and restored has its name, its addresses and its place in the record again")
    func removal() async throws {
        try await Lab.run(LabTests.pair) { lab in
            let removal = Fault.removal(LinkEnd("node2", "eth0"))
            try lab.inject(removal)
            #expect(try lab["node2"].addresses().allSatisfy { $0.interface != "eth0" })
            let back = try lab.heal(removal).began
            #expect(try lab["node2"].addresses().contains { "\($0.prefix)" == "192.168.1.12/24" })
            let probe = try lab["node1"].probe(Self.target, over: "eth0")
            try await lab.expect("node2 is asked again", within: .seconds(5), since: back) {
                $0.node == "node2" && $0.frameDirection == .received && $0.frame?.ethernet.etherType == 0x0800
            }
            probe.stop()
        }
    }

    @Test("A program's use of the machine grows with what it does")
    func usage() async throws {
        try await Lab.run(LabTests.pair) { lab in
            let script = "sleep 100 & sleep 100 & i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo done; wait"
            let process = try lab["node1"].start("/bin/sh", ["-c", script])
            try await lab.expect("its work is done", within: .seconds(20), since: lab.start) {
                if case .output("sh", .standardOutput, "done") = $0.kind { true } else { false }
            }
            let usage = process.usage
            #expect(usage.processes == 3)
            #expect(usage.processorTime > .milliseconds(1))
            #expect(usage.processorTime < .seconds(20))
            #expect(usage.residentMemory > 500_000)
            #expect(usage.descriptors >= 9)
        }
    }

    private static let etherType: UInt16 = 0x88b5

    /// A frame of the kind that is free for experiments (IEEE 802, local experimental).
    private static func frame(number: UInt8) -> [UInt8] {
        EthernetFrame(
            destination: .broadcast, source: MACAddress("02:00:00:00:00:99") ?? .broadcast, etherType: etherType,
            payload: [number]
        ).serialized()
    }

    private static func received(in timeline: Timeline) -> [TimelineEvent] {
        timeline.events.filter {
            $0.node == "node2" && $0.frameDirection == .received && $0.frame?.ethernet.etherType == etherType
        }
    }

    private static func expectAnswers(_ count: Int, in lab: Lab, since start: Instant) async throws {
        try await lab.expect("\(count) answers", within: .seconds(5), since: start) { timeline, start in
            let answers = timeline.echoAnswers(from: .v4(target), to: "node1").filter { $0.time >= start }
            return answers.count >= count ? timeline.events.last : nil
        }
    }
}

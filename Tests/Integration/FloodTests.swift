import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

/// What takes a whole processor to send, and so runs when nothing else does.
@Suite("Floods", .requiresNamespaces, .serialized)
struct FloodTests {
    @Test(
        "Fifty thousand packets a second change nothing, fill no log and cost a fraction of a processor",
        arguments: [Forgery.Flaw.checksum, .hopLimit, .randomOctets])
    func flood(_ flaw: Forgery.Flaw) async throws {
        let topology = Topology(
            [Segment.node("node1", isRecorded: false), Segment.node("node2", isRecorded: false)]
                + [Segment.node("client"), Segment.node("stranger", isRecorded: false)])
        try await Experiment.run(topology) { experiment in
            let lab = experiment.lab
            let master = try experiment.start(.ours, on: "node1", flaw.instance(priority: 150).text)
            try experiment.start(.ours, on: "node2", flaw.instance(priority: 100).text)
            try await experiment.expectMaster("node1", heardBy: "client")
            // Sent to the master alone, so that no other cable carries it and the record stays small.
            let frames = (0..<64).map { Forgery(flaw, number: $0).frame(to: Segment.macAddress(of: "node1")) }
            let before = master.usage
            let begin = lab.step("fifty thousand packets a second")
            let stream = try lab["stranger"].stream(frames, over: "eth0", rate: 50_000)
            await experiment.watch(for: .seconds(5))
            stream.stop()
            let window = begin...lab.step("quiet again")
            let cost = (master.usage.processorTime - before.processorTime) / (window.upperBound - window.lowerBound)
            let rate = Double(stream.sentCount) / (window.upperBound - window.lowerBound).inSeconds
            print("\(flaw) at \(Int(rate)) a second: \(Int(cost * 1000)) thousandths of a processor")
            experiment.claim("it was a flood", rate > 20_000, sawInstead: "\(Int(rate)) a second")
            for node in ["node1", "node2"] {
                experiment.claimNever("\(node) changes its state", in: window) { $0.isTransition(on: node) }
            }
            experiment.claim(
                "node1 advertises as if nothing were",
                lab.timeline.longestAdvertGap(heardBy: "client", during: window),
                atMost: flaw.interval + .milliseconds(Build.isOptimized ? 40 : 150))
            experiment.claimFewLines(of: "node1", in: window)
            if Build.isOptimized { experiment.claim("it costs little", cost < 0.2, sawInstead: "\(cost)") }
        }
    }
}

/// How the tests were built: figures of a debug build say nothing about what users run.
enum Build {
    static let isOptimized: Bool = {
        var isOptimized = true
        // Evaluated in debug builds only.
        assert(
            {
                isOptimized = false
                return true
            }())
        return isOptimized
    }()
}

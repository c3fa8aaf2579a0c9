import LinuxSystem
import NetnsKit
import Timeline
import Wire

/// How many of the frames of a flood are in the record.
struct CaptureLoss {
    var rates: [Int]
    var seconds: Int

    /// The smallest frame; its type is nobody's.
    private static let frame =
        [UInt8](repeating: 0xff, count: 6) + [2, 0, 0, 0, 0, 1, 0x88, 0xb5] + [UInt8](repeating: 7, count: 46)

    func figures() async throws -> [Figure] {
        var figures: [Figure] = []
        for rate in rates { figures += try await self.figures(at: rate) }
        return figures
    }

    /// Only the sender's cable is recorded, so that each frame is recorded once.
    private func figures(at rate: Int) async throws -> [Figure] {
        let topology = Topology(
            (1...2).map {
                NodeDescription(
                    "node\($0)",
                    [InterfaceDescription("eth0", on: "lan", ["\(address(ofNode: $0))/16"], isRecorded: $0 == 1)],
                    isolation: .network)
            })
        let (offered, recorded, span) = try await Lab.run(topology) { lab in
            let begin = lab.step("flood")
            // A thread writes some hundred thousand in a second at most.
            let streams = try (0..<2).map { _ in try lab["node1"].stream([Self.frame], over: "eth0", rate: rate / 2) }
            try await lab.expectNever("it is time", for: .seconds(seconds), since: begin) { _ in false }
            for stream in streams { stream.stop() }
            let span = MonotonicClock.now - begin
            let offered = streams.map(\.sentCount).reduce(0, +)
            let count = try await Self.settledCount(lab)
            return (offered, count, span)
        }
        let unit = span / .seconds(1)
        let values = [
            ("offered", "frames/s", Double(offered) / unit), ("recorded", "frames/s", Double(recorded) / unit),
            ("lost", "%", 100 * (1 - Double(recorded) / Double(max(offered, 1)))),
        ]
        return values.map { name, unit, value in
            Figure(
                subject: "capture", contestant: "ours", circumstances: "\(rate) frames/s", name: name, unit: unit,
                sample: Sample([value]))
        }
    }

    /// Counts when nothing more has come for a tenth of a second.
    private static func settledCount(_ lab: Lab) async throws -> Int {
        var (before, now) = (-1, 0)
        while before != now {
            before = now
            try await lab.expectNever("it is time", for: .milliseconds(100), since: MonotonicClock.now) { _ in false }
            now = lab.timeline.count { event in
                guard case .frame(let captured) = event.kind else { return false }
                return captured.octets == frame
            }
        }
        return now
    }
}

import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("A daemon that stands still", .requiresNamespaces)
struct PauseTests {
    @Test(
        "When a master goes on after ten seconds there is one owner again within fifty milliseconds",
        arguments: Implementation.available)
    func master(_ implementation: Implementation) async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            try await experiment.startPair(implementation.pair)
            let pause = Fault.pause(experiment.daemon(of: "node1"))
            let begin = try lab.inject(pause).began
            try await lab.expect("node2 takes over", within: .seconds(2), since: begin) { $0.isClaim(by: "node2") }
            await experiment.watch(for: .seconds(10) - (MonotonicClock.now - begin))
            let awake = try lab.heal(pause).began
            await experiment.watch(for: .seconds(1))
            let shared = lab.timeline.sharedOwnership(of: Segment.virtualAddress).filter {
                $0.until.map { $0 > awake } ?? true
            }
            let time = shared.compactMap(\.until).max().map { $0 - awake }
            print("two owners after a pause of 10 s: \(implementation.rawValue) for \(time?.text ?? "ever")")
            guard implementation == .ours else { return }
            experiment.claim("one owner in the end", time != nil)
            experiment.claim("two owners", time ?? .zero, atMost: .milliseconds(50))
        }
    }

    @Test("A backup that goes on after ten seconds reads first what it missed, and takes nothing over")
    func backup() async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            try await experiment.startPair(.ours)
            let pause = Fault.pause(experiment.daemon(of: "node2"))
            let begin = try lab.inject(pause).began
            await experiment.watch(for: .seconds(10))
            try lab.heal(pause)
            await experiment.watch(for: .seconds(1))
            experiment.claimStaying("node1", in: begin...MonotonicClock.now, interval: .milliseconds(100))
        }
    }
}

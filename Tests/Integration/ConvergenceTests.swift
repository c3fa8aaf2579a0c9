import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("Convergence, step by step", .requiresNamespaces, .serialized)
struct ConvergenceTests {
    @Test(
        "From the death of the master to the first answer of the new one no step is missing, and all are in order",
        arguments: Implementation.available, [false, true])
    func breakdown(_ implementation: Implementation, usesVirtualStation: Bool) async throws {
        let title = "\(implementation.rawValue)\(usesVirtualStation ? ", use_vmac" : "")"
        let convergence = try await Experiment.run(titled: title) { experiment in
            let lab = experiment.lab
            let lines = usesVirtualStation ? ["use_vmac"] : []
            var (master, backup) = (InstanceText.master, InstanceText.backup)
            master.lines += lines
            backup.lines += lines
            try await experiment.startPair(implementation.pair, master, backup)
            let probe = try lab["client"].probe(Segment.vip, over: "eth0")
            // A client's kernel holds on to a station for a second after it has learned of it.
            let known = try await lab.expect("the client knows the address", within: .seconds(5), since: lab.start) {
                if case .neighbor(Segment.virtualAddress, .found, _) = $0.kind { $0.node == "client" } else { false }
            }
            await experiment.watch(for: .milliseconds(1200))
            try await lab.expect("the address answers", within: .seconds(5), since: known.time) {
                $0.isEchoReply(to: "client")
            }
            let fault = try lab.inject(.kill(experiment.daemon(of: "node1"), .tree)).began
            try await lab.expect("node2 serves the client", within: .seconds(5), since: fault) {
                $0.isEchoReply(from: "node2")
            }
            await experiment.watch(for: .milliseconds(100))
            probe.stop()
            let convergence = Self.convergence(in: lab.timeline, after: fault)
            for step in convergence.steps {
                experiment.claim("\(step.name.rawValue) is seen", !step.isMissing, sawInstead: "\(convergence)")
            }
            experiment.claim(
                "the steps are in order", convergence.disorder.isEmpty, sawInstead: "\(convergence.disorder)")
            let needed: Convergence.Name = usesVirtualStation ? .forwarding : .neighbor
            experiment.claim(
                "\(needed.rawValue) is what changes", convergence[needed].event != nil, sawInstead: "\(convergence)")
            return convergence
        }
        if let convergence { print("\(title)\n\(convergence)") }
    }

    private static func convergence(in timeline: Timeline, after fault: Instant) -> Convergence {
        Convergence(
            of: Segment.virtualAddress, from: "node1", to: "node2", seenBy: "client", after: fault, in: timeline)
    }
}

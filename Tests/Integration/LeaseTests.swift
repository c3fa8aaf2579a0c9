import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("A leased address", .requiresNamespaces)
struct LeaseTests {
    @Test("With vip_lease the kernel takes the address from a node whose daemon is dead, and from no other")
    func expires() async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            try await experiment.startPair(.ours, InstanceText.master.with("vip_lease 3"))
            // It is renewed: longer than the lease.
            let begin = lab.step("leased for 3 s")
            try await lab.expectNever(
                "the address goes while its daemon lives", for: .seconds(5), since: begin,
                control: .advertisement(from: "node1")
            ) {
                $0.isRemoval(of: Segment.virtualAddress, from: "node1")
            }
            let fault = try lab.inject(.kill(experiment.daemon(of: "node1"), .tree)).began
            let gone = try await lab.expect("the address goes", within: .seconds(5), since: fault) {
                $0.isRemoval(of: Segment.virtualAddress, from: "node1")
            }
            experiment.claim("the address goes", gone.time - fault, atMost: .seconds(4))
            print("after SIGKILL with vip_lease 3 the address is gone after \((gone.time - fault).text)")
        }
    }

    @Test("Without a lease the address stays with the dead")
    func stays() async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            try await experiment.startPair(.ours)
            let fault = try lab.inject(.kill(experiment.daemon(of: "node1"), .tree)).began
            try await lab.expectNever(
                "the address goes", for: .seconds(4), since: fault, control: .advertisement(from: "node2")
            ) {
                $0.isRemoval(of: Segment.virtualAddress, from: "node1")
            }
        }
    }
}

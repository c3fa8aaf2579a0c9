import LinuxSystem
import NetnsKit
import Wire

/// A lab of this library: every cable captured, every node listened to, and links that carry frames.
struct OwnLab: Contestant {
    var isolation: NodeDescription.Isolation
    var name: String { isolation == .full ? "ours, full" : "ours, network" }

    func topology(of count: Int) -> Topology {
        Topology(
            (1...count).map { number in
                NodeDescription(
                    "node\(number)", [InterfaceDescription("eth0", on: "lan", ["\(address(ofNode: number))/16"])],
                    isolation: isolation)
            })
    }

    func round(of count: Int) async throws -> Round {
        let topology = topology(of: count)
        let begin = MonotonicClock.now
        let (witness, up, end) = try await Lab.run(topology) { lab in
            let up = MonotonicClock.now
            return (try WiringWitness(lab), up, MonotonicClock.now)
        }
        let returned = MonotonicClock.now
        let gone = try witness.vanishing.wait(for: count)
        return Round(up: up - begin, returned: returned - end, gone: gone.map { $0 - end })
    }
}

/// Outlives the lab whose switch it looks at.
final class WiringWitness: Sendable {
    let vanishing: Vanishing

    init(_ lab: Lab) throws {
        vanishing = Vanishing(try lab.monitorOfWiring())
    }
}

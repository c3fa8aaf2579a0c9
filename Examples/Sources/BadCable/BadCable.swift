import Chance
import NetnsKit
import Timeline
import Wire

/// One host asks another a hundred times over a cable that loses every tenth request. Which ones is the seed's choice,
/// and the same in every run.
@main
struct BadCable {
    static func main() async throws {
        let lan = Topology(
            [
                NodeDescription("client", [InterfaceDescription("eth0", on: "lan", ["10.0.0.1/24"])]),
                NodeDescription("server", [InterfaceDescription("eth0", on: "lan", ["10.0.0.2/24"])]),
            ],
            segments: [SegmentDescription("lan", fabric: .userSpace)], seed: 7)
        try await Lab.run(lan) { lab in
            let bad = try lab.inject(
                .impair(LinkEnd("client", "eth0"), .sent, Impairment(loss: 0.1, on: .only(.icmp))))
            for sequence in 1...101 {
                try lab["client"].ping(IPv4Address(10, 0, 0, 2), over: "eth0", sequence: UInt16(sequence))
            }
            // What became of a request is on record before the next one is.
            try await lab.expect("all requests leave", count: 101..., within: .seconds(5), since: bad.began) {
                $0.node == "client" && $0.isSent && $0.frameClass == .icmp
            }
            let lost = lab.timeline.compactMap(\.lostRequest).filter { $0 <= 100 }
            print("of 100 requests \(lost.count) were lost: \(lost)")
        }
    }
}

extension TimelineEvent {
    /// The kind of a frame.
    fileprivate var frameClass: FrameClass? {
        guard case .frame(let captured) = kind else { return nil }
        return FrameClass(of: captured.octets)
    }

    /// The number of a request that the cable lost.
    fileprivate var lostRequest: Int? {
        guard case .impaired(let frame) = kind, frame.isLost else { return nil }
        return frame.ordinal
    }
}

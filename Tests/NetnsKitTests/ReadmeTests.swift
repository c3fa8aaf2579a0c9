import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("The README")
struct ReadmeTests {
    @Test("its lab in ten lines runs, and stands in the README as it stands here", .requiresNamespaces)
    func tenLines() async throws {
        // README: begin
        let lan = Topology([
            NodeDescription("r1", [InterfaceDescription("eth0", on: "lan", ["10.0.0.1/24"])]),
            NodeDescription("r2", [InterfaceDescription("eth0", on: "lan", ["10.0.0.2/24"])]),
        ])
        try await Lab.run(lan) { lab in
            let cut = try lab.inject(.carrierLoss(LinkEnd("r1", "eth0")))
            try await lab.expect("r1 notices", within: .seconds(1), since: cut.began) {
                $0.node == "r1" && $0.kind == .link(interface: "eth0", isUp: false)
            }
            print(lab.diagram)
        }
        // README: end
        let excerpt = try Excerpt("README")
        #expect(excerpt.lines.count == 11)
        #expect(try excerpt.stands(in: "README.md"))
    }
}

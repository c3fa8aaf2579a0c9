import Foundation
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
            print(Diagram(lab.timeline))
        }
        // README: end
        let excerpt = try Self.excerpt()
        #expect(excerpt.count == 11)
        let readme = try Self.contents(of: "README.md").split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(readme.firstIndex(of: excerpt[0][...]))
        #expect(readme[start...].prefix(excerpt.count).map(String.init) == excerpt)
    }

    /// The lines between the marks above, as far to the left as they go.
    private static func excerpt() throws -> [String] {
        let lines = try String(contentsOfFile: #filePath, encoding: .utf8).components(separatedBy: "\n")
        let begin = try #require(lines.firstIndex { $0.hasSuffix("// README: begin") })
        let end = try #require(lines.firstIndex { $0.hasSuffix("// README: end") })
        return lines[(begin + 1)..<end].map { String($0.dropFirst(8)) }
    }

    private static func contents(of name: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: name), encoding: .utf8)
    }
}

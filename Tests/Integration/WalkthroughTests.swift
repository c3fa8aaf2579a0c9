import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing

/// The transcript in the documentation is what a new learner meets.
@Suite(
    "The walkthrough", .requiresNamespaces, .requires(program: "/usr/bin/python3", package: "python3"),
    .requires(program: "/usr/sbin/keepalived", package: "keepalived"),
    .requires(program: "/usr/sbin/haproxy", package: "haproxy"), .requires(program: "/usr/bin/curl", package: "curl"),
    .requires(program: "/usr/bin/socat", package: "socat"))
struct WalkthroughTests {
    @Test("somebody with nothing but what labrun prints solves steps 3 to 6, as docs/walkthrough.md tells")
    func solved() async throws {
        let root = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()
        let isHidden = NodeDescription.standardPrivateDirectories.contains { root.hasPrefix($0 + "/") }
        let machine = NodeDescription(Machine.name, [], exposedPaths: isHidden ? [root] : [])
        let result = try #require(
            await Lab.run(Topology([machine])) { lab in
                try await lab[Machine.name].run(
                    "/usr/bin/python3", ["\(root)/scripts/walkthrough", "--check"], within: .seconds(400))
            })
        #expect(result.succeeded, "\(result.lines.joined(separator: "\n"))")
    }
}

import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing

@Suite(
    "Without root", .requiresNamespaces,
    .enabled("this machine does not let everybody make user namespaces") {
        Requirements.areStrict || UserNamespaces.obstacle == nil
    },
    .requires(program: "/usr/bin/setpriv", package: "util-linux"))
struct RootlessTests {
    private static func run(_ words: [String], within limit: Duration = .seconds(60)) async throws -> CommandResult {
        let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all"]
        return try #require(
            await Machine.run("/usr/bin/setpriv", nobody + [Machine.program("labrun")] + words, within: limit))
    }

    @Test("the doctor builds labs, captures frames and mutes links as an ordinary user, and says who it is")
    func doctor() async throws {
        let result = try await Self.run(["doctor"])
        #expect(result.succeeded, "\(result.lines.joined(separator: "\n"))")
        #expect(result.lines.contains { $0.contains("root of a user namespace, user 65534 outside") })
        for subject in ["two nodes up", "links and captures", "mute links", "deaf links", "our daemon"] {
            #expect(
                result.lines.contains { $0.hasPrefix("  ok    \(subject) ") || $0.hasPrefix("  warn  \(subject) ") },
                "\(subject): \(result.lines.joined(separator: "\n"))")
        }
    }

    // Steps with scripts cannot pass here: programs of the host belong to nobody in a user namespace, and script
    // security rightly refuses them.
    @Test(
        "failovers of the course pass as an ordinary user: programs, addresses, faults and captures",
        arguments: ["step2/crash", "step2/linkdown"])
    func steps(_ scenario: String) async throws {
        let result = try await Self.run([scenario, "-q", "-o", "/tmp/out"])
        #expect(result.succeeded, "\(result.lines.joined(separator: "\n"))")
        #expect(result.lines.last?.hasPrefix("PASS  1 scenario, checks: ") == true)
    }
}

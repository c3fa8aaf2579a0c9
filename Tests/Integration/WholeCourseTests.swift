import NetnsKit
import NetnsTesting
import Testing

/// All eight steps, through the program that a learner runs, two copies of it side by side.
@Suite("The whole course", .requiresNamespaces, .serialized)
struct WholeCourseTests {
    @Test(
        "keepalived is there to be compared with",
        .requires(program: "/usr/sbin/keepalived", package: "keepalived"))
    func keepalivedIsInstalled() {
        #expect(Pair.available.count == 4)
    }

    @Test("every step passes at the pace of its files, with each daemon on every node")
    func real() async throws {
        try await runSideBySide([.ours, Pair.hasKeepalived ? .keepalived : .ours], [], within: .seconds(180))
    }

    @Test("every step passes ten times as fast, with either daemon on either node")
    func fast() async throws {
        let pairs: [Pair] = Pair.hasKeepalived ? [.oursFirst, .keepalivedFirst] : [.ours, .ours]
        try await runSideBySide(pairs, ["--fast"], within: .seconds(90))
    }

    private func runSideBySide(_ pairs: [Pair], _ options: [String], within limit: Duration) async throws {
        try await withThrowingTaskGroup(of: (Pair, CommandResult?).self) { group in
            for pair in pairs {
                group.addTask {
                    // A machine that two courses keep busy may stand still in the same scenario more than once.
                    let words = ["all", "--daemon", pair.rawValue, "--retries", "3", "-o", "/tmp/out"] + options
                    return (pair, try await Machine.run("labrun", words, within: limit))
                }
            }
            for try await (pair, result) in group {
                let result = try #require(result, "\(pair.rawValue) takes longer than \(limit)")
                #expect(result.succeeded, "\(pair.rawValue)\n\(result.lines.joined(separator: "\n"))")
                for number in 1...8 {
                    #expect(result.output.contains { $0.hasPrefix("  ok    step\(number) ") }, "\(result.output)")
                }
                // What passes is one screen.
                #expect(result.output.count <= 24 && result.output.allSatisfy { $0.count <= 80 }, "\(result.output)")
                let verdict = result.output.last { $0.hasPrefix("PASS") } ?? ""
                print("labrun all \(pair.rawValue) \(options.joined()): \(verdict)")
            }
        }
    }
}

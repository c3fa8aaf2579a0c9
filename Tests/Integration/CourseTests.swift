import KeepalivedConfiguration
import LabCourse
import Labs
import NetnsKit
import NetnsTesting
import Testing
import Timeline

@Suite("Other people's files", .requiresNamespaces)
struct CourseTests {
    @Test("somebody's own values pass: priority 200, router 7, another address, no label")
    func otherValues() async throws {
        let file = try #require(Course.step("step3")?.files.first?.solved)
        let text = file.text.changing("priority 150", to: "priority 200")
            .changing("virtual_router_id 51", to: "virtual_router_id 7")
            .changing("192.168.1.100/24 dev eth0 label eth0:vip", to: "192.168.1.77/24")
            .changing("auth_pass secret12", to: "auth_pass hello")
        let own = SourceFile(file.path, text)
        for id in ["step3/master", "step3/restart", "step3/reload"] {
            try await expectPass(id, .ours, variant: .yours, files: [own])
        }
        let report = try await run("step3/master", .ours, variant: .yours, files: [own])
        let advertisement = report.checks.first { $0.title == "the advertisement says what the file says" }
        #expect(advertisement?.observed == "VRID 7, priority 200, password hello, TTL 255")
        // 3 s and 56/256 s.
        let start = try #require(report.checks.first { $0.title == "node1 becomes the master" }?.bound)
        #expect(start.lowerBound == .nanoseconds(3_216_750_000))
    }

    @Test(
        "the files that a step begins with do not pass", arguments: ["step3/master", "step4/nopreempt", "step5/calls"])
    func begun(_ id: String) async throws {
        let pair: Pair = Pair.hasKeepalived ? .keepalived : .ours
        let step = try #require(Course.step(String(id.prefix(5))))
        // vrrpd runs unquoted scripts, so of these only the second fails with it.
        guard pair == .keepalived || step.id == "step4" else { return }
        let report = try await run(id, pair, variant: .yours, files: step.files.map(\.begun))
        #expect(report.verdict == .fail, "\(report.drawn)")
    }

    @Test("files that are not there fail in one sentence")
    func missingFiles() async throws {
        let report = try await run("step4/check", .ours, variant: .yours, files: [])
        #expect(report.verdict == .fail)
        #expect(report.checks.map(\.title) == ["node1's configuration has an instance that can run"])
    }

    @Test("the published notify.sh passes as it is, with the files of step 4", arguments: [Pair.ours, .keepalived])
    func publishedScript(_ pair: Pair) async throws {
        guard Pair.available.contains(pair) else { return }
        let (four, five) = (try #require(Course.step("step4")), try #require(Course.step("step5")))
        let script = try #require(five.files.first { $0.role == .script }).begun
        try await expectPass("step5/calls", pair, variant: .yours, files: four.files.map(\.solved) + [script])
    }
}

@Suite("The published text against the wire", .requiresNamespaces)
struct ErrataCommandTests {
    @Test(
        "labrun errata finds every difference exactly as the course has it",
        arguments: [Implementation.keepalived, .ours])
    func errata(_ implementation: Implementation) async throws {
        guard Implementation.available.contains(implementation) else { return }
        let result = try #require(
            await Machine.run(
                "labrun", ["errata", "--daemon", implementation.rawValue, "-o", "/tmp/out"], within: .seconds(90)))
        #expect(result.succeeded, "\(result.lines.joined(separator: "\n"))")
        #expect(result.output.allSatisfy { $0.count <= 80 })
        let rows = result.output.filter { $0.hasPrefix("ok   E") }
        #expect(rows.count == Course.steps.flatMap(\.errata).count)
        let kinder = result.output.count { $0.contains("  wire  vrrpd: ") }
        #expect((kinder > 0) == (implementation == .ours))
    }

    @Test(
        "the text's claims fail, each with the figure that the wire has",
        arguments: [
            ("step2/dead-interval", "3.6"), ("step2/priority-255", "255 on the wire"),
            ("step4/nopreempt", "node1 took it back 3."), ("step4/check", "node1 still the master"),
            ("step4/unhealthy", "node1 still the master"), ("step4/systemctl", "the command: exit 1"),
        ])
    func contrasts(_ id: String, _ observed: String) async throws {
        let report = try await run(id, .ours, variant: .asWritten)
        let claim = try #require(report.checks.first { $0.contrast != nil }, "\(report.drawn)")
        #expect(claim.verdict == .fail)
        #expect(claim.contrast?.isAsCatalogued == true)
        #expect(claim.observed.hasPrefix(observed), "\(claim.observed)")
    }

    @Test("where keepalived is not installed, errata says so and exits with 4")
    func withoutKeepalived() async throws {
        let bare = Topology([
            NodeDescription(
                Machine.name, [], privateDirectories: NodeDescription.standardPrivateDirectories + ["/usr/sbin"],
                exposedPaths: Machine.topology.nodes[0].exposedPaths)
        ])
        let result = try #require(
            await Lab.run(bare) { lab in try await lab[Machine.name].run(Machine.program("labrun"), ["errata"]) })
        #expect(result.status == .exited(code: 4))
        #expect(result.lines.contains { $0.contains("keepalived is not installed") })
    }

    @Test("step2 with other values computes every bound anew")
    func knobs() async throws {
        let words = ["step2/stop", "--advert", "2", "--priority", "200,50", "-o", "/tmp/out"]
        let result = try #require(await Machine.run("labrun", words, within: .seconds(40)))
        #expect(result.succeeded, "\(result.lines.joined(separator: "\n"))")
        // The skew of priority 50: 206/256 s.
        #expect(result.lines.contains { $0.contains("node2 takes over") && $0.contains("(0.803..0.856 s)") })
    }

    @Test(
        "values out of range, and knobs for other steps, are usage errors",
        arguments: [
            ["step2", "--advert", "0"], ["step2", "--priority", "50,200"], ["step2", "--priority", "200"],
            ["step3", "--advert", "2"], ["step2", "--advert", "2", "--fast"],
        ])
    func badKnobs(_ words: [String]) async throws {
        let result = try #require(await Machine.run("labrun", words))
        #expect(result.status == .exited(code: 64), "\(result.lines)")
    }
}

extension String {
    /// The text with another in the place of a part that must be there.
    fileprivate func changing(_ part: String, to other: String) -> String {
        let parts = split(separator: part, omittingEmptySubsequences: false)
        #expect(parts.count > 1, "there is no '\(part)'")
        return parts.joined(separator: other)
    }
}

import NetnsKit
import NetnsTesting
import Testing
import Timeline

@Suite("labrun simulate", .requiresNamespaces)
struct SimulateCommandTests {
    @Test("one seed is drawn with what it chose, judged, and says how to see it again")
    func one() async throws {
        let result = try #require(await Machine.run("labrun", ["simulate", "--seed", "7", "--hosts", "3"]))
        #expect(result.succeeded, "\(result.lines.joined(separator: "\n"))")
        #expect(result.lines.first?.hasPrefix("seed 7, ") == true)
        #expect(result.lines.contains { $0.hasPrefix("     time  node1") && $0.contains("node3") })
        #expect(result.lines.contains { $0.contains(" advert ") })
        #expect(result.lines.last == "See it again: labrun simulate --seed 7 --duration 60 --hosts 3")
        #expect(result.lines.filter { $0.count > 80 } == [])
    }

    @Test("the same seed says the same, to the letter")
    func same() async throws {
        let words = ["simulate", "--seed", "11", "--mode", "liveness", "--schedule"]
        let first = try #require(await Machine.run("labrun", words))
        let second = try #require(await Machine.run("labrun", words))
        #expect(first.lines == second.lines)
        #expect(first.lines.contains("FaultSchedule(["))
        #expect(first.lines.contains { $0.hasSuffix("  start node1") })
    }

    @Test("many seeds are counted, with the situations that they reached")
    func many() async throws {
        let result = try #require(
            await Machine.run("labrun", ["simulate", "--seeds", "1...20", "--duration", "300"], within: .seconds(60)))
        #expect(result.succeeded, "\(result.lines.joined(separator: "\n"))")
        #expect(result.lines.contains { $0.hasSuffix("  a takeover after a crash") })
        #expect(result.lines.last?.hasPrefix("PASS  20 seeds, 1.7 h of virtual time, ") == true)
        #expect(result.lines.filter { $0.count > 80 } == [])
    }

    @Test(
        "no story, two at once, and numbers that make no sense are usage errors",
        arguments: [
            [], ["--seed", "1", "--seeds", "1...2"], ["--seeds", "5...1"], ["--seed", "1", "--hosts", "1"],
            ["--seed", "1", "--duration", "0"], ["--seed", "1", "--mode", "chaos"],
        ])
    func badOptions(_ options: [String]) async throws {
        let result = try #require(await Machine.run("labrun", ["simulate"] + options))
        #expect(result.status == .exited(code: 64))
    }
}

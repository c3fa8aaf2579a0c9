import Testing
import Timeline
import Wire

@testable import Labs

@Suite("Answers to a check in a row") struct StreakTests {
    private func timeline(_ answers: [(milliseconds: Int, status: Int)]) -> Timeline {
        Timeline(
            answers.map { time, status in
                TimelineEvent(
                    at: Instant.zero + .milliseconds(time), node: "node1",
                    .output(process: ServiceNetwork.process, stream: .standardOutput, line: "GET /health \(status)"))
            })
    }

    private func streak(_ answers: [(milliseconds: Int, status: Int)]) -> Int {
        timeline(answers).longestStreak(of: [200, 503], from: "node1", apart: .milliseconds(500))
    }

    @Test("Only answers that are equal and follow one another count together")
    func turns() {
        #expect(streak([]) == 0)
        #expect(streak([(0, 503), (1000, 503), (2000, 200), (3000, 200), (4000, 503)]) == 2)
        #expect(streak([(0, 503), (1000, 200), (2000, 200), (3000, 200), (4000, 503)]) == 3)
    }

    @Test("Questions of one run count once, and another node's not at all")
    func runs() {
        #expect(streak([(0, 200), (10, 200), (1000, 200), (1010, 200), (2000, 503)]) == 2)
        let other = timeline([(0, 200)]).longestStreak(of: [200], from: "node2", apart: .milliseconds(500))
        #expect(other == 0)
    }
}

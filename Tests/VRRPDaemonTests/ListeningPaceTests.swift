import Testing
import Wire

@testable import VRRPDaemon

@Suite("How often an interface is listened to")
struct ListeningPaceTests {
    private func pauses(every interval: Duration, rounds: Int) -> [Duration?] {
        var pace = ListeningPace()
        return (0..<rounds).map { round in
            let now = Instant(nanoseconds: 5_000_000_000) + interval * round
            return pace.hear(at: now).map { $0 - now }
        }
    }

    @Test("A thousand routers that advertise once a second on four interfaces are heard at once, every one")
    func sparse() {
        #expect(pauses(every: .milliseconds(4), rounds: 1000).allSatisfy { $0 == nil })
    }

    @Test("A burst of eight rounds is heard at once; from the ninth on a stream is heard a millisecond later")
    func stream() {
        let heard = pauses(every: .microseconds(20), rounds: 10)
        #expect(heard.prefix(8).allSatisfy { $0 == nil })
        #expect(heard.suffix(2) == [.milliseconds(1), .milliseconds(1)])
    }

    @Test("A stream stays one while each pause is followed by more, and ends with two milliseconds of silence")
    func end() {
        var pace = ListeningPace()
        var now = Instant(nanoseconds: 5_000_000_000)
        for _ in 0..<20 {
            now = now + .milliseconds(1)
            _ = pace.hear(at: now)
        }
        #expect(pace.hear(at: now + .microseconds(1_999)) != nil)
        #expect(pace.hear(at: now + .microseconds(3_999)) == nil)
    }
}

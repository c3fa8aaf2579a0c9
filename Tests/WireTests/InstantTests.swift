import Testing
import Wire

@Suite struct InstantTests {
    @Test("Adding a duration moves an instant by its nanoseconds")
    func addition() {
        let start = Instant(nanoseconds: 7)
        #expect((start + .milliseconds(1500)).nanoseconds == 1_500_000_007)
        #expect((start - .nanoseconds(8)).nanoseconds == -1)
        #expect(start.advanced(by: .seconds(-2)).nanoseconds == -1_999_999_993)
    }

    @Test("The difference of two instants has a sign")
    func difference() {
        let (early, late) = (Instant(nanoseconds: 1_000_000_000), Instant(nanoseconds: 4_609_375_000))
        #expect(late - early == .nanoseconds(3_609_375_000))
        #expect(early - late == .nanoseconds(-3_609_375_000))
        #expect(early.duration(to: late) == .microseconds(3_609_375))
    }

    @Test("Instants are ordered by time")
    func order() {
        #expect(Instant.zero < Instant(nanoseconds: 1))
        #expect(Instant(nanoseconds: -1) < .zero)
        #expect(Instant(nanoseconds: 5) == Instant(nanoseconds: 5))
    }

    @Test(
        "A duration counts whole nanoseconds",
        arguments: [
            (.zero, 0),
            (.seconds(3), 3_000_000_000),
            (.milliseconds(250), 250_000_000),
            (.milliseconds(-1500), -1_500_000_000),
            (.seconds(40) + .milliseconds(950), 40_950_000_000),
            (.seconds(9_223_372_036), 9_223_372_036_000_000_000),
            (Duration(secondsComponent: 0, attosecondsComponent: 1_999_999_999), 1),
            (Duration(secondsComponent: 0, attosecondsComponent: -1_999_999_999), -1),
        ] as [(Duration, Int64)])
    func wholeNanoseconds(duration: Duration, nanoseconds: Int64) {
        #expect(duration.nanoseconds == nanoseconds)
    }

    @Test("A duration in seconds keeps its fraction")
    func fraction() {
        #expect(Duration.milliseconds(250).inSeconds == 0.25)
        #expect(Duration.milliseconds(-1500).inSeconds == -1.5)
    }
}

import LabCourse
import Testing

@Suite struct ProtocolTimesTests {
    private let slow = ProtocolTimes()
    private let fast = ProtocolTimes(interval: .milliseconds(100), isVersion3: true)

    @Test(
        "VRRPv2 waits three intervals and a part of one second",
        arguments: [(100, 3_609_375_000), (150, 3_414_062_500)]
    )
    func version2(_ priority: Int, _ nanoseconds: Int64) {
        #expect(slow.masterDown(priority) == .nanoseconds(nanoseconds))
    }

    @Test("In VRRPv2 the skew is a part of one second, whatever the interval")
    func skew2() {
        #expect(slow.skew(100) == .nanoseconds(609_375_000))
        #expect(ProtocolTimes(interval: .seconds(5)).skew(100) == .nanoseconds(609_375_000))
        #expect(ProtocolTimes(interval: .seconds(5)).masterDown(100) == .nanoseconds(15_609_375_000))
    }

    @Test("In VRRPv3 the skew is a part of the interval")
    func skew3() {
        #expect(fast.skew(100) == .nanoseconds(60_937_500))
        #expect(fast.masterDown(100) == .nanoseconds(360_937_500))
    }

    @Test("The highest priority waits least: one part in 256")
    func ends() {
        #expect(slow.skew(255) == .nanoseconds(3_906_250))
        #expect(slow.skew(1) == .nanoseconds(996_093_750))
    }

    @Test("A bound begins two milliseconds early, and ends late by its slack")
    func bound() {
        #expect(slow.bound(.seconds(3)) == .nanoseconds(2_998_000_000)...(.nanoseconds(3_051_000_000)))
        #expect(
            slow.bound(.seconds(3), late: .milliseconds(250))
                == .nanoseconds(2_998_000_000)...(.nanoseconds(3_250_000_000)))
    }
}

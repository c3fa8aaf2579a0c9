import LabCourse
import LabReport
import Testing

@Suite struct DistributionTests {
    @Test("Of a hundred times the percentiles are those that a person would count, to a ten thousandth")
    func percentiles() throws {
        let seen = try Distribution((1...100).map { Double($0) / 10 })
        #expect(seen.count == 100 && seen.minimum == 0.1 && seen.maximum == 10)
        #expect(abs(seen.p50 - 5) < 0.0005 && abs(seen.p90 - 9) < 0.0009)
        #expect(abs(seen.mean - 5.05) < 1e-9)
    }

    @Test("One time is its own distribution, and nothing lies beyond the largest")
    func single() throws {
        let seen = try Distribution([3.6113])
        #expect(seen.p50 == 3.6113 && seen.p90 == 3.6113 && seen.maximum == 3.6113)
        #expect(try Distribution([0, 0]).p90 == 0)
        // A script may be called before its cause is seen on the wire.
        let early = try Distribution([-0.02, -0.01, 0.03])
        #expect(early.minimum == -0.02 && abs(early.p50 + 0.01) < 0.000_01 && early.maximum == 0.03)
    }

    @Test("What is no time of a lab is an error, not a trap", arguments: [-60.5, 3600.5, .infinity, .nan, -.infinity])
    func refused(_ value: Double) {
        #expect(throws: DistributionError.self) { try Distribution([1, value]) }
    }

    @Test("Nothing has no distribution")
    func empty() {
        #expect(throws: DistributionError.empty) { try Distribution([]) }
    }

    @Test("A plot shows where the times lie within their bound, and that some lie outside")
    func plot() {
        let lines = ValuePlot([3.607, 3.660, 3.660, 3.7], in: 3.607...3.660, mark: 3.609).lines
        let gap = String(repeating: " ", count: 58)
        #expect(
            lines == [
                "       " + gap + " *", "       *" + gap + "*",
                "3.607 |--^" + String(repeating: "-", count: 57) + "> 3.660",
            ])
        let many = ValuePlot(Array(repeating: 1, count: 1000), in: 0...2).lines
        #expect(many.count == 7 && many.allSatisfy { $0.count <= 80 })
        #expect(ValuePlot([1], in: 1...1).lines.count == 2)
    }

    @Test("A mean that is late is said, also when every time is within its bound")
    func lateness() {
        let late = MeasurementSeries(title: "takes over", checks: [3.632, 3.640].map { Self.check($0) })
        #expect(late.complaints == ["the mean is 0.027 s late; 0.020 s would do"])
        let good = MeasurementSeries(title: "takes over", checks: [3.610, 3.612].map { Self.check($0) })
        #expect(good.complaints == [])
        #expect(good.theory == "3.609 s: T")
    }

    @Test("A time outside the bound is said with its distance")
    func outside() {
        let series = MeasurementSeries(title: "takes over", checks: [3.610, 3.760].map { Self.check($0) })
        #expect(series.complaints.first == "1 time is outside the bound; the worst, 3.760 s, by 0.100 s")
    }

    @Test("Where chance decides, the mean may be off by three standard errors")
    func uniform() throws {
        let theory = Theory(uniform: .milliseconds(2609)...(.milliseconds(3609)), "by chance")
        let series = { (values: [Double]) in
            MeasurementSeries(title: "t", checks: values.map { Self.check($0, theory) })
        }
        // The standard deviation is 0.289 s; of twelve times the mean's is a twelfth of that by the root: 0.083 s.
        let allowed = try #require(Deviation(series(Array(repeating: 3.36, count: 12))))
        #expect(abs(allowed.tolerance - 0.27) < 0.0001 && !allowed.isTooLarge)
        let excessive = try #require(Deviation(series(Array(repeating: 3.4, count: 12))))
        #expect(excessive.isTooLarge)
        #expect(series([2.7]).theory == "2.609..3.609 s, every value as likely: by chance")
    }

    @Test("A table of runs has 80 columns: k of n, the figures, the bound")
    func table() {
        let document = RunDocument.sample(
            [3.610, 3.612, 3.640].enumerated().map { number, value in
                var check = Self.check(value)
                check.id = "step4/preempt-delay"
                return .sample("step4/preempt-delay", [check], repetition: number + 1)
            })
        let lines = RepetitionTable(document).lines
        #expect(
            lines == [
                "        SCENARIO               PASSED   MIN    P50    P90    MAX    BOUND",
                "  ok    step4/preempt-delay    3/3      3.610  3.612  3.640  3.640  3.607..3.660",
            ])
        #expect((lines + RepetitionTable(document).details).allSatisfy { $0.count <= 80 })
    }

    static func check(_ value: Double, _ theory: Theory = Theory(exactly: .milliseconds(3609), "T")) -> CheckRecord {
        let isWithin = (3.607...3.660).contains(value)
        var check = CheckRecord.sample(
            "takes over", isWithin ? .pass : .fail, measured: value, bound: [3.607, 3.660])
        check.theory = theory
        return check
    }
}

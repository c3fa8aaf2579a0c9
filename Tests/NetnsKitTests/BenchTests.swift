import NetnsKit
import NetnsTesting
import Testing

@testable import netnsbench

@Suite("The benchmark of labs") struct BenchTests {
    @Test("The median of an even number of runs lies between the two in the middle")
    func medians() {
        #expect(Sample([3.0, 1, 2]).median == 2)
        #expect(Sample([4.0, 1, 2, 3]).median == 2.5)
        #expect(Sample([7.0]).median == 7)
        #expect(Sample([Double]()).median.isNaN)
    }

    @Test("A quantile is a value that was measured")
    func quantiles() {
        let sample = Sample((1...200).map(Double.init))
        #expect(sample.quantile(0.99) == 198)
        #expect(sample.quantile(0.5) == 100)
        #expect(sample.quantile(0) == 1)
        #expect(sample.quantile(1) == 200)
    }

    @Test("Numbers show three digits that count")
    func numbers() {
        #expect(
            [0.004, 1.005, 9.999, 10.05, 99.96, 123.4, -2.5].map(Sample.short) == [
                "0.00", "1.00", "10.00", "10.1", "100.0", "123", "-2.50",
            ])
        #expect(Sample.short(.nan) == "-")
        #expect(
            Sample([Duration.milliseconds(3), .milliseconds(1)], in: .milliseconds(1)).text == "2.00 (1.00...3.00)")
    }

    @Test("Columns are as wide as what stands in them")
    func tables() {
        var table = Table(head: ["a", "b"])
        table.rows = [["long", "1"], ["x", "1234"]]
        #expect(table.text == "a        b\nlong     1\nx     1234")
    }

    @Test("Two nodes by the raw limit and by this library go up and away", .requiresNamespaces)
    func smoke() async throws {
        for contestant in [RawLimit(), OwnLab(isolation: .network), OwnLab(isolation: .full)] as [any Contestant] {
            let round = try await contestant.round(of: 2)
            #expect(round.up > .zero && round.up < .seconds(5), "\(contestant.name): \(round)")
            #expect(round.returned < .seconds(2), "\(contestant.name): \(round)")
            #expect(try #require(round.gone) < .seconds(8), "\(contestant.name): \(round)")
        }
    }
}

import Chance
import Testing
import Wire

/// Impairments are checked before they harm anybody, and print as the code that makes them.
@Suite struct ImpairmentTests {
    @Test("an impairment prints as the Swift that makes it, without what goes without saying")
    func description() {
        #expect("\(Impairment(loss: 0.1))" == "Impairment(loss: 0.1)")
        #expect(
            "\(Impairment(loss: 1, on: .nth([7, 3], .vrrp)))" == "Impairment(loss: 1.0, on: .nth([3, 7], .vrrp))")
        #expect(
            "\(Impairment(delay: .milliseconds(20), jitter: .microseconds(1500), on: .except(.arp)))"
                == "Impairment(delay: .milliseconds(20), jitter: .microseconds(1500), on: .except(.arp))")
        let all = Impairment(
            loss: 0.5, delay: .seconds(2), jitter: .nanoseconds(1_000_001), duplication: 0.25, reordering: 0.125,
            patience: .milliseconds(7), corruption: 1e-05, rate: 1_000_000, queue: 3000, on: .only(.neighborDiscovery))
        #expect(
            "\(all)" == "Impairment(loss: 0.5, delay: .seconds(2), jitter: .nanoseconds(1000001), duplication: 0.25, "
                + "reordering: 0.125, patience: .milliseconds(7), corruption: 1e-05, rate: 1000000, queue: 3000, "
                + "on: .only(.neighborDiscovery))")
    }

    @Test(
        "what cannot be meant is refused with its name",
        arguments: [
            (Impairment(loss: 1.1), ImpairmentError.badShare("loss", 1.1)),
            (Impairment(duplication: -0.1), .badShare("duplication", -0.1)),
            (Impairment(reordering: .infinity), .badShare("reordering", .infinity)),
            (Impairment(corruption: 2), .badShare("corruption", 2)),
            (Impairment(delay: .seconds(-1)), .badLength("delay", .seconds(-1))),
            (Impairment(delay: .seconds(3601)), .badLength("delay", .seconds(3601))),
            (Impairment(delay: .seconds(1), jitter: .seconds(2)), .jitterBeyondDelay(.seconds(2), .seconds(1))),
            (Impairment(reordering: 1, patience: .seconds(-1)), .badLength("patience", .seconds(-1))),
            (Impairment(rate: 0), .badRate(0)),
            (Impairment(rate: 1, queue: 0), .badQueue(0)),
            (Impairment(loss: 1, on: .nth([], .arp)), .badOrdinals([])),
            (Impairment(loss: 1, on: .nth([0, 1], .arp)), .badOrdinals([0, 1])),
            (Impairment(), .harmless),
        ])
    func refusals(impairment: Impairment, error: ImpairmentError) {
        #expect(throws: error) { try impairment.validate() }
    }

    @Test("a share that is no number is refused, and the ends of every range are not")
    func borders() throws {
        #expect(throws: ImpairmentError.self) { try Impairment(loss: .nan).validate() }
        try Impairment(loss: 1).validate()
        try Impairment(delay: .seconds(1), jitter: .seconds(1), patience: .zero, on: .nth([1], .arp)).validate()
        try Impairment(rate: 1, queue: 1).validate()
    }
}

import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("What programs cost over time", .requiresNamespaces)
struct UsageTests {
    @Test("a busy program uses its processor and an idle one does not")
    func busyAndIdle() async throws {
        let topology = Topology([NodeDescription("node1", [])])
        try await Lab.run(topology) { lab in
            let node = lab["node1"]
            let busy = try node.start("/bin/sh", ["-c", "while :; do :; done"], as: "busy")
            let idle = try node.start("/bin/sleep", ["1000"], as: "idle")
            let samplers = try [busy, idle].map { try node.sampleUsage(of: $0, every: .milliseconds(50)) }
            let begin = lab.step("sampling")
            // The stall sampler's clock goes on when nothing happens.
            try await lab.expectNever("an end", for: .seconds(1), since: begin) { event in
                if case .exited = event.kind { true } else { false }
            }
            let series = samplers.map(\.series)
            for samples in series.map(\.samples) {
                #expect(samples.count >= 2)
                #expect(zip(samples, samples.dropFirst()).allSatisfy { $1.time - $0.time >= .milliseconds(25) })
            }
            let shares = try series.map { try #require($0.meanProcessorShare) }
            // Its processor is shared with everything else on this machine, but it never waits.
            #expect(shares[0] > 0.02)
            #expect(shares[0] <= 1.1)
            #expect(shares[1] < 0.02)
            #expect(try #require(series[0].peakProcessorShare) >= shares[0])
            #expect(series[1].peakResidentMemory > 100_000)
            #expect(series[1].peakDescriptors >= 3)
            samplers[0].stop()
            let count = samplers[0].series.samples.count
            try await lab.expectNever("an end", for: .milliseconds(150), since: lab.step("stopped")) { event in
                if case .exited = event.kind { true } else { false }
            }
            #expect(samplers[0].series.samples.count == count)
        }
    }
}

@Suite("Series of usage")
struct UsageSeriesTests {
    @Test("shares are counted between samples, and an end that takes time with it is no negative share")
    func shares() throws {
        let series = UsageSeries(
            [(0, 0, 5), (100, 50, 9), (200, 150, 7), (300, 100, 6)].map { milliseconds, processor, descriptors in
                UsageSeries.Sample(
                    time: Instant(nanoseconds: milliseconds * 1_000_000),
                    usage: ProcessUsage(
                        processes: 1, processorTime: .milliseconds(processor), residentMemory: 1000,
                        descriptors: descriptors))
            })
        #expect(series.processorShares.map(\.share) == [0.5, 1, 0])
        #expect(series.peakProcessorShare == 1)
        #expect(series.meanProcessorShare == 0.5)
        #expect(series.peakDescriptors == 9)
        #expect(UsageSeries().meanProcessorShare == nil)
    }
}

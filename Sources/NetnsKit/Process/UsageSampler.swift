import LinuxSystem
import Synchronization
import Wire

/// What a program has cost, again and again.
public struct UsageSeries: Hashable, Sendable {
    /// One look at a program and its descendants.
    public struct Sample: Hashable, Sendable {
        /// When the look was taken, on the lab's clock.
        public var time: Instant
        /// What the program and its descendants had used by then.
        public var usage: ProcessUsage

        /// Puts a time to a reading.
        public init(time: Instant, usage: ProcessUsage) {
            self.time = time
            self.usage = usage
        }
    }

    /// In the order of time.
    public private(set) var samples: [Sample]

    /// Begins with samples that are in the order of time.
    public init(_ samples: [Sample] = []) {
        self.samples = samples
    }

    /// Between each sample and the next: when it was, and how much of one processor was used, 1 for all of it.
    ///
    /// A process that ends takes its time with it, so a share is never less than nothing, but may be too small.
    public var processorShares: [(end: Instant, share: Double)] {
        zip(samples, samples.dropFirst()).map { before, after in
            let used = max(after.usage.processorTime - before.usage.processorTime, .zero)
            return (after.time, used / (after.time - before.time))
        }
    }

    /// Of one processor, over the whole series; nil before the second sample.
    public var meanProcessorShare: Double? {
        guard let first = samples.first, let last = samples.last, last.time > first.time else { return nil }
        let used = zip(samples, samples.dropFirst()).map { before, after in
            max(after.usage.processorTime - before.usage.processorTime, .zero)
        }
        return used.reduce(.zero, +) / (last.time - first.time)
    }

    /// The largest share of one processor between two samples; nil before the second sample.
    public var peakProcessorShare: Double? { processorShares.map(\.share).max() }
    /// In octets.
    public var peakResidentMemory: Int { samples.map(\.usage.residentMemory).max() ?? 0 }
    /// The most open files.
    public var peakDescriptors: Int { samples.map(\.usage.descriptors).max() ?? 0 }

    /// Adds a sample; one of the same moment as the last says nothing about a share, and is dropped.
    mutating func append(_ sample: Sample, spacing: Duration) {
        if let last = samples.last, sample.time < last.time + spacing { return }
        samples.append(sample)
    }
}

/// Looks at what a program costs at a steady pace, until it is stopped, the program ends, or the lab does.
public final class UsageSampler: Sendable {
    private let pacer: Pacer
    private let collected: SeriesBox

    fileprivate init(_ pacer: Pacer, _ collected: SeriesBox) {
        self.pacer = pacer
        self.collected = collected
    }

    /// What was seen until now.
    public var series: UsageSeries { collected.series.withLock { $0 } }

    /// Looks no more; the series stays.
    public func stop() { pacer.stop() }
}

/// Where the pacer's thread leaves what others read.
private final class SeriesBox: Sendable {
    let series = Mutex(UsageSeries())
}

extension Node {
    /// Samples what a program of this node and its descendants use.
    ///
    /// - Parameters:
    ///   - process: one of this node.
    ///   - interval: from one sample to the next. A sample of a small program costs some 100 microseconds.
    public func sampleUsage(
        of process: NodeProcess, every interval: Duration = .milliseconds(100)
    ) throws(LabError) -> UsageSampler {
        let box = SeriesBox()
        let pacer = try translated { () throws(SystemError) in
            try Pacer(named: "lab-usage", every: interval) { _ in
                guard process.isRunning else { return }
                let sample = UsageSeries.Sample(time: MonotonicClock.now, usage: process.usage)
                // What a host that stood still has missed is asked for at once, and would all be the same.
                box.series.withLock { $0.append(sample, spacing: interval / 2) }
            }
        }
        keep(pacer)
        return UsageSampler(pacer, box)
    }
}

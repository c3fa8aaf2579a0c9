import Chance
import Wire

/// Draws a schedule from a seed: which host, which fault, when and for how long, measured in advertisement intervals.
struct FaultGenerator {
    private let scenario: Scenario
    private var generator: SeededGenerator
    private var entries: [FaultSchedule.Entry] = []
    /// Until when something befalls a host, so that one fault at a time does.
    private var busyUntil: [Duration]
    /// The mean time between two faults, as a multiple of the interval.
    private let pace: Int

    init(_ scenario: Scenario, _ generator: SeededGenerator) {
        self.scenario = scenario
        self.generator = generator
        busyUntil = Array(repeating: .zero, count: scenario.hostCount)
        pace = self.generator.element(of: [2, 5, 10, 25])
    }

    /// Daemons start, and faults come until the end; in liveness mode they pause again and again until all is settled.
    mutating func schedule() -> FaultSchedule {
        let startsTogether = generator.isHit(percent: 30)
        for host in 1...scenario.hostCount {
            let time = startsTogether ? .zero : draw(0...4000)
            add(time, .start(host))
            busyUntil[host - 1] = time + scenario.interval
        }
        var time = scenario.interval * 5
        let quiet = scenario.settlingTime * 2 + scenario.interval * 4
        while time < scenario.duration {
            switch scenario.mode {
            case .safety:
                addFaults(time, until: scenario.duration)
                time = scenario.duration
            case .liveness:
                let end = time + draw(4000...30_000)
                addFaults(time, until: end)
                heal(at: end)
                time = end + quiet
            }
        }
        return FaultSchedule(entries.filter { $0.time <= scenario.duration })
    }

    /// A length in thousandths of the interval, cut to whole milliseconds.
    private mutating func draw(_ range: ClosedRange<Int>) -> Duration {
        let length = scenario.interval * generator.number(in: range) / 1000
        return .milliseconds(max(length.nanoseconds / 1_000_000, 1))
    }

    /// Most faults pass before a backup notices, many last until all have noticed.
    private mutating func drawLength() -> Duration {
        switch generator.number(in: 0...9) {
        case 0...2: draw(20...1000)
        case 3...5: draw(1000...4000)
        case 6...8: draw(4000...10_000)
        default: draw(10_000...25_000)
        }
    }

    private mutating func add(_ time: Duration, _ fault: SimulatedFault) {
        entries.append(FaultSchedule.Entry(time, fault))
    }

    private mutating func addFaults(_ start: Duration, until end: Duration) {
        var time = start
        while true {
            time = time + draw(1...2000 * pace)
            guard time < end, !scenario.kinds.isEmpty else { return }
            addFault(generator.element(of: scenario.kinds), time, until: end)
        }
    }

    private mutating func addFault(_ kind: FaultKind, _ time: Duration, until limit: Duration) {
        let host = generator.number(in: 1...scenario.hostCount)
        let other = (host + generator.number(in: 0...scenario.hostCount - 2)) % scenario.hostCount + 1
        let end = min(time + drawLength(), limit)
        switch kind {
        case .crash: addFault(.crash(host), .start(host), at: host, time, end)
        case .kill: addFault(.kill(host), .start(host), at: host, time, end)
        case .stop: addFault(.stop(host), .start(host), at: host, time, end)
        case .pause: addFault(.pause(host), .resume(host), at: host, time, end)
        case .unplug: addFault(.unplug(host), .plug(host), at: host, time, end)
        case .deafness: addCuts([(host, other)], time, end)
        case .cut: addCuts([(host, other), (other, host)], time, end)
        case .split:
            let hosts = HostSet(rawValue: UInt8(generator.number(in: 1...(1 << scenario.hostCount) - 2)))
            add(time, .split(hosts))
            add(end, .mendAll)
        case .noise:
            var quality = scenario.quality
            quality.lossPercent = generator.element(of: [0, 2, 10, 30, 60, 90])
            quality.duplicationPercent = generator.element(of: [0, 20, 100])
            add(time, .quality(quality))
            add(end, .quality(scenario.quality))
        case .reload:
            add(time, .priority(host, generator.element(of: Scenario.customaryPriorities)))
        }
    }

    private mutating func addFault(
        _ fault: SimulatedFault, _ remedy: SimulatedFault, at host: Int, _ time: Duration, _ end: Duration
    ) {
        guard busyUntil[host - 1] < time else { return }
        busyUntil[host - 1] = end
        add(time, fault)
        add(end, remedy)
    }

    private mutating func addCuts(_ ways: [(Int, Int)], _ time: Duration, _ end: Duration) {
        for (sender, receiver) in ways {
            add(time, .cut(from: sender, to: receiver))
            add(end, .mend(from: sender, to: receiver))
        }
    }

    /// Everything is well again, or one host is down for as long as the others are watched.
    private mutating func heal(at time: Duration) {
        add(time, .mendAll)
        add(time, .quality(scenario.quality))
        guard scenario.hostCount > 2, generator.isHit(percent: 30), scenario.kinds.contains(.crash) else { return }
        let host = generator.number(in: 1...scenario.hostCount)
        let end = time + scenario.settlingTime * 2 + scenario.interval * 4
        // Not at the moment at which the host's own trouble ends.
        add(time + .milliseconds(1), .crash(host))
        add(end, .start(host))
        busyUntil[host - 1] = end
    }
}

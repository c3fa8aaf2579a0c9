import Timeline
import Wire

/// A played story, cut where something changes: who had the address, who was a master, and under what circumstances.
public struct History: Sendable {
    /// A time in which nobody gained or lost anything.
    struct Era: Hashable, Sendable {
        var from: Instant
        /// Hosts whose kernel had the address.
        var owners: HostSet = []
        /// Hosts whose router said that it is the master, and has not said otherwise.
        var masters: HostSet = []
        /// The position of the circumstances in `stretches`.
        var stretch: Int
    }

    /// A time without a fault.
    struct Stretch: Hashable, Sendable {
        var from: Instant
        var until: Instant
        var circumstances: Circumstances
        /// The faults that began it.
        var causes: [SimulatedFault]
        /// The position of its first era.
        var firstEra: Int
    }

    public let scenario: Scenario
    let end: Instant
    private(set) var eras: [Era] = []
    private(set) var stretches: [Stretch] = []
    let latency: Duration
    let settlingTime: Duration

    /// Reads a timeline of a scenario, up to an instant.
    public init(_ timeline: Timeline, of scenario: Scenario, until end: Instant) {
        self.scenario = scenario
        self.end = end
        latency = scenario.latency
        settlingTime = scenario.settlingTime
        var circumstances = Circumstances(priorities: scenario.priorities, quality: scenario.quality)
        stretches = [Stretch(from: .zero, until: end, circumstances: circumstances, causes: [], firstEra: 0)]
        eras = [Era(from: .zero, stretch: 0)]
        var faults = scenario.schedule.entries[...]
        for event in timeline where event.time <= end {
            while let fault = faults.first, fault.instant <= event.time {
                faults.removeFirst()
                note(fault, &circumstances)
            }
            note(event)
        }
        for fault in faults where fault.instant <= end { note(fault, &circumstances) }
    }

    private mutating func note(_ fault: FaultSchedule.Entry, _ circumstances: inout Circumstances) {
        guard circumstances.apply(fault.fault) else { return }
        let time = fault.instant
        let last = stretches.count - 1
        if stretches[last].from == time {
            stretches[last].circumstances = circumstances
            stretches[last].causes.append(fault.fault)
        } else {
            stretches[last].until = time
            let position = eras[eras.count - 1].from == time ? eras.count - 1 : eras.count
            stretches.append(
                Stretch(
                    from: time, until: end, circumstances: circumstances, causes: [fault.fault], firstEra: position))
            change(at: time) { $0.stretch = last + 1 }
        }
    }

    private mutating func note(_ event: TimelineEvent) {
        guard let node = event.node, let number = node.last?.wholeNumberValue else { return }
        let host = HostSet.host(number)
        switch event.kind {
        case .addressAdded: change(at: event.time) { $0.owners.insert(host) }
        case .addressRemoved: change(at: event.time) { $0.owners.remove(host) }
        case .vanished:
            change(at: event.time) {
                $0.owners.remove(host)
                $0.masters.remove(host)
            }
        case .exited: change(at: event.time) { $0.masters.remove(host) }
        case .output(_, _, let line): note(line.split(separator: " "), of: host, at: event.time)
        case .frame, .impaired, .link, .routeAdded, .routeRemoved, .neighbor, .forwarding, .started, .request, .crashed,
            .fault, .healed, .step, .verdict, .stall, .lost:
            return
        }
    }

    private mutating func note(_ words: [Substring], of host: HostSet, at time: Instant) {
        guard words.count == 4, words[0] == "INSTANCE" else { return }
        switch words[2] {
        case "MASTER": change(at: time) { $0.masters.insert(host) }
        case "BACKUP", "FAULT", "STOP", "DELETED": change(at: time) { $0.masters.remove(host) }
        default: return
        }
    }

    /// What happens at one moment is one change, unless somebody gives back at once what was gained: that is seen.
    private mutating func change(at time: Instant, _ change: (inout Era) -> Void) {
        var era = eras[eras.count - 1]
        change(&era)
        guard era != eras[eras.count - 1] else { return }
        let kept = eras.dropLast().last?.owners ?? []
        let isGivenBack = !eras[eras.count - 1].owners.subtracting(era.owners).subtracting(kept).isEmpty
        if era.from == time, !isGivenBack {
            eras[eras.count - 1] = era
        } else {
            era.from = time
            eras.append(era)
        }
    }
}

// MARK: - Looking

extension History {
    func end(ofEra position: Int) -> Instant {
        position + 1 < eras.count ? eras[position + 1].from : end
    }

    func circumstances(ofEra position: Int) -> Circumstances {
        stretches[eras[position].stretch].circumstances
    }

    /// The position of the era that an instant lies in.
    func era(at time: Instant) -> Int {
        var (low, high) = (0, eras.count)
        while low < high {
            let middle = (low + high) / 2
            if eras[middle].from > time { high = middle } else { low = middle + 1 }
        }
        return max(low - 1, 0)
    }

    /// The positions of the eras that a time touches.
    func eras(from start: Instant, until end: Instant) -> Range<Int> {
        var last = era(at: start) + 1
        let first = last - 1
        while last < eras.count, eras[last].from < end { last += 1 }
        return first..<last
    }

    /// Whether something held of the circumstances during a whole time; false for what lies before the beginning.
    func held(from start: Instant, until end: Instant, _ condition: (Circumstances) -> Bool) -> Bool {
        guard start >= .zero else { return false }
        var position = eras[era(at: end)].stretch
        while true {
            guard condition(stretches[position].circumstances) else { return false }
            guard position > 0, stretches[position].from > start else { return true }
            position -= 1
        }
    }

    /// Whether exactly these hosts had the address during a whole time; false for what lies before the beginning.
    func owned(by owners: HostSet, from start: Instant, until end: Instant) -> Bool {
        guard start >= .zero else { return false }
        return eras(from: start, until: end).allSatisfy { eras[$0].owners == owners }
    }
}

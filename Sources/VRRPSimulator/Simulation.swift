import Chance
import Timeline
import VRRPCore
import Wire

/// A scenario being played: the clock, what is in flight, and the hosts.
///
/// Time jumps from one thing to the next. What is due at one moment comes in the order that vrrpd keeps: faults, then
/// frames, then deadlines. Nothing in here is random that the seed did not decide.
public struct Simulation: Sendable {
    public let scenario: Scenario
    public private(set) var now = Instant.zero
    /// Everything but frames, and frames where they were asked for.
    public internal(set) var timeline = Timeline()
    public internal(set) var trace = TraceHash()
    /// How many events routers were told.
    public private(set) var eventCount = 0

    var segment: SimulatedSegment
    var hosts: [SimulatedHost]
    private(set) var circumstances: Circumstances
    private var nextFault = 0
    let behaviors: [HostBehavior]
    let recorder: FrameRecorder
    /// Octets that reach every running host although nobody of the story sent them, and when the next come.
    private var intruder: Intruder?

    /// Ready to be played, with nothing yet done.
    ///
    /// Frames are written into the timeline in the given windows only: an hour has some ten thousand. A defect
    /// may be planted in hosts, by their numbers.
    public init(
        _ scenario: Scenario, recordingFramesIn windows: [ClosedRange<Instant>] = [],
        defects: [Int: HostBehavior] = [:], intruder: Intruder? = nil
    ) {
        self.scenario = scenario
        self.intruder = intruder
        recorder = FrameRecorder(windows: windows)
        var generator = SeededGenerator(seed: scenario.seed)
        segment = SimulatedSegment(hosts: scenario.hostCount, generator.fork())
        hosts = (1...scenario.hostCount).map { SimulatedHost(number: $0, generator.fork()) }
        behaviors = (1...scenario.hostCount).map { defects[$0] ?? HostBehavior() }
        circumstances = Circumstances(priorities: scenario.priorities, quality: scenario.quality)
    }

    /// Plays to the end of the scenario.
    public mutating func run() {
        run(until: Instant.zero + scenario.duration)
    }

    /// Plays everything up to an instant, that instant included.
    public mutating func run(until end: Instant) {
        while let time = nextTime, time <= end {
            now = max(time, now)
            if let entry = scenario.schedule.entries[safe: nextFault], entry.instant <= now {
                nextFault += 1
                befall(entry.fault)
            } else if let arrival = segment.nextArrival, arrival <= now {
                if let flight = segment.receive() { deliver(flight) }
            } else if let time = intruder?.nextTime, time <= now {
                intrude()
            } else {
                serveDeadlines()
            }
        }
        now = max(now, end)
    }

    private var nextTime: Instant? {
        var next = segment.nextArrival
        let consider = { (time: Instant?) in
            if let time { next = next.map { min($0, time) } ?? time }
        }
        consider(scenario.schedule.entries[safe: nextFault]?.instant)
        consider(intruder?.nextTime)
        for host in hosts where !circumstances.paused.includes(host.number) { consider(host.wakeAt) }
        return next
    }
}

// MARK: - What happens to hosts

extension Simulation {
    private mutating func serveDeadlines() {
        for index in hosts.indices where !circumstances.paused.includes(index + 1) {
            guard let wake = hosts[index].wakeAt, wake <= now else { continue }
            tell(index, .deadline)
            hosts[index].postponeWake(served: now)
        }
    }

    private mutating func deliver(_ flight: SimulatedSegment.Flight) {
        let host = HostSet.host(flight.receiver)
        guard circumstances.running.contains(host), !circumstances.unplugged.contains(host) else { return }
        let index = flight.receiver - 1
        if recorder.records(now) {
            let octets = FrameRecorder.frame(of: flight.datagram, from: flight.sender)
            timeline.append(recorder.event(octets, .received, at: now, node: hosts[index].name))
        }
        trace.add(now, flight.receiver, 1)
        if circumstances.paused.contains(host) {
            hosts[index].socket.append(flight.datagram)
        } else {
            tell(index, .datagram(flight.datagram))
        }
    }

    private mutating func intrude() {
        guard var intruder else { return }
        let datagram = intruder.next(scenario)
        self.intruder = intruder
        for index in hosts.indices where circumstances.live.includes(index + 1) {
            tell(index, .datagram(datagram))
        }
    }

    private mutating func befall(_ fault: SimulatedFault) {
        guard circumstances.apply(fault) else { return }
        if let announcement = fault.announcement { timeline.append(TimelineEvent(at: now, announcement)) }
        switch fault {
        case .start(let host): start(host - 1)
        case .stop(let host):
            tell(host - 1, .stop)
            end(host - 1, .exited(process: Self.process, .exited(code: 0)))
        case .crash(let host):
            hosts[host - 1].hasAddress = false
            end(host - 1, .vanished)
        case .kill(let host): end(host - 1, .exited(process: Self.process, .signaled(number: 9)))
        case .pause, .cut, .mend, .split, .mendAll, .quality: break
        case .resume(let host): resume(host - 1)
        case .unplug(let host), .plug(let host):
            let isUp = !circumstances.unplugged.includes(host)
            note(host - 1, .link(interface: Scenario.interface, isUp: isUp))
            tellNews(host - 1)
        case .priority(let host, _): tellNews(host - 1)
        }
    }

    static let process = "vrrpd"

    private mutating func start(_ index: Int) {
        let priority = circumstances.priorities[index]
        note(index, .started(process: Self.process, arguments: [Self.process]))
        hosts[index].load(scenario.configuration(of: index + 1, priority: priority), priority: priority)
        tell(index, .interface(Scenario.interface, state(of: index)))
        tell(index, .start)
    }

    private mutating func end(_ index: Int, _ kind: TimelineEvent.Kind) {
        hosts[index].end()
        note(index, kind)
    }

    /// As a round of vrrpd: what the kernel reported, what waits in the socket, and only then the time.
    private mutating func resume(_ index: Int) {
        tellNews(index)
        if !behaviors[index].drainsSocketFirst { tell(index, .deadline) }
        let waiting = hosts[index].socket
        hosts[index].socket = []
        for datagram in waiting { tell(index, .datagram(datagram)) }
    }

    /// A daemon that goes on learns at once what changed around it.
    private mutating func tellNews(_ index: Int) {
        let host = HostSet.host(index + 1)
        guard circumstances.running.contains(host), !circumstances.paused.contains(host) else { return }
        let state = state(of: index)
        if hosts[index].toldCarrier != state.isUp { tell(index, .interface(Scenario.interface, state)) }
        let priority = circumstances.priorities[index]
        guard hosts[index].toldPriority != priority, behaviors[index].reloads else { return }
        let told = scenario.configuration(of: index + 1, priority: priority)
        perform(hosts[index].reload(told, priority: priority, at: now), at: index)
    }

    private func state(of index: Int) -> InterfaceState {
        hosts[index].interfaceState(carrier: !circumstances.unplugged.includes(index + 1))
    }

    private mutating func tell(_ index: Int, _ event: RouterEvent) {
        let behavior = behaviors[index]
        for event in behavior.hears?(event) ?? [event] {
            eventCount += 1
            perform(hosts[index].handle(event, at: now), at: index)
        }
        hosts[index].chooseWake(lateness: scenario.timerLateness, delay: behavior.timerDelay)
    }
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? {
        index < count ? self[index] : nil
    }
}

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
    public private(set) var timeline = Timeline()
    public private(set) var trace = TraceHash()
    /// How many events routers were told.
    public private(set) var eventCount = 0

    private(set) var segment: SimulatedSegment
    private var hosts: [SimulatedHost]
    private var circumstances: Circumstances
    private var nextFault = 0
    private let behaviors: [HostBehavior]
    private let recorder: FrameRecorder
    /// Octets that reach every running host although nobody of the story sent them, and when the next come.
    private var intruder: Intruder?

    /// Ready to be played, with nothing yet done.
    ///
    /// Frames are written into the timeline in the given windows only: an hour has a million. A defect may be planted
    /// in hosts, by their numbers.
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

    private static let process = "vrrpd"

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

// MARK: - What hosts do

extension Simulation {
    private mutating func perform(_ actions: [RouterAction], at index: Int) {
        for action in behaviors[index].performs.map({ actions.flatMap($0) }) ?? actions {
            switch action {
            case .transmit(let transmission): transmit(transmission, from: index)
            case .install: setAddress(true, at: index)
            case .remove: setAddress(false, at: index)
            case .announce(_, let count, _): announce(count, from: index)
            case .transition(let transition): write(transition, at: index)
            case .announceSource, .installRoutes, .removeRoutes, .shield, .unshield, .log: break
            }
        }
    }

    private mutating func transmit(_ transmission: Transmission, from index: Int) {
        guard !circumstances.unplugged.includes(index + 1) else { return }
        for (destination, payload) in zip(transmission.destinations, transmission.payloads) {
            let datagram = Datagram(
                interface: Scenario.interface, source: transmission.source, destination: destination,
                hopLimit: transmission.hopLimit ?? 64, payload: payload)
            trace.add(now, index + 1, 2, UInt64(payload[2]))
            if recorder.records(now) {
                let octets = FrameRecorder.frame(of: datagram, from: index + 1)
                timeline.append(recorder.event(octets, .sent, at: now, node: hosts[index].name))
            }
            segment.send(datagram, from: index + 1, at: now, circumstances)
        }
    }

    private mutating func setAddress(_ isPresent: Bool, at index: Int) {
        guard hosts[index].hasAddress != isPresent else { return }
        hosts[index].hasAddress = isPresent
        trace.add(now, index + 1, isPresent ? 3 : 4)
        let prefix = IPPrefix(host: Scenario.address)
        note(
            index,
            isPresent
                ? .addressAdded(prefix, interface: Scenario.interface)
                : .addressRemoved(prefix, interface: Scenario.interface))
    }

    /// Announcements mean nothing to routers: they are written down where frames are, with everybody they reach.
    private mutating func announce(_ count: Int, from index: Int) {
        trace.add(now, index + 1, 5, UInt64(count))
        guard recorder.records(now), !circumstances.unplugged.includes(index + 1) else { return }
        let octets = FrameRecorder.announcement(from: index + 1)
        for _ in 0..<count {
            timeline.append(recorder.event(octets, .sent, at: now, node: hosts[index].name))
            for other in hosts
            where circumstances.running.subtracting(circumstances.unplugged).contains(
                .host(other.number))
                && !circumstances.deafTo[other.number - 1].includes(index + 1) && other.number != index + 1
            {
                timeline.append(recorder.event(octets, .received, at: now, node: other.name))
            }
        }
    }

    /// As keepalived writes it into its FIFO.
    private mutating func write(_ transition: Transition, at index: Int) {
        trace.add(now, index + 1, 6, UInt64(transition.priority))
        let words = "\(transition.subject.rawValue) \"\(transition.router)\" \(transition.state.rawValue)"
        note(
            index,
            .output(process: Self.process, stream: .standardOutput, line: "\(words) \(transition.priority)"))
    }

    private mutating func note(_ index: Int, _ kind: TimelineEvent.Kind) {
        timeline.append(TimelineEvent(at: now, node: hosts[index].name, kind))
    }
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? {
        index < count ? self[index] : nil
    }
}

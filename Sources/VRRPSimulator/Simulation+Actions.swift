import Timeline
import VRRPCore
import Wire

/// What hosts do when their routers say so.
extension Simulation {
    mutating func perform(_ actions: [RouterAction], at index: Int) {
        for action in behaviors[index].performs.map({ actions.flatMap($0) }) ?? actions {
            switch action {
            case .transmit(let transmission): transmit(transmission, from: index)
            case .install(let addresses, _): if addresses.holdShared { setAddress(true, at: index) }
            case .remove(let addresses, _): if addresses.holdShared { setAddress(false, at: index) }
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
        let listeners = circumstances.running.subtracting(circumstances.unplugged).numbers.filter { number in
            number != index + 1 && !circumstances.deafTo[number - 1].includes(index + 1)
        }
        for _ in 0..<count {
            timeline.append(recorder.event(octets, .sent, at: now, node: hosts[index].name))
            for number in listeners {
                timeline.append(recorder.event(octets, .received, at: now, node: hosts[number - 1].name))
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

    mutating func note(_ index: Int, _ kind: TimelineEvent.Kind) {
        timeline.append(TimelineEvent(at: now, node: hosts[index].name, kind))
    }
}

extension [VirtualAddress] {
    /// Whether the one address is among them that the hosts share.
    fileprivate var holdShared: Bool { contains { $0.prefix.address == Scenario.address } }
}

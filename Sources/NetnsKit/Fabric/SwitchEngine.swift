import Chance
import Netlink
import Timeline
import Wire

/// What a switch does with frames, as a value: frames and instants in, deliveries out.
///
/// It learns which station is behind which port and floods what it does not know, as the kernel's bridge does without
/// snooping and spanning trees. A frame passes its node's cable, then the port, then the other port and cable; faults
/// of a port are looked at when a frame comes to it, so that a port that was silenced is silent from then on.
struct SwitchEngine {
    /// A frame that an interface is to receive.
    struct Delivery {
        var port: Int
        var octets: [UInt8]
    }

    /// The way from one port to another.
    struct Path: Hashable {
        var from: Int
        var to: Int
    }

    private enum Timer {
        /// A frame comes to the end of a bad cable.
        case pass(Flight)
        /// A frame goes on that was held back by a cable that has been repaired since.
        case finish(Flight)
        /// A frame has been held back for long enough.
        case release(cable: Int, holding: Int)
    }

    private struct Station {
        var port: Int
        var seen: Instant
    }

    /// The topology's, which decides every fate.
    let seed: UInt64
    private(set) var ports: [FramePort] = []
    private var numbers: [LinkEnd: Int] = [:]
    private var bridges: [String: Int] = [:]
    private var members: [[Int]] = []
    /// By bridge and Ethernet address.
    private var stations: [UInt64: Station] = [:]
    /// Ways that are closed, from port to port, by the name under which they are opened again.
    var closedPaths: [String: Set<Path>] = [:]
    private var cables: [Int: BadCable] = [:]
    private var cableCount = 0
    private var timers = TimerQueue<Timer>()

    /// What is to be written, in order; whoever writes it empties it.
    var deliveries: [Delivery] = []
    /// What bad cables did, for the record; whoever records it empties it.
    var notes: [TimelineEvent] = []

    init(seed: UInt64) {
        self.seed = seed
    }

    // MARK: Ports

    func number(of end: LinkEnd) -> Int? { numbers[end] }

    /// Adds the port of an interface, or gives the port that it had a new one; its faults stay with the port.
    mutating func plug(_ end: LinkEnd, _ interface: InterfaceDescription, isPointToPoint: Bool) -> Int {
        if let number = numbers[end] {
            ports[number].isPresent = true
            return number
        }
        let bridge = bridge(named: interface.segment)
        numbers[end] = ports.count
        members[bridge].append(ports.count)
        ports.append(FramePort(end, interface, bridge: bridge, isPointToPoint: isPointToPoint))
        return ports.count - 1
    }

    private mutating func bridge(named name: String) -> Int {
        if let number = bridges[name] { return number }
        bridges[name] = members.count
        members.append([])
        return members.count - 1
    }

    /// Moves a port to the bridge of that name.
    mutating func move(_ number: Int, toBridge name: String) {
        forgetStations(behind: number)
        let bridge = bridge(named: name)
        members[ports[number].bridge].removeAll { $0 == number }
        members[bridge].append(number)
        ports[number].bridge = bridge
    }

    /// Changes a port; what was learned from it is forgotten, as a bridge does when a port goes down.
    mutating func change(_ number: Int, _ body: (inout FramePort) -> Void) {
        let wasOpen = ports[number].isOpen
        body(&ports[number])
        if wasOpen, !ports[number].isOpen { forgetStations(behind: number) }
    }

    private mutating func forgetStations(behind number: Int) {
        stations = stations.filter { $0.value.port != number }
    }

    // MARK: Impairments

    /// Makes a cable bad in one direction.
    mutating func impair(_ number: Int, _ direction: CapturedFrame.Direction, _ impairment: Impairment) {
        let layers = Set(ports[number].cables(direction).compactMap { cables[$0]?.layer })
        let layer = (0...layers.count).first { !layers.contains($0) } ?? layers.count
        cableCount += 1
        cables[cableCount] = BadCable(at: ports[number].end, direction, impairment, layer: layer, seed: seed)
        if direction == .sent {
            ports[number].sending.append(cableCount)
        } else {
            ports[number].receiving.append(cableCount)
        }
    }

    /// Takes an impairment back, the newest of several that are alike; what is under way arrives when it was to.
    mutating func repair(
        _ number: Int, _ direction: CapturedFrame.Direction, _ impairment: Impairment, at now: Instant
    ) {
        guard let cable = ports[number].cables(direction).last(where: { cables[$0]?.impairment == impairment }) else {
            return
        }
        if let held = cables[cable]?.release() { timers.add(.finish(held), due: now) }
        cables[cable] = nil
        ports[number].sending.removeAll { $0 == cable }
        ports[number].receiving.removeAll { $0 == cable }
    }

    // MARK: Frames

    /// When time alone will change something.
    var nextDue: Instant? { timers.nextDue }

    /// A node sent a frame.
    mutating func accept(_ octets: [UInt8], from port: Int, at now: Instant) {
        travel(octets, port, .sent, through: ports[port].sending[...], at: now)
    }

    /// Does the next thing that is due.
    ///
    /// - Returns: false when nothing is due any more.
    mutating func advance(to now: Instant) -> Bool {
        guard let timer = timers.popDue(at: now) else { return false }
        switch timer {
        case .pass(let flight): pass(flight, at: now)
        case .finish(let flight): finish(flight, at: now)
        case .release(let cable, let holding):
            if let held = cables[cable]?.release(holding) { finish(held, at: now) }
        }
        return true
    }

    private mutating func travel(
        _ octets: [UInt8], _ port: Int, _ direction: CapturedFrame.Direction, through path: ArraySlice<Int>,
        at now: Instant
    ) {
        guard let cable = path.first else {
            if direction == .sent { forward(octets, from: port, at: now) } else { deliver(octets, to: port) }
            return
        }
        switch cables[cable]?.admit(octets, at: now) {
        case nil:
            travel(octets, port, direction, through: path.dropFirst(), at: now)
        case .untouched:
            travel(octets, port, direction, through: path.dropFirst(), at: now)
            if let held = cables[cable]?.release() { finish(held, at: now) }
        case .lost(let note):
            record(note, port, at: now)
        case .changed(let octets, let delay, let note):
            let flight = Flight(
                octets: octets, port: port, cable: cable, rest: path.dropFirst(), began: now, note: note)
            if delay > .zero { timers.add(.pass(flight), due: now + delay) } else { pass(flight, at: now) }
        }
    }

    /// A frame has come to the end of a bad cable: it goes on, unless it is held back for another to pass it.
    private mutating func pass(_ flight: Flight, at now: Instant) {
        var flight = flight
        if flight.note.effects.contains(.heldBack) {
            if let holding = cables[flight.cable]?.hold(flight) {
                let patience = cables[flight.cable]?.impairment.patience ?? .zero
                timers.add(.release(cable: flight.cable, holding: holding), due: now + patience)
                return
            }
            // Another is held, and this is the one that passes it; or the cable has been repaired.
            flight.note.effects.removeAll { $0 == .heldBack }
        }
        finish(flight, at: now)
        if let held = cables[flight.cable]?.release() { finish(held, at: now) }
    }

    private mutating func finish(_ flight: Flight, at now: Instant) {
        var note = flight.note
        note.actualDelay = now - flight.began
        if !note.effects.isEmpty { record(note, flight.port, at: now) }
        for _ in 0..<(note.effects.contains(.duplicated) ? 2 : 1) {
            travel(flight.octets, flight.port, note.direction, through: flight.rest, at: now)
        }
    }

    private mutating func record(_ note: ImpairedFrame, _ port: Int, at now: Instant) {
        guard ports[port].isRecorded else { return }
        notes.append(TimelineEvent(at: now, node: ports[port].end.node, .impaired(note)))
    }

    // MARK: Ports and stations

    private mutating func forward(_ octets: [UInt8], from number: Int, at now: Instant) {
        // Not by a copy of the port: this is done for every frame.
        guard ports[number].isOpen, octets.count >= 14, !ports[number].drops(octets, .incoming) else { return }
        let bridge = ports[number].bridge
        if !ports[number].isPointToPoint {
            let source = Self.address(in: octets, at: 6)
            let destination = Self.address(in: octets, at: 0)
            guard !source.isMulticast, source != .zero, !Self.isReserved(destination) else { return }
            stations[key(source, bridge)] = Station(port: number, seen: now)
            if let station = stations[key(destination, bridge)], now - station.seen < Self.memory {
                if station.port != number { enter(octets, station.port, from: number, at: now) }
                return
            }
        }
        for other in members[bridge] where other != number { enter(octets, other, from: number, at: now) }
    }

    private mutating func enter(_ octets: [UInt8], _ port: Int, from source: Int, at now: Instant) {
        guard !closedPaths.values.contains(where: { $0.contains(Path(from: source, to: port)) }) else { return }
        travel(octets, port, .received, through: ports[port].receiving[...], at: now)
    }

    private mutating func deliver(_ octets: [UInt8], to number: Int) {
        guard ports[number].isOpen, octets.count <= ports[number].longestFrame,
            !ports[number].drops(octets, .outgoing)
        else { return }
        deliveries.append(Delivery(port: number, octets: octets))
    }

    /// How long a station is remembered that is not heard (IEEE 802.1D).
    private static let memory: Duration = .seconds(300)

    /// Frames that a bridge keeps to itself; those of spanning trees pass one that does not take part.
    private static func isReserved(_ destination: MACAddress) -> Bool {
        (0x0180_c200_0001...0x0180_c200_000f).contains(destination.rawValue)
    }

    private func key(_ address: MACAddress, _ bridge: Int) -> UInt64 {
        UInt64(bridge) << 48 | address.rawValue
    }

    private static func address(in octets: [UInt8], at offset: Int) -> MACAddress {
        var value: UInt64 = 0
        for index in offset..<offset + 6 { value = value << 8 | UInt64(octets[index]) }
        return MACAddress(rawValue: value)
    }
}

import Glibc
import LinuxSystem
import Netlink
import Synchronization
import Timeline
import Wire

/// Carries the frames of segments in this process, between TAP devices: one thread reads them all, so that their order
/// is the true one.
final class FrameSwitch: Fabric {
    struct State {
        var engine: SwitchEngine
        /// By the port's number; nil when the interface is no more.
        var devices: [TapDevice?] = []
        var isStopping = false
    }

    let state: Mutex<State>
    let wakeup: Wakeup
    private let loop: EventLoop
    /// Held while frames are carried and until they are recorded.
    private let batch = Mutex(())
    private let recorder: Recorder
    private let ended = Latch()

    private static let wakeupToken: EventLoop.Token = 0
    /// Frames that are read from one device before others have their turn.
    private static let turn = 32
    /// Longer than any frame that a device can send.
    private static let bufferSize = 65_536 + 64

    /// Starts the thread; it ends with `stop` alone.
    init(seed: UInt64, recorder: Recorder, watcher: Watcher) throws(LabError) {
        do {
            try TapDevice.verifyAccess()
        } catch {
            throw ErrorNumber.shortage.contains(error.code) ? .system(error) : .noTapDevices(error)
        }
        let loop = try translated { () throws(SystemError) in try EventLoop() }
        let wakeup = try translated { () throws(SystemError) in try Wakeup() }
        try translated { () throws(SystemError) in try loop.watch(wakeup.descriptor, as: Self.wakeupToken) }
        self.loop = loop
        self.wakeup = wakeup
        self.recorder = recorder
        state = Mutex(State(engine: SwitchEngine(seed: seed)))
        watcher.settleFirst { [self] in settle() }
        startThread(named: "lab-switch") { [self] in
            run()
            ended.open()
        }
    }

    /// Gives a node an interface whose cable ends in this switch.
    func plug(
        _ interface: InterfaceDescription, of node: String, namespace: borrowing NamespaceDescriptor,
        isPointToPoint: Bool
    ) throws(LabError) {
        let end = LinkEnd(node, interface.name)
        try translated { () throws(SystemError) in
            let device = try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
                try TapDevice(interface.name, macAddress: interface.macAddress, mtu: interface.mtu)
            }
            let number = state.withLock { state in
                let number = state.engine.plug(end, interface, isPointToPoint: isPointToPoint)
                if state.devices.count <= number { state.devices.append(nil) }
                state.devices[number] = device
                return number
            }
            try loop.watch(device.descriptor, as: EventLoop.Token(number) + 1)
        }
        // The cable of an interface that comes back may have been pulled meanwhile.
        let isUp = state.withLock { state in state.engine.number(of: end).map { state.engine.ports[$0].isUp } ?? true }
        if !isUp { try setPort(of: end, isUp: false) }
    }

    /// Ends the thread; returns when nothing is carried any more.
    func stop() {
        state.withLock { $0.isStopping = true }
        wakeup.signal()
        ended.wait()
    }

    /// Returns when what has been carried until now has been recorded.
    private func settle() {
        batch.withLock { _ in }
    }

    // MARK: The thread

    private func run() {
        var buffer = [UInt8](repeating: 0, count: Self.bufferSize)
        while true {
            let (isStopping, deadline) = state.withLock { ($0.isStopping, $0.engine.nextDue) }
            guard !isStopping, let ready = try? loop.wait(until: deadline) else { return }
            let awake = MonotonicClock.now
            batch.withLock { _ in
                // Recorded only when everything has been carried: whoever looks at the record takes time.
                for event in state.withLock({ state in carry(ready, &state, &buffer, awake: awake) }) {
                    recorder.append(event)
                }
            }
        }
    }

    /// Carries what is there and what is due.
    private func carry(
        _ ready: [EventLoop.Token], _ state: inout State, _ buffer: inout [UInt8], awake: Instant
    ) -> [TimelineEvent] {
        var events: [TimelineEvent] = []
        while state.engine.advance(to: MonotonicClock.now) { write(&state, &events) }
        for token in ready {
            if token == Self.wakeupToken {
                wakeup.clear()
            } else {
                read(Int(token) - 1, &state, &buffer, awake, &events)
            }
        }
        return events
    }

    private func read(
        _ number: Int, _ state: inout State, _ buffer: inout [UInt8], _ awake: Instant,
        _ events: inout [TimelineEvent]
    ) {
        guard let device = state.devices[number] else { return }
        for _ in 0..<Self.turn {
            let length: Int
            do throws(SystemError) {
                guard let next = try device.receive(into: &buffer) else { return }
                length = next
            } catch {
                return forget(number, &state)
            }
            let now = MonotonicClock.now
            // For up to a second after its carrier went the kernel still lets an interface send.
            guard state.engine.ports[number].isUp else { continue }
            let octets = Array(buffer[..<length])
            if state.engine.ports[number].isRecorded {
                let uncertainty = Receipt.uncertainty(awake: awake, read: now)
                events.append(Self.event(state.engine.ports[number], .sent, octets, now, uncertainty: uncertainty))
            }
            state.engine.accept(octets, from: number, at: now)
            write(&state, &events)
        }
    }

    /// Has the interfaces receive what is due, and notes who did.
    private func write(_ state: inout State, _ events: inout [TimelineEvent]) {
        events += state.engine.notes
        state.engine.notes.removeAll(keepingCapacity: true)
        for delivery in state.engine.deliveries {
            guard let device = state.devices[delivery.port] else { continue }
            let isRecorded = state.engine.ports[delivery.port].isRecorded
            let before = isRecorded ? MonotonicClock.now : .zero
            // An interface that is down receives nothing, and nobody is told: so it is with a cable.
            guard (try? device.send(delivery.octets)) != nil, isRecorded else { continue }
            let now = MonotonicClock.now
            let port = state.engine.ports[delivery.port]
            events.append(Self.event(port, .received, delivery.octets, now, uncertainty: now - before))
        }
        state.engine.deliveries.removeAll(keepingCapacity: true)
    }

    private static func event(
        _ port: FramePort, _ direction: CapturedFrame.Direction, _ octets: [UInt8], _ time: Instant,
        uncertainty: Duration
    ) -> TimelineEvent {
        let frame = CapturedFrame(interface: port.end.interface, direction: direction, octets: octets)
        return TimelineEvent(at: time, uncertainty: uncertainty, node: port.end.node, .frame(frame))
    }

    /// The interface of a port is no more.
    private func forget(_ number: Int, _ state: inout State) {
        if let device = state.devices[number].take() { loop.unwatch(device.descriptor) }
        state.engine.change(number) { $0.isPresent = false }
    }
}

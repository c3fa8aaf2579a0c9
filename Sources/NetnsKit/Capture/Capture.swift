import LinuxSystem
import Synchronization
import Timeline
import Wire

/// Sees every frame at the far end of every recorded cable, with the kernel's time and in the kernel's order.
///
/// One socket serves the whole lab: it is there before the first cable, so nothing is missed, and closing it waits for
/// all processors once.
final class Capture: Sendable {
    /// The interfaces of the wiring whose frames are recorded have these indexes.
    static let interfaces: Range<UInt32> = 0x1_0000..<0x2_0000
    /// A second of small frames at a hundred thousand in a second; only waiting frames take memory.
    private static let buffer = 128 << 20

    private let socket: PacketSocket
    private let recorder: Recorder
    private let batch = Mutex(FrameBatch())
    /// Batches that are read before others have their turn.
    private static let portions = 8
    private let ends: Mutex<[Int32: LinkEnd]> = Mutex([:])

    /// Opens the capture in the calling thread's namespace; it sees what passes from now on.
    init(recorder: Recorder) throws(SystemError) {
        socket = try PacketSocket.capture(interfaces: Self.interfaces, buffer: Self.buffer)
        self.recorder = recorder
    }

    /// Has the frames of a port recorded as those of a node's interface.
    func record(_ port: Int32, as end: LinkEnd) {
        ends.withLock { $0[port] = end }
    }

    func start(on watcher: Watcher) throws(SystemError) {
        try watcher.watch(socket.descriptor) { [self] _ in read() }
    }

    /// Takes the frames that are there, but not for ever: others are waiting.
    private func read() -> Watcher.Progress {
        // The wall clock may be set at any time, so the offset is read anew each time.
        let offset = MonotonicClock.measureOffsetToRealTime()
        let progress = batch.withLock { batch in
            for _ in 0..<Self.portions {
                guard (try? socket.receive(into: &batch)) != nil, batch.count > 0 else {
                    return Watcher.Progress.drained
                }
                note(batch, offset)
                if !batch.isFull { return .drained }
            }
            return .more
        }
        if let count = try? socket.takeLossCount(), count > 0 {
            recorder.append(TimelineEvent(at: MonotonicClock.now, .lost(source: "capture", count: count)))
        }
        return progress
    }

    private func note(_ batch: borrowing FrameBatch, _ offset: (nanoseconds: Int64, uncertainty: Duration)) {
        var events: [TimelineEvent] = []
        events.reserveCapacity(batch.count)
        ends.withLock { ends in
            for index in 0..<batch.count {
                let frame = batch.frame(index)
                guard let end = ends[frame.interfaceIndex] else { continue }
                events.append(TimelineEvent(frame, at: end, offset))
            }
        }
        recorder.append(events)
    }
}

extension TimelineEvent {
    fileprivate init(
        _ frame: ReceivedFrame, at end: LinkEnd, _ offset: (nanoseconds: Int64, uncertainty: Duration)
    ) {
        let captured = CapturedFrame(
            interface: end.interface, direction: frame.isOutgoing ? .received : .sent, octets: frame.octets,
            originalLength: frame.originalLength)
        self.init(
            at: Instant(nanoseconds: frame.wallTime - offset.nanoseconds) + offset.uncertainty,
            uncertainty: offset.uncertainty * 2, node: end.node, .frame(captured))
    }
}

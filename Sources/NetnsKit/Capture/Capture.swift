import LinuxSystem
import Timeline
import Wire

/// Sees every frame at the far end of one interface's cable, with the kernel's time.
final class Capture: Sendable {
    private let socket: PacketSocket
    private let end: LinkEnd
    private let recorder: Recorder

    /// Opens the capture in the wiring namespace; it sees what passes from now on.
    init(_ end: LinkEnd, port: Wiring.Port, in namespace: borrowing NamespaceDescriptor, recorder: Recorder)
        throws(SystemError)
    {
        socket = try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
            try PacketSocket.capture(interfaceIndex: port.index)
        }
        self.end = end
        self.recorder = recorder
    }

    func start(on watcher: Watcher) throws(SystemError) {
        try watcher.watch(socket.descriptor) { [self] _ in read() }
    }

    /// Takes the frames that are there, but not for ever: others are waiting.
    private func read() -> Watcher.Progress {
        // The wall clock may be set at any time, so the offset is read anew for each batch.
        let offset = MonotonicClock.measureOffsetToRealTime()
        var progress = Watcher.Progress.more
        for _ in 0..<256 {
            guard let frame = try? socket.receive() else {
                progress = .drained
                break
            }
            recorder.append(
                TimelineEvent(
                    at: Instant(nanoseconds: frame.wallTime - offset.nanoseconds) + offset.uncertainty,
                    uncertainty: offset.uncertainty * 2, node: end.node,
                    .frame(
                        CapturedFrame(
                            interface: end.interface, direction: frame.isOutgoing ? .received : .sent,
                            octets: frame.octets, originalLength: frame.originalLength))))
        }
        if let count = try? socket.takeLossCount(), count > 0 {
            recorder.append(
                TimelineEvent(at: MonotonicClock.now, node: end.node, .lost(source: "capture \(end)", count: count)))
        }
        return progress
    }
}

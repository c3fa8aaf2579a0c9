import LinuxSystem
import Wire

/// Frames that a node writes to its cable at a steady rate, whatever is in them, until it is told to stop.
///
/// A lab's record holds every frame of every cable, and a flood would fill it: tell the interfaces that it reaches not
/// to be recorded (`InterfaceDescription.isRecorded`).
public final class FrameStream: Sendable {
    let pacer: Pacer

    fileprivate init(_ pacer: Pacer) {
        self.pacer = pacer
    }

    /// How many frames were written until now.
    public var sentCount: Int { pacer.count }
    /// How many the kernel did not take because its queue was full.
    public var refusedCount: Int { pacer.refusals }

    /// Sends nothing more from now on.
    public func stop() { pacer.stop() }
}

extension Node {
    /// Writes one frame to the cable of an interface, below every protocol.
    public func send(_ frame: [UInt8], over interface: String) throws(LabError) {
        let socket = try packetSocket(on: interface)
        try translated { () throws(SystemError) in try socket.send(frame) }
    }

    /// Writes frames to the cable of an interface, in turn, until the stream is stopped or the lab ends.
    ///
    /// - Parameters:
    ///   - frames: at least one, each from its Ethernet header on and without a check sequence.
    ///   - interface: one of this node.
    ///   - rate: frames in a second, 1 to some 50 000.
    public func stream(_ frames: [[UInt8]], over interface: String, rate: Int) throws(LabError) -> FrameStream {
        precondition(!frames.isEmpty && rate > 0, "a stream needs frames and a rate")
        let socket = try packetSocket(on: interface)
        let pacer = try translated { () throws(SystemError) in
            try Pacer(named: "lab-stream", every: .nanoseconds(1_000_000_000 / rate)) { number in
                try socket.send(frames[number % frames.count])
            }
        }
        keep(pacer)
        return FrameStream(pacer)
    }

    private func packetSocket(on interface: String) throws(LabError) -> PacketSocket {
        let index = try interfaceIndex(of: interface)
        return try translated { () throws(SystemError) in
            try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
                try PacketSocket.sender(interfaceIndex: index)
            }
        }
    }
}

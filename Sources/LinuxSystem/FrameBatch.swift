import CLinux
import Glibc

/// Room for several frames, so that one system call brings as many as wait; it is used again and again.
@safe public struct FrameBatch: ~Copyable {
    /// How many frames fit.
    public static let capacity = Int(CLINUX_FRAMES)
    /// More than the longest frame; memory is taken only for what is filled.
    private static let size = 1 << 16

    private let storage: UnsafeMutableRawPointer
    private var received = [clinux_received](repeating: clinux_received(), count: Self.capacity)
    /// Mostly a frame or two wait, and room for each that may come has to be described to the kernel.
    private static let few = 8
    /// How many frames the last call asked for.
    private var asked = Self.few
    /// How many it brought.
    public private(set) var count = 0

    public init() {
        unsafe storage = UnsafeMutableRawPointer.allocate(byteCount: Self.capacity * Self.size, alignment: 16)
    }

    deinit {
        unsafe storage.deallocate()
    }

    /// The socket may have more.
    public var isFull: Bool { count == asked }

    mutating func fill(from descriptor: Int32) throws(SystemError) {
        asked = isFull ? Self.capacity : Self.few
        count = 0
        let result = unsafe clinux_receive_frames(descriptor, storage, Self.size, &received, Int32(asked))
        switch result < 0 ? errno : 0 {
        case 0: count = Int(result)
        case EAGAIN, EINTR, ENETDOWN: break
        case let code: throw SystemError("recvmmsg", code: code)
        }
    }

    /// The frame with this number, from 0 on.
    public borrowing func frame(_ index: Int) -> ReceivedFrame {
        precondition(index < count, "frame \(index) of \(count)")
        let frame = received[index]
        let octets = unsafe UnsafeRawBufferPointer(
            start: storage + index * Self.size, count: min(frame.length, Self.size))
        return ReceivedFrame(frame, octets: unsafe [UInt8](octets))
    }
}

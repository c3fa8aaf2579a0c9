import LinuxSystem
import Synchronization
import Wire

/// A pipe that a program writes to: its target is given away, its source is read here.
struct OutputPipe: ~Copyable {
    private var source: OwnedDescriptor?
    private let end: OwnedDescriptor

    init() throws(SystemError) {
        var pipe = try Pipe()
        let source = pipe.takeReadEnd()
        try source.setNonblocking()
        end = pipe.takeWriteEnd()
        self.source = consume source
    }

    /// What the program gets; closed here when the pipe goes.
    var target: Int32 { end.number }

    mutating func takeSource() -> OwnedDescriptor {
        guard let source = source.take() else { preconditionFailure("the source was taken before") }
        return source
    }
}

/// Cuts what a program writes into lines, each with the time at which it was read.
final class LineSource: Sendable {
    /// What came out of the pipe.
    enum Item: Sendable {
        case line(String)
        /// The program has written so much that the rest is not kept.
        case tooMuch
    }
    typealias Receiver = @Sendable (_ items: [Item], _ time: Instant, _ uncertainty: Duration) -> Void

    private struct State {
        var rest: [UInt8] = []
        var budget = LineSource.maximumTotal
    }

    private let source: OwnedDescriptor
    private let state = Mutex(State())
    private let receive: Receiver
    /// Longer lines are cut here, so that a program that never ends its line costs no memory.
    private static let maximumLength = 16 * 1024
    /// Octets of one stream that are kept; a program that never stops writing costs no more memory than this.
    private static let maximumTotal = 4 << 20

    init(_ source: consuming OwnedDescriptor, _ receive: @escaping Receiver) {
        self.source = source
        self.receive = receive
    }

    var descriptor: Int32 { source.number }

    /// Takes what is there, but not for ever: others are waiting.
    func read(_ awake: Instant) -> Watcher.Progress {
        for _ in 0..<4 {
            let part: [UInt8]
            do {
                guard let octets = try source.read() else { return .drained }
                part = octets
            } catch {
                return .ended
            }
            keep(part, awake)
            if part.isEmpty { return .ended }
        }
        return .more
    }

    /// Takes a last line that has no end, because whoever wrote it has ended: a program that is being started elsewhere
    /// may hold the pipe for a moment longer, so that its end cannot be read yet.
    func flush(_ awake: Instant) {
        keep([], awake)
    }

    private func keep(_ part: [UInt8], _ awake: Instant) {
        let now = MonotonicClock.now
        let uncertainty = Receipt.uncertainty(awake: awake, read: now)
        let (lines, isExhausted) = state.withLock { state -> ([ArraySlice<UInt8>], Bool) in
            guard state.budget > 0 else { return ([], false) }
            state.budget -= part.count
            state.rest += part
            return (Self.takeLines(from: &state.rest, atEnd: part.isEmpty), state.budget <= 0)
        }
        let items = lines.map { Item.line(String(decoding: $0, as: UTF8.self)) } + (isExhausted ? [.tooMuch] : [])
        if !items.isEmpty { receive(items, now, uncertainty) }
    }

    private static func takeLines(from rest: inout [UInt8], atEnd: Bool) -> [ArraySlice<UInt8>] {
        var lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard let last = lines.popLast() else { return [] }
        if last.isEmpty || !(atEnd || last.count > maximumLength) {
            rest = Array(last)
        } else {
            lines.append(last)
            rest = []
        }
        return lines
    }
}

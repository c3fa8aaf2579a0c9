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
    typealias Receiver = @Sendable (_ line: String, _ time: Instant, _ uncertainty: Duration) -> Void

    private let source: OwnedDescriptor
    private let rest = Mutex<[UInt8]>([])
    private let receive: Receiver
    /// Longer lines are cut here, so that a program that never ends its line costs no memory.
    private static let maximumLength = 16 * 1024

    init(_ source: consuming OwnedDescriptor, _ receive: @escaping Receiver) {
        self.source = source
        self.receive = receive
    }

    var descriptor: Int32 { source.number }

    /// Takes what is there; false at the end.
    func read(_ awake: Instant) -> Bool {
        while true {
            guard let part = try? source.read() else { return true }
            let now = MonotonicClock.now
            let uncertainty = Receipt.uncertainty(awake: awake, read: now)
            let lines = rest.withLock { rest in
                rest += part
                return Self.takeLines(from: &rest, atEnd: part.isEmpty)
            }
            for line in lines { receive(String(decoding: line, as: UTF8.self), now, uncertainty) }
            if part.isEmpty { return false }
        }
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

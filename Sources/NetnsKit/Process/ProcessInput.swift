import Glibc
import LinuxSystem
import Synchronization

/// What a program finds on its standard input.
public enum ProcessInput: Hashable, Sendable {
    /// Its end at once.
    case nothing
    /// This, and then its end.
    case text(String)
    /// What `NodeProcess.write` gives it, until `NodeProcess.closeInput`.
    case open
}

/// The end of a program's standard input that is written to.
final class InputPipe: Sendable {
    private let end: Mutex<OwnedDescriptor?>

    init(_ end: consuming OwnedDescriptor) {
        self.end = Mutex(end)
    }

    /// A second descriptor, so that who writes for long holds up nobody; nil when it has been closed.
    func duplicate() throws(SystemError) -> OwnedDescriptor? {
        try end.withLock { (end: inout sending OwnedDescriptor?) throws(SystemError) in
            switch end {
            case .some(let descriptor): try descriptor.duplicate()
            case .none: nil
            }
        }
    }

    func close() {
        end.withLock { $0 = nil }
    }
}

/// The standard input of a program that is being started.
struct GivenInput: ~Copyable {
    let pipe: InputPipe?
    private let readEnd: OwnedDescriptor?
    private let text: String?

    init(_ input: ProcessInput) throws(SystemError) {
        guard input != .nothing else {
            (pipe, text) = (nil, nil)
            readEnd = nil
            return
        }
        var ends = try Pipe()
        readEnd = ends.takeReadEnd()
        pipe = InputPipe(ends.takeWriteEnd())
        if case .text(let text) = input { self.text = text } else { text = nil }
    }

    /// What the program gets; closed here when this value goes.
    var source: Int32? {
        switch readEnd {
        case .some(let end): end.number
        case .none: nil
        }
    }

    /// Has a thread write the text, if there is one: the program may take its time to read.
    borrowing func begin() {
        guard let text, let pipe else { return }
        startInput(text, to: pipe) { _ in pipe.close() }
    }
}

/// Writes on a thread of its own, which ends when the program has taken everything or cannot take more.
private func startInput(
    _ text: String, to pipe: InputPipe, _ finished: @escaping @Sendable (Result<Void, SystemError>) -> Void
) {
    startThread(named: "lab-input") {
        // A reader that has gone is an error of the write, and no reason to end.
        SignalDescriptor.block([SIGPIPE])
        let result = Result { () throws(SystemError) in
            guard let end = try pipe.duplicate() else { throw SystemError("write", code: EPIPE) }
            try end.write(Array(text.utf8))
        }
        finished(result)
    }
}

extension NodeProcess {
    /// Writes to the program's standard input, and returns when the program, or its pipe, has taken everything.
    ///
    /// - Throws: `LabError.noInput` when the program was not started with `input: .open`, or its input has been closed;
    ///   `LabError.system` when nobody reads it any more.
    public func write(_ text: String) async throws {
        guard let input else { throw LabError.noInput(ProcessName(name, on: node)) }
        let result = await withCheckedContinuation { continuation in
            startInput(text, to: input) { continuation.resume(returning: $0) }
        }
        try translated { () throws(SystemError) in try result.get() }
    }

    /// Lets the program find the end of its standard input.
    public func closeInput() {
        input?.close()
    }
}

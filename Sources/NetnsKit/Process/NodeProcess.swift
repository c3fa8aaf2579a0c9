import Glibc
import LinuxSystem
import Synchronization
import Timeline
import Wire

/// A program that was started in a node, until it ends.
public final class NodeProcess: Sendable {
    /// The name under which the timeline knows it.
    public let name: String
    /// The name of the node that it was started in.
    public let node: String
    /// As seen from the harness.
    public let pid: Int32

    /// Just before it was started.
    public let startTime: Instant

    /// Where it was started; cores and relative paths lie there.
    let directory: String
    let leavesCore: Bool
    /// `NAME=VALUE`.
    let environment: [String]
    let input: InputPipe?
    private let scene: CrashScene?
    private let child: ChildProcess
    private let hasEnded = Mutex(false)
    private let output: LineSource
    private let errors: LineSource
    private let recorder: Recorder
    private let watcher: Watcher

    init(
        _ name: String, on node: String, _ request: ProgramRequest, _ input: ProcessInput, _ scene: CrashScene?,
        recorder: Recorder, watcher: Watcher
    ) throws(LabError) {
        var request = request
        let given = try translated { () throws(SystemError) in try GivenInput(input) }
        var output = try translated { () throws(SystemError) in try OutputPipe() }
        var errors = try translated { () throws(SystemError) in try OutputPipe() }
        request.descriptors = [given.source, output.target, errors.target]
        let begin = MonotonicClock.now
        let child = try translated { () throws(SystemError) in try ChildProcess(request) }
        recorder.append(
            TimelineEvent(at: begin, node: node, .started(process: name, arguments: request.arguments)))
        self.name = name
        self.node = node
        self.pid = child.pid
        startTime = begin
        directory = request.directory ?? "/"
        leavesCore = request.leavesCore
        environment = request.environment
        self.input = given.pipe
        self.scene = scene
        self.child = child
        self.recorder = recorder
        let receiver = { (stream: OutputStream) in Self.receiver(stream, of: name, on: node, recorder) }
        self.output = LineSource(output.takeSource(), receiver(.standardOutput))
        self.errors = LineSource(errors.takeSource(), receiver(.standardError))
        self.watcher = watcher
        do {
            try watcher.watch(self.output.descriptor) { [output = self.output] in output.read($0) }
            try watcher.watch(self.errors.descriptor) { [errors = self.errors] in errors.read($0) }
            try watcher.watch(self.child.descriptor) { [self] awake in noteEnd(awake) ? .ended : .drained }
            given.begin()
        } catch {
            // Nobody would ever know of it.
            try? self.child.send(signal: SIGKILL)
            collect()
            throw .system(error)
        }
    }

    /// Whether the process has not been seen to end.
    public var isRunning: Bool { hasEnded.withLock { !$0 } }

    /// Sends a signal to this process alone; one that has ended already is left in peace.
    public func send(signal: Int32) throws(LabError) {
        try translated { () throws(SystemError) in
            try hasEnded.withLock { (hasEnded: inout Bool) throws(SystemError) in
                if !hasEnded { try child.send(signal: signal) }
            }
        }
    }

    /// How the process ended, once it has; nil when it is still running at the end of the time.
    public func exit(within limit: Duration) async -> ExitStatus? {
        let (name, node) = (name, node)
        let event = await recorder.wait(
            until: MonotonicClock.now + limit, onRegistration: { [watcher] in watcher.wake() }
        ) { [startTime] timeline, _ in
            timeline.first(after: startTime) { $0.node == node && $0.isExit(of: name) }
        }
        guard case .exited(_, let status) = event?.kind else { return nil }
        return status
    }

    /// Whether the program has started others: a daemon that supervises itself dies in more ways than one.
    public var hasChildren: Bool { !descendants().isEmpty }

    /// The children of this process, and theirs, the youngest generation last.
    public func descendants() -> [Int32] {
        var found: [Int32] = []
        var parents = [pid]
        while let parent = parents.popLast() {
            // The kernel keeps children by the thread that made them.
            for thread in FileSystem.names(in: "/proc/\(parent)/task") {
                let path = "/proc/\(parent)/task/\(thread)/children"
                guard let octets = try? OwnedDescriptor.open(path, O_RDONLY).read() else { continue }
                let children = String(decoding: octets, as: UTF8.self).split(separator: " ").compactMap { Int32($0) }
                found += children
                parents += children
            }
        }
        return found
    }

    /// Waits for the end and takes it down; for a process that has been told to end.
    func collect() {
        hasEnded.withLock { hasEnded in
            if !hasEnded { _ = try? child.collect(blocking: true) }
            hasEnded = true
        }
    }

    /// True when the process has ended.
    private func noteEnd(_ awake: Instant) -> Bool {
        let end: Termination? = hasEnded.withLock { hasEnded in
            guard !hasEnded, let end = try? child.collect() else { return nil }
            hasEnded = true
            return end
        }
        guard let end else { return !isRunning }
        input?.close()
        // What it wrote before its end stands before its end.
        for stream in [output, errors] {
            if case .more = stream.read(awake) { continue }
            stream.flush(awake)
        }
        let now = MonotonicClock.now
        let record = { [recorder, node] (kind: TimelineEvent.Kind) in
            let uncertainty = Receipt.uncertainty(awake: awake, read: now)
            recorder.append(TimelineEvent(at: now, uncertainty: uncertainty, node: node, kind))
        }
        // Who waits for the end may then look at the crash.
        if let crash = scene?.crash(end, of: self) { record(.crashed(process: name, crash)) }
        record(.exited(process: name, ExitStatus(end)))
        return true
    }

    private static func receiver(
        _ stream: OutputStream, of process: String, on node: String, _ recorder: Recorder
    ) -> LineSource.Receiver {
        { items, time, uncertainty in
            let events = items.map { item in
                let kind: TimelineEvent.Kind =
                    switch item {
                    case .line(let line): .output(process: process, stream: stream, line: line)
                    case .tooMuch: .lost(source: "\(stream.rawValue) of \(process)", count: nil)
                    }
                return TimelineEvent(at: time, uncertainty: uncertainty, node: node, kind)
            }
            recorder.append(events)
        }
    }
}

extension ExitStatus {
    init(_ end: Termination) {
        switch end {
        case .exited(let code): self = .exited(code: code)
        case .killed(let signal, _): self = .signaled(number: signal)
        }
    }
}

extension TimelineEvent {
    fileprivate func isExit(of process: String) -> Bool {
        if case .exited(process, _) = kind { return true }
        return false
    }
}

/// How sure the time of an event is that was stamped when it was read.
enum Receipt {
    /// Waking up takes this long on an ordinary machine.
    private static let latency: Duration = .milliseconds(1)

    static func uncertainty(awake: Instant, read: Instant) -> Duration {
        latency + (read - awake)
    }
}

import Glibc
import LinuxSystem
import Synchronization
import Timeline
import Wire

extension Node {
    /// Starts a program in the node; its output goes into the timeline line by line.
    ///
    /// - Parameters:
    ///   - program: an absolute path as the node sees it.
    ///   - arguments: what follows its name on its command line.
    ///   - process: the name that the timeline and faults know it by; the path's last part when nil.
    ///   - environment: on top of the node's own (`NodeDescription.environment`) and a standard PATH; nothing else is
    ///     in it.
    ///   - directory: where it is started; `workingDirectory` when nil. In a private directory a crash leaves a core.
    ///   - input: what it can read; nothing when nobody says otherwise.
    @discardableResult
    public func start(
        _ program: String, _ arguments: [String] = [], as process: String? = nil,
        environment: [String: String] = [:], in directory: String? = nil, input: ProcessInput = .nothing
    ) throws(LabError) -> NodeProcess {
        let label = process ?? program.split(separator: "/").last.map(String.init) ?? program
        let request = try request(program, arguments, environment: environment, in: directory)
        let started = try NodeProcess(label, on: name, request, input, scene, recorder: recorder, watcher: watcher)
        processes.withLock { $0.append(started) }
        return started
    }

    /// A program that joins the node.
    func request(
        _ program: String, _ arguments: [String], environment: [String: String], in directory: String?
    ) throws(LabError) -> ProgramRequest {
        var request = ProgramRequest(
            program, [program] + arguments, environment: description.variables(adding: environment))
        request.joining = (try host().descriptor, description.namespaces)
        let place = directory ?? workingDirectory
        request.directory = place
        // Elsewhere a core would be a file of the host's.
        request.leavesCore = description.privateDirectories.contains { place == $0 || place.hasPrefix($0 + "/") }
        return request
    }

    /// Where programs start when nobody says otherwise: `/tmp` when the node has its own, else its first private
    /// directory, else `/`.
    public var workingDirectory: String {
        let directories = description.privateDirectories
        return directories.contains("/tmp") ? "/tmp" : directories.first ?? "/"
    }

    /// Runs a program to its end.
    ///
    /// - Parameters:
    ///   - program: an absolute path as the node sees it.
    ///   - arguments: what follows its name on its command line.
    ///   - environment: on top of the node's own and a standard PATH.
    ///   - directory: where it is started; `workingDirectory` when nil.
    ///   - input: what it reads from its standard input; nil is nothing.
    ///   - limit: how long it may run.
    /// - Returns: how it ended and every line it wrote; nil when it did not end in time and was killed.
    public func run(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = [:],
        in directory: String? = nil, input: String? = nil, within limit: Duration = .seconds(10)
    ) async throws -> CommandResult? {
        let label = "\(program.split(separator: "/").last ?? "")#\(processes.withLock { $0.count })"
        let process = try start(
            program, arguments, as: label, environment: environment, in: directory,
            input: input.map { .text($0) } ?? .nothing)
        guard let status = await process.exit(within: limit) else {
            try process.send(signal: SIGKILL)
            try Task.checkCancellation()
            return nil
        }
        return CommandResult(status: status, written: recorder.timeline.lines(of: label, on: name))
    }

    /// The process that was started last under a name.
    public func process(_ label: String) throws(LabError) -> NodeProcess {
        guard let found = processes.withLock({ $0.last { $0.name == label } }) else {
            throw .noSuchProcess(label, node: name)
        }
        return found
    }
}

/// What a program that ran to its end left.
public struct CommandResult: Hashable, Sendable {
    /// How the program ended: by itself with a code, or by a signal.
    public var status: ExitStatus
    private var written: [WrittenLine]

    struct WrittenLine: Hashable {
        var stream: OutputStream
        var text: String
    }

    init(status: ExitStatus, written: [WrittenLine]) {
        self.status = status
        self.written = written
    }

    /// Everything that it wrote, in the order in which it was read.
    public var lines: [String] { written.map(\.text) }
    /// What it wrote to its standard output.
    public var output: [String] { lines(of: .standardOutput) }
    /// What it wrote to its standard error.
    public var errors: [String] { lines(of: .standardError) }

    /// Whether the program ended by itself with code 0.
    public var succeeded: Bool { status == .exited(code: 0) }

    private func lines(of stream: OutputStream) -> [String] {
        written.filter { $0.stream == stream }.map(\.text)
    }
}

extension Timeline {
    /// What a process wrote, both streams, in order.
    fileprivate func lines(of process: String, on node: String) -> [CommandResult.WrittenLine] {
        events.compactMap { event in
            guard event.node == node, case .output(process, let stream, let line) = event.kind else { return nil }
            return CommandResult.WrittenLine(stream: stream, text: line)
        }
    }
}

extension Lab {
    /// Waits until a program writes a line that contains a text, such as the one that says it is ready; lines that it
    /// has written before count.
    ///
    /// - Parameters:
    ///   - text: a part of the line.
    ///   - process: the program, which may have ended.
    ///   - limit: counted from `start`.
    ///   - start: from when on lines count; the program's start when nil.
    /// - Returns: the line's event.
    @discardableResult
    public func expect(
        line text: String, from process: NodeProcess, within limit: Duration = .seconds(5), since start: Instant? = nil
    ) async throws -> TimelineEvent {
        let (name, node) = (process.name, process.node)
        return try await expect(
            "\(name) on \(node) writes '\(text)'", within: limit, since: start ?? process.startTime
        ) { event in
            guard event.node == node, case .output(name, _, let line) = event.kind else { return false }
            return line.contains(text)
        }
    }
}

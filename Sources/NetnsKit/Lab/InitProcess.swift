import Glibc
import LinuxSystem
import Wire

/// The first process of fresh namespaces: it makes their mounts, reaps, and dies with whoever holds this value.
///
/// When it dies the kernel kills every other process of its PID namespace and frees what they held.
final class InitProcess: Sendable {
    private let child: ChildProcess
    /// Never written: its end is the signal, also when the holder is killed.
    private let lifeline: OwnedDescriptor
    private let report: OwnedDescriptor

    /// Starts netnsinit in namespaces of its own; `arguments` are its words after the hostname.
    ///
    /// - Parameter kinds: with `.user` it needs no rights, and the caller, whoever that is, is root inside.
    init(
        hostname: String, _ arguments: [String] = [], in kinds: NamespaceKinds = .node
    ) throws(LabError) {
        let path = try InitProgram.locate()
        var lifeline = try translated { () throws(SystemError) in try Pipe() }
        var report = try translated { () throws(SystemError) in try Pipe() }
        let cut = lifeline.takeReadEnd()
        let answer = report.takeWriteEnd()
        var request = ProgramRequest(path, ["netnsinit", hostname] + arguments)
        request.descriptors = [nil, nil, nil, cut.number, answer.number]
        request.fresh = kinds
        let child: ChildProcess
        do {
            child = try ChildProcess(request)
        } catch {
            if error.code == EPERM { throw .notPermitted(error) }
            throw .system(error)
        }
        self.child = child
        self.lifeline = lifeline.takeWriteEnd()
        self.report = report.takeReadEnd()
    }

    /// As seen from the harness.
    var pid: Int32 { child.pid }

    /// What programs join to run in these namespaces.
    var descriptor: Int32 { child.descriptor }

    /// Its root directory, as what it started sees it.
    func root() throws(SystemError) -> OwnedDescriptor {
        try OwnedDescriptor.open("/proc/\(pid)/root", OwnedDescriptor.pathOnly)
    }

    /// Ends everything inside, and waits until the kernel is done with it: it lets the first process go only after
    /// every other process of its namespace has been collected.
    deinit {
        try? child.send(signal: SIGKILL)
        _ = try? child.collect(blocking: true)
    }

    /// Waits until the mounts are made.
    ///
    /// - Parameter name: whose first process this is, for the error.
    func awaitReady(_ name: String) throws(LabError) {
        let answer = try translated { () throws(SystemError) in
            while true {
                // Nothing yet means that a signal interrupted.
                if let answer = try report.read(atMost: 4096) { return answer }
            }
        }
        let words = String(decoding: answer, as: UTF8.self)
        guard words == "ready" else {
            throw .nodeFailed(node: name, report: words.isEmpty ? "it ended without a word" : words)
        }
    }

    /// Tells everything inside to end, without waiting for it.
    func kill() {
        try? child.send(signal: SIGKILL)
    }
}

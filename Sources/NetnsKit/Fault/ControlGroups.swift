import Glibc
import LinuxSystem
import Synchronization
import Wire

/// The control groups of one lab: each is named so that only this lab can mean it, and none outlives the lab.
///
/// A small program waits for the lab's end, also by a SIGKILL, and takes them away when their processes have ended.
/// What is left when that program was killed as well, the next lab that needs a group takes away.
final class ControlGroups: Sendable {
    private struct State: ~Copyable {
        var count = 0
        var sweeper: Sweeper?
    }

    /// The program that removes the groups.
    private struct Sweeper: ~Copyable, Sendable {
        let child: ChildProcess
        /// Never written: its end is the signal.
        let lifeline: OwnedDescriptor

        init(_ prefix: String, in directories: [String]) throws(LabError) {
            let path = try InitProgram.locate()
            var lifeline = try translated { () throws(SystemError) in try Pipe() }
            let cut = lifeline.takeReadEnd()
            var request = ProgramRequest(path, ["netnssweep", prefix] + directories)
            request.descriptors = [nil, nil, nil, cut.number]
            child = try translated { () throws(SystemError) in try ChildProcess(request) }
            self.lifeline = lifeline.takeWriteEnd()
        }

        /// Has it do its work, and waits for it.
        consuming func finish() {
            Self.close(lifeline)
            _ = try? child.collect(blocking: true)
        }

        private static func close(_ descriptor: consuming OwnedDescriptor) {}
    }

    private let state = Mutex(State())
    private let prefix = "\(ControlGroups.owner)-\(ControlGroups.number.add(1, ordering: .relaxed).newValue)-"

    private static let number = Atomic(0)

    /// Makes a group in a place; the sweeper is there before it.
    func make(in parent: ControlGroupParent) throws(LabError) -> ControlGroup {
        try state.withLock { state throws(LabError) in
            if state.sweeper == nil {
                let parents = [ControlGroupParent.forProcessorShares, .forFreezing].compactMap { $0?.path }
                for parent in Set(parents) { Self.removeForsaken(in: parent) }
                state.sweeper = try Sweeper(prefix, in: Set(parents).sorted())
            }
            state.count += 1
            let name = prefix + String(state.count)
            return try translated { () throws(SystemError) in try ControlGroup(named: name, in: parent) }
        }
    }

    /// Removes what is left; returns when the processes in it have ended and it is gone.
    func removeAll() {
        let sweeper = state.withLock { $0.sweeper.take() }
        sweeper?.finish()
    }

    // MARK: Names

    /// This process, as no other process of the machine is called: by its PID namespace, number and time of start.
    private static let owner =
        "netnskit-\(processNamespace)-\(ThisProcess.pid)-\(startTime(ofProcess: ThisProcess.pid) ?? "0")"

    private static var processNamespace: String {
        var status = stat()
        return unsafe stat("/proc/self/ns/pid", &status) == 0 ? String(status.st_ino) : "0"
    }

    private static func startTime(ofProcess pid: Int32) -> String? {
        guard let octets = try? FileSystem.readSystemFile("/proc/\(pid)/stat") else { return nil }
        // The name stands in parentheses and may hold anything.
        let words = String(decoding: octets, as: UTF8.self).split(separator: ")").last?.split(separator: " ")
        return words.flatMap { $0.count > 19 ? String($0[19]) : nil }
    }

    /// Removes groups whose owner is dead; those of another PID namespace, which cannot be asked for, when they are a
    /// minute old. One with processes in it stays in any case.
    private static func removeForsaken(in directory: String) {
        for name in FileSystem.names(in: directory) where name.hasPrefix("netnskit-") {
            let parts = name.split(separator: "-")
            guard parts.count == 6, let pid = Int32(parts[2]) else { continue }
            let path = "\(directory)/\(name)"
            let isForsaken =
                parts[1] == processNamespace
                ? startTime(ofProcess: pid) != String(parts[3])
                : FileSystem.age(of: path).map { $0 > .seconds(60) } ?? false
            if isForsaken { unsafe rmdir(path) }
        }
    }
}

import Glibc
import LinuxSystem
import Synchronization
import Timeline

/// Finds what crashes leave in a node: cores, where the kernel puts them, and the files of sanitizers.
final class CrashScene: Sendable {
    /// The node's first process, through which its files are seen.
    private let pid: Int32
    /// Paths of which the record tells already.
    private let told: Mutex<Set<String>> = Mutex([])

    init(pid: Int32) {
        self.pid = pid
    }

    /// What is to be said of a process that ended; nil when that was no crash.
    func crash(_ end: Termination, of process: NodeProcess) -> Crash? {
        guard case .killed(let signal, let dumpedCore) = end, let name = ExitStatus(end).crashSignal else { return nil }
        let crash = { (text: String, core: CoreFile?) in
            Crash(.signal(number: signal), "\(name); \(text)", core: core)
        }
        guard dumpedCore else { return crash(reasonForNone(process), nil) }
        let pattern = CorePattern.current
        guard case .file(let directory, let prefix) = pattern else {
            return crash("the core went to the host's program \(pattern)", nil)
        }
        let place = directory ?? process.directory
        // The kernel writes it before it tells of the end, so it is the last one.
        guard let newest = cores(in: place, prefix: prefix).max(by: { $0.time < $1.time }) else {
            return crash("a core was written, but not in \(place), where the program began", nil)
        }
        let core = claim(newest, in: place, as: "core.\(process.name).\(process.pid)")
        return crash("core in \(core.path)", core)
    }

    private func reasonForNone(_ process: NodeProcess) -> String {
        if !process.leavesCore { return "no core, for it did not begin in a private directory" }
        return ThisProcess.mayLeaveCore
            ? "no core, for the program or the kernel did not want one"
            : "no core, for the hard limit of their size is 0 (ulimit -Hc)"
    }

    /// Cores that were left in a directory by programs that others had started.
    func coresLeft(in directory: String) -> [Crash] {
        guard case .file(let other, let prefix) = CorePattern.current else { return [] }
        let place = other ?? directory
        return cores(in: place, prefix: prefix).map { found in
            let core = claim(found, in: place, as: "core.\(found.notes.program).\(found.notes.pid)")
            let signal = ExitStatus.signaled(number: found.notes.signal).crashSignal ?? "signal \(found.notes.signal)"
            return Crash(
                .signal(number: found.notes.signal), "\(signal) in \(found.notes.program); core in \(core.path)",
                core: core)
        }
    }

    /// Reports that sanitizers were told to write to files: `log_path` is where each process appends its number.
    func reports(at logPath: String) -> [Crash] {
        let parts = logPath.split(separator: "/")
        guard logPath.hasPrefix("/"), let base = parts.last else { return [] }
        let place = parts.dropLast().map { "/" + $0 }.joined()
        return names(in: place).filter { $0.hasPrefix("\(base).") }.compactMap { name in
            let path = "\(place)/\(name)"
            guard isNew(path), let directory = open(place), let text = directory.contents(of: name) else { return nil }
            let lines = text.split(separator: "\n").map(String.init)
            guard let head = lines.lazy.compactMap({ Crash(line: $0) }).first else { return nil }
            return Crash(head.cause, "\(head.summary)\n\(text)")
        }
    }

    // MARK: Files

    private struct FoundCore {
        var name: String
        var size: Int
        /// When it was written, in nanoseconds since 1970.
        var time: Int64
        var notes: CoreNotes
    }

    /// A directory as the node sees it, held so that no link leads out of the node.
    private struct Place: ~Copyable {
        let descriptor: OwnedDescriptor

        var path: String { "/proc/self/fd/\(descriptor.number)" }

        func contents(of name: String) -> String? {
            guard let file = try? OwnedDescriptor.open(name, below: descriptor, O_RDONLY, followingLinks: false) else {
                return nil
            }
            var octets: [UInt8] = []
            while let part = try? file.read(), !part.isEmpty { octets += part }
            return String(decoding: octets, as: UTF8.self)
        }
    }

    private func open(_ directory: String) -> Place? {
        guard let root = try? OwnedDescriptor.open("/proc/\(pid)/root", OwnedDescriptor.pathOnly),
            let descriptor = try? OwnedDescriptor.open(
                directory, below: root, O_RDONLY | O_DIRECTORY, followingLinks: true)
        else { return nil }
        return Place(descriptor: descriptor)
    }

    private func names(in directory: String) -> [String] {
        guard let place = open(directory) else { return [] }
        return FileSystem.names(in: place.path).sorted()
    }

    private func cores(in directory: String, prefix: String) -> [FoundCore] {
        guard let place = open(directory) else { return [] }
        return FileSystem.names(in: place.path).sorted().compactMap { name in
            guard name.hasPrefix(prefix), !told.withLock({ $0.contains("\(directory)/\(name)") }),
                let file = try? OwnedDescriptor.open(name, below: place.descriptor, O_RDONLY, followingLinks: false),
                let extent = file.extent, let notes = CoreNotes(of: file)
            else { return nil }
            return FoundCore(name: name, size: extent.size, time: extent.time, notes: notes)
        }
    }

    /// Gives a core a name of its own, so that the next one does not take its place.
    private func claim(_ core: FoundCore, in directory: String, as wish: String) -> CoreFile {
        let name = String(wish.map { $0 == "/" ? "_" : $0 })
        var isRenamed = false
        if let place = open(directory) {
            isRenamed = (try? FileSystem.rename("\(place.path)/\(core.name)", to: "\(place.path)/\(name)")) != nil
        }
        let path = "\(directory)/\(isRenamed ? name : core.name)"
        told.withLock { _ = $0.insert(path) }
        return CoreFile(path: path, size: core.size)
    }

    private func isNew(_ path: String) -> Bool {
        told.withLock { $0.insert(path).inserted }
    }
}

/// What the host's `kernel.core_pattern` does with cores. It belongs to all, and is never changed here.
enum CorePattern: Hashable, CustomStringConvertible {
    /// A program of the host's gets them.
    case program(String)
    /// A file of the node's, whose name begins like this; in the directory of the program when none is named.
    case file(directory: String?, prefix: String)

    /// Reads a pattern as in core(5); what comes after its first `%` is different for each core.
    init(_ text: String) {
        let text = text.filter { $0 != "\n" }
        if text.hasPrefix("|") {
            self = .program(String(text.dropFirst().prefix { $0 != " " }))
            return
        }
        let fixed = text.prefix { $0 != "%" }
        let name = fixed.split(separator: "/", omittingEmptySubsequences: false).last ?? fixed
        let directory = fixed.dropLast(name.count + 1)
        self = .file(
            directory: text.hasPrefix("/") ? (directory.isEmpty ? "/" : String(directory)) : nil, prefix: String(name))
    }

    static var current: Self {
        let octets = try? OwnedDescriptor.open("/proc/sys/kernel/core_pattern", O_RDONLY).read()
        return Self(String(decoding: octets ?? Array("core".utf8), as: UTF8.self))
    }

    var description: String {
        switch self {
        case .program(let path): path
        case .file(let directory, let prefix): "\(directory.map { "\($0)/" } ?? "")\(prefix)"
        }
    }
}

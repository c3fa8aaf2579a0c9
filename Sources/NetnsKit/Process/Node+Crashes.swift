import Glibc
import LinuxSystem
import Synchronization
import Timeline
import Wire

extension Node {
    /// Puts on record what crashes have left and nobody has told of: cores of programs that other programs had started,
    /// and the files of sanitizers whose options name a `log_path`.
    func collectCrashes() {
        guard let scene else { return }
        for process in processes.withLock({ $0 }) {
            let crashes =
                scene.coresLeft(in: process.directory) + process.sanitizerLogs.flatMap { scene.reports(at: $0) }
            for crash in crashes {
                recorder.append(
                    TimelineEvent(at: MonotonicClock.now, node: name, .crashed(process: process.name, crash)))
            }
        }
    }

    /// Copies a file of the node to one of the host's, such as a core before the lab and its files are gone.
    ///
    /// - Parameters:
    ///   - path: as the node sees it.
    ///   - destination: of the host; a file that is there is written over.
    public func copy(_ path: String, to destination: String) throws(LabError) {
        let host = try host()
        try file(path) { () throws(SystemError) in
            let source = try OwnedDescriptor.open(path, below: host.root(), O_RDONLY, followingLinks: true)
            let copy = try OwnedDescriptor.open(destination, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
            while let part = try source.read(atMost: 1 << 20), !part.isEmpty { try copy.write(part) }
        }
    }
}

extension NodeProcess {
    /// Where sanitizers of this program write to files.
    fileprivate var sanitizerLogs: Set<String> {
        let names = ["ASAN_OPTIONS", "LSAN_OPTIONS", "MSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"]
        let options = environment.filter { variable in names.contains { variable.hasPrefix("\($0)=") } }
            .flatMap { $0.drop { $0 != "=" }.dropFirst().split { ": ".contains($0) } }
        return Set(
            options.compactMap { option in
                let word = "log_path="
                return option.hasPrefix(word)
                    ? String(option.dropFirst(word.count).filter { !"'\"".contains($0) }) : nil
            })
    }
}

extension Lab {
    /// Puts on record what crashes have left in the nodes; a lab does so by itself before it ends.
    ///
    /// - Returns: every crash until now, those included that were on record before.
    @discardableResult
    public func collectCrashes() -> [TimelineEvent] {
        for node in nodes.values { node.collectCrashes() }
        return timeline.crashes
    }

    /// Copies the cores of all crashes into a directory of the host's, as `NODE-core.PROCESS.PID`.
    ///
    /// - Returns: the paths of the copies.
    @discardableResult
    public func saveCores(into directory: String) throws(LabError) -> [String] {
        try translated { () throws(SystemError) in try FileSystem.makeDirectories(directory) }
        var copies: [String] = []
        for event in collectCrashes() {
            guard let core = event.crash?.core, let node = event.node.flatMap({ nodes[$0] }) else { continue }
            let copy = "\(directory)/\(node.name)-\(core.path.split(separator: "/").last ?? "core")"
            try node.copy(core.path, to: copy)
            copies.append(copy)
        }
        return copies
    }
}

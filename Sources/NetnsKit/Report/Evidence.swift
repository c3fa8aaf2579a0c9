import LinuxSystem
import Timeline
import Wire

/// What a lab leaves for whoever must find out what happened in it: a few files that tell the same story.
public struct Evidence: Sendable {
    /// One file of it.
    public struct File: Hashable, Sendable {
        /// Without a directory, such as `diagram.txt`.
        public var name: String
        /// What the file holds, text in UTF-8.
        public var octets: [UInt8]

        /// A file of text.
        public init(_ name: String, _ text: String) {
            self.init(name, octets: Array(text.utf8))
        }

        /// A file of anything.
        public init(_ name: String, octets: [UInt8]) {
            self.name = name
            self.octets = octets
        }
    }

    /// Those of the lab's `Report`, `topology.txt`, a `NODE-PROCESS.log` for each program that wrote anything, and
    /// `seed.txt`.
    public var files: [File]

    /// Collects what is on record now; the title stands above the picture.
    public init(_ lab: Lab, title: String = "") throws {
        let report = lab.report(title: title)
        files = try report.files()
        files.append(File("topology.txt", "\(TopologyDrawing(lab.topology))"))
        files += report.logs
        files.append(File("seed.txt", "\(lab.topology.seed)\n"))
    }

    /// Writes the files into a directory, which is made where it is missing; files of those names are replaced.
    public func write(to directory: String) throws(SystemError) {
        try FileSystem.makeDirectories(directory)
        for file in files { try FileSystem.replace("\(directory)/\(file.name)", with: file.octets, mode: 0o644) }
    }
}

extension Report {
    /// What each program wrote, both streams, in a file of its own.
    fileprivate var logs: [Evidence.File] {
        var logs: [String: String] = [:]
        for event in timeline {
            guard let node = event.node, case .output(let process, _, let line) = event.kind else { continue }
            let name = String("\(node)-\(process).log".map { $0 == "/" ? "_" : $0 })
            logs[name, default: ""] += "\((event.time - origin).decimalSeconds()) \(line)\n"
        }
        return logs.sorted { $0.key < $1.key }.map { Evidence.File($0.key, $0.value) }
    }
}

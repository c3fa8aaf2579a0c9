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
    }

    /// `diagram.txt` for people, `timeline.ndjson` for programs, `lab.pcapng` for Wireshark, a `NODE-PROCESS.log` for
    /// each program that wrote anything, and `seed.txt`.
    public private(set) var files: [File] = []

    /// Collects what is on record now.
    public init(_ lab: Lab) throws {
        try self.init(
            lab.timeline, topology: lab.topology, origin: lab.start,
            realTimeOffset: .nanoseconds(lab.offsetToRealTime))
    }

    /// Makes the files of a timeline.
    ///
    /// - Parameters:
    ///   - timeline: what happened.
    ///   - topology: where; its nodes are the columns of the drawing, in its order.
    ///   - origin: the zero of the times in them.
    ///   - realTimeOffset: from the timeline's clock to the time since 1970.
    public init(_ timeline: Timeline, topology: Topology, origin: Instant, realTimeOffset: Duration) throws {
        let drawing = Diagram.Options(maximumRows: 400, nodes: topology.nodes.map(\.name), origin: origin)
        add("diagram.txt", "\(Diagram(timeline, drawing))\n")
        let lines = try timeline.map { try JSONLines.line(EventRecord($0, origin: origin)) + "\n" }
        add("timeline.ndjson", lines.joined())
        files.append(File(name: "lab.pcapng", octets: PCAPNG(timeline, realTimeOffset: realTimeOffset).octets))
        for (name, log) in Self.logs(timeline, origin).sorted(by: { $0.key < $1.key }) { add(name, log) }
        add("seed.txt", "\(topology.seed)\n")
    }

    private mutating func add(_ name: String, _ text: String) {
        files.append(File(name: name, octets: Array(text.utf8)))
    }

    /// What each program wrote, both streams, by the name of its file.
    private static func logs(_ timeline: Timeline, _ origin: Instant) -> [String: String] {
        var logs: [String: String] = [:]
        for event in timeline {
            guard let node = event.node, case .output(let process, _, let line) = event.kind else { continue }
            let name = "\(node)-\(process).log".map { $0 == "/" ? "_" : $0 }
            logs[String(name), default: ""] += "\((event.time - origin).decimalSeconds()) \(line)\n"
        }
        return logs
    }

    /// Writes the files into a directory, which is made where it is missing.
    public func write(to directory: String) throws(SystemError) {
        try FileSystem.makeDirectories(directory)
        for file in files { try FileSystem.replace("\(directory)/\(file.name)", with: file.octets, mode: 0o644) }
    }
}

import Timeline
import Wire

/// A timeline as files: for people, for programs and for Wireshark.
public struct Report: Sendable {
    /// What the files tell of.
    public var timeline: Timeline
    /// The instant that is shown as zero.
    public var origin: Instant
    /// From the lab's clock to nanoseconds since 1970.
    public var offsetToRealTime: Int64
    /// Above the picture.
    public var title: String
    /// How the drawing in characters is made; its origin is the report's.
    public var drawing: Diagram.Options
    /// How the picture is made; its nodes, origin and title are the report's.
    public var picturing: Swimlanes.Options

    /// The names of the files.
    public enum FileName {
        /// One event a line, in JSON, for programs.
        public static let events = "timeline.ndjson"
        /// The drawing in ASCII, for people and for logs.
        public static let diagram = "diagram.txt"
        /// The same as a picture with a lane for each node.
        public static let picture = "timeline.svg"
        /// Frames, kernel events and lines of output, for Wireshark.
        public static let capture = "lab.pcapng"
    }

    /// Prepares the files of a timeline; nothing is written yet.
    public init(
        _ timeline: Timeline, origin: Instant, offsetToRealTime: Int64, title: String = "",
        drawing: Diagram.Options, picturing: Swimlanes.Options = .init()
    ) {
        self.timeline = timeline
        self.origin = origin
        self.offsetToRealTime = offsetToRealTime
        self.title = title
        self.drawing = drawing
        self.drawing.origin = origin
        self.picturing = picturing
    }

    /// One JSON object for each event, one to a line, without line ends.
    public func eventLines() throws -> [String] {
        try timeline.map { try JSONLines.line(EventRecord($0, origin: origin)) }
    }

    /// The drawing in characters.
    public var diagram: String { Diagram(timeline, drawing).description }

    /// The picture.
    public var picture: String {
        var options = picturing
        (options.nodes, options.origin, options.title) = (drawing.nodes, origin, title)
        return Swimlanes(timeline, options).svg
    }

    /// Every frame once, what the kernels said, and the journal.
    public var capture: [UInt8] {
        PCAPNG(
            timeline, realTimeOffset: .nanoseconds(offsetToRealTime), including: [.netlink, .journal],
            frames: \.isSent
        ).octets
    }

    /// Everything as files.
    public func files() throws -> [Evidence.File] {
        [
            .init(FileName.diagram, diagram),
            .init(FileName.events, try eventLines().map { $0 + "\n" }.joined()),
            .init(FileName.picture, picture),
            .init(FileName.capture, octets: capture),
        ]
    }
}

extension Lab {
    /// What was recorded until now as people read it, with the nodes in the topology's order.
    public var diagram: Diagram {
        Diagram(timeline, Diagram.Options(nodes: topology.nodes.map(\.name), origin: start))
    }

    /// Everything that was recorded until now, as files can have it; zero is when the lab was ready.
    public func report(title: String = "") -> Report {
        let drawing = Diagram.Options(width: 110, maximumRows: 400, nodes: topology.nodes.map(\.name))
        return Report(
            timeline, origin: start, offsetToRealTime: offsetToRealTime, title: title, drawing: drawing)
    }
}

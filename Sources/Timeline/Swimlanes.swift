import Wire

/// A timeline as a picture: a lane for each node, time to the right, in a file that needs nothing else (SVG).
///
/// Bars say which kernel had an address, and are red where two had it; ticks are advertisements, diamonds
/// announcements; a strip shows when a client was answered. Bands are faults until they are healed, shaded where the
/// host stood still or a link was down. Every mark says more under the pointer. The first panel shows everything, the
/// others the moments of a handover, stretched.
///
/// The size of the file is bounded by the width and the number of nodes, however long the timeline is: marks of one
/// kind that would touch are drawn once.
public struct Swimlanes: Hashable, Sendable {
    /// The whole file.
    public let svg: String

    /// Draws a timeline.
    public init(_ timeline: Timeline, _ options: Options = Options()) {
        let story = SwimlaneStory(timeline, options)
        let origin = options.origin ?? timeline.first?.time ?? .zero
        let length = Swift.max(timeline.endTime - origin, .milliseconds(1))
        // What happened last must not stand on the edge.
        let whole = origin...origin + length + length / 50
        let width = Double(max(options.width, 400))
        var canvas = SVGCanvas()
        var y = 8.0
        if !options.title.isEmpty {
            canvas.text("title", options.title, x: 12, y: y + 14)
            y += 26
        }
        let windows = [whole] + (options.showsHandovers ? story.handovers : [])
        for (index, window) in windows.enumerated() {
            let scale = SwimlaneScale(window: window, origin: origin, left: 124, right: width - 16)
            var panel = SwimlanePanel(story, scale, isWhole: index == 0)
            panel.draw()
            canvas.append(panel.canvas, as: Self.panelName, y: y, height: panel.height)
            y += panel.height + 16
        }
        for line in Self.legend.split(separator: "\n") {
            canvas.text("note", String(line), x: 12, y: y + 6)
            y += 15
        }
        y = Self.list(story.verdicts, origin: origin, from: y + 4, on: &canvas)
        svg = Self.file(canvas, width: width, height: y + 8)
    }

    /// The class of the groups that hold a panel each; `data-height` says how high it is.
    public static let panelName = "panel"

    /// How a picture is drawn.
    public struct Options: Sendable {
        /// In pixels; at least 400.
        public var width: Int
        /// The lanes from top to bottom; nil for every node, in the order in which they first appear.
        public var nodes: [String]?
        /// Lanes beyond this are left out, and the picture says so.
        public var maximumNodes: Int
        /// The instant that is drawn as 0; nil for the first event.
        public var origin: Instant?
        /// Above the picture; none when empty.
        public var title: String
        /// Whether faults get a panel of their own, from just before to the end of what they caused.
        public var showsHandovers: Bool

        /// When theory has something happen.
        public var expectations: [Expectation]
        /// What an event says beside its own meaning; nil for nothing.
        public var reading: @Sendable (TimelineEvent) -> Sign?

        /// By default 1200 pixels wide, with up to 24 lanes in the order in which nodes appear, a panel for each
        /// fault, and no program's lines read.
        public init(
            width: Int = 1200, nodes: [String]? = nil, maximumNodes: Int = 24, origin: Instant? = nil,
            title: String = "", showsHandovers: Bool = true, expectations: [Expectation] = [],
            reading: @escaping @Sendable (TimelineEvent) -> Sign? = { _ in nil }
        ) {
            self.width = width
            self.nodes = nodes
            self.maximumNodes = maximumNodes
            self.origin = origin
            self.title = title
            self.showsHandovers = showsHandovers
            self.expectations = expectations
            self.reading = reading
        }
    }

    /// What the marks are, in lines.
    public static let legend = """
        tick: an advertisement, as high as its priority, with arrows to those who heard the first and the last · red \
        tick: priority 0 · ◆ announcement · ◇ learned elsewhere · ▸ start · × end
        bars: the router's state; then whose kernel has the address (red: two have it) · thick strip: a client is \
        answered, thin: it is not
        ✓ × a check's result · ⚑ a script or webhook was told · dashed green: when theory expects a takeover
        """

    /// Verdicts as lines, those that failed first when there are too many.
    private static func list(
        _ verdicts: [SwimlaneStory.Verdict], origin: Instant, from top: Double, on canvas: inout SVGCanvas
    ) -> Double {
        let limit = 14
        let failed = verdicts.filter { $0.outcome != .passed }
        let shown = verdicts.count <= limit ? verdicts : Array(failed.prefix(limit))
        var y = top
        for verdict in shown {
            let mark =
                switch verdict.outcome {
                case .passed: "✓"
                case .inconclusive: "?"
                case .failed: "✗"
                }
            let time = (verdict.time - origin).decimalSeconds()
            canvas.text(verdict.outcome.rawValue, "\(mark) \(time)  \(verdict.text)", x: 12, y: y + 10)
            y += 16
        }
        if shown.count < verdicts.count {
            canvas.text("note", "and \(verdicts.count - shown.count) more verdicts", x: 12, y: y + 10)
            y += 16
        }
        return y
    }

    private static func file(_ canvas: SVGCanvas, width: Double, height: Double) -> String {
        let size = "\(Int(width)) \(Int(height))"
        return """
            <svg xmlns="http://www.w3.org/2000/svg" class="swimlanes" viewBox="0 0 \(size)" width="\(Int(width))" \
            height="\(Int(height))">
            <style>\(style)</style>
            <rect class="paper" width="100%" height="100%"/>
            \(canvas.body)</svg>

            """
    }
}

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
        let story = SwimlaneStory(timeline, nodes: options.nodes, maximumNodes: options.maximumNodes)
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
            let scale = SwimlaneScale(window: window, origin: origin, left: 120, right: width - 16)
            var panel = SwimlanePanel(story, scale, top: y, isWhole: index == 0)
            panel.draw()
            canvas.append(panel.canvas)
            y = panel.bottom + 18
        }
        canvas.text("note", Self.legend, x: 12, y: y + 6)
        y = Self.list(story.verdicts, origin: origin, from: y + 18, on: &canvas)
        svg = Self.file(canvas, width: width, height: y + 8)
    }

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

        /// By default 1200 pixels wide, with up to 24 lanes in the order in which nodes appear, and a panel for each
        /// fault.
        public init(
            width: Int = 1200, nodes: [String]? = nil, maximumNodes: Int = 24, origin: Instant? = nil,
            title: String = "", showsHandovers: Bool = true
        ) {
            self.width = width
            self.nodes = nodes
            self.maximumNodes = maximumNodes
            self.origin = origin
            self.title = title
            self.showsHandovers = showsHandovers
        }
    }

    private static let legend = """
        bar: the kernel has the address (red: two have it) · tick: advertisement, with arrows to those who heard the \
        first and the last · ◆ announcement · ◇ learned elsewhere · ▸ start · × end · strip: a client's requests
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
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size)" width="\(Int(width))" height="\(Int(height))">
            <style>\(style)</style>
            <rect class="paper" width="100%" height="100%"/>
            \(canvas.body)</svg>

            """
    }

    /// Colors that those who do not tell red from green can tell apart, for light and dark surroundings.
    private static let style = """

        svg { --paper: #ffffff; --ink: #1f2328; --faint: #d0d7de; --quiet: #656d76; --own: #2f6fbf; --clash: #c8202f;
          --fault: #e08a00; --tick: #1f2328; --tell: #8250df; --well: #1a8a4a; --shade: #656d76; }
        @media (prefers-color-scheme: dark) { svg { --paper: #0d1117; --ink: #e6edf3; --faint: #30363d;
          --quiet: #8d96a0; --own: #4f94ef; --clash: #ff5a65; --fault: #f0a020; --tick: #e6edf3; --tell: #b392f0;
          --well: #3fb968; --shade: #8d96a0; } }
        text { font: 12px system-ui, sans-serif; fill: var(--ink); }
        .paper { fill: var(--paper); }
        .title { font-size: 15px; font-weight: 600; }
        .name { font-weight: 600; }
        .note, .scale, .address { fill: var(--quiet); font-size: 11px; }
        .grid { stroke: var(--faint); }
        .lane { stroke: var(--quiet); stroke-opacity: .5; }
        .tick { stroke: var(--tick); stroke-width: 1.2; }
        .resign { stroke: var(--clash); stroke-width: 2; }
        .heard { stroke: var(--tick); stroke-opacity: .3; }
        .own { fill: var(--own); fill-opacity: .8; }
        .clash { fill: var(--clash); }
        .tell { fill: var(--tell); }
        .learn { fill: var(--paper); stroke: var(--tell); stroke-width: 1.4; }
        .start { fill: var(--well); }
        .end { fill: var(--clash); }
        .answered { fill: var(--well); fill-opacity: .75; }
        .missed { fill: var(--clash); fill-opacity: .85; }
        .fault { fill: var(--fault); fill-opacity: .16; }
        .faultline { stroke: var(--fault); stroke-width: 1.6; }
        .faultname { fill: var(--fault); font-weight: 600; }
        .step { stroke: var(--quiet); stroke-dasharray: 3 3; }
        .stall { fill: var(--shade); fill-opacity: .32; }
        .down { fill: var(--shade); fill-opacity: .25; }
        .lost { stroke: var(--clash); stroke-dasharray: 1 3; }
        .passed { fill: var(--well); } .inconclusive { fill: var(--faint); }
        .failed { fill: var(--clash); font-weight: 600; }

        """
}

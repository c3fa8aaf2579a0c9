import Wire

/// One view of a story: its lanes between two instants. It begins at zero and is moved to its place.
struct SwimlanePanel {
    var canvas = SVGCanvas()
    let story: SwimlaneStory
    let scale: SwimlaneScale
    let lanes: [SwimlaneLane]
    private let isWhole: Bool
    /// Above the lanes: the panel's name, and what happened to all.
    private let head: Double

    /// Rows of names above the lanes.
    private static let nameRows = 3

    init(_ story: SwimlaneStory, _ scale: SwimlaneScale, isWhole: Bool) {
        self.story = story
        self.scale = scale
        self.isWhole = isWhole
        let hasNames = (story.steps.map(\.time) + story.faults.map(\.from)).contains(where: scale.window.contains)
        head = (isWhole ? 2 : 18) + (hasNames ? 15 * Double(Self.nameRows) : 4)
        var y = head
        lanes = story.nodes.map { node in
            let lane = SwimlaneLane(node, story, top: y)
            y = lane.bottom
            return lane
        }
    }

    private var lanesBottom: Double { lanes.last?.bottom ?? head }
    /// How much room it takes.
    var height: Double { lanesBottom + 22 + (story.hiddenNodes > 0 ? 16 : 0) }

    mutating func draw() {
        drawScale()
        drawWhatHappenedToAll()
        for lane in lanes { draw(lane) }
        drawArrows()
        guard story.hiddenNodes > 0 else { return }
        canvas.text("note", "and \(story.hiddenNodes) more nodes", x: 12, y: lanesBottom + 32)
    }

    // MARK: Around the lanes

    private mutating func drawScale() {
        if !isWhole {
            let length = (scale.window.upperBound - scale.window.lowerBound).nanoseconds / 1000
            let start = (scale.window.lowerBound - scale.origin).text
            canvas.text("note", "a handover: \(length) µs from \(start) on", x: 12, y: 12)
        }
        canvas.lines("grid", scale.marks.map { (scale.x($0.instant), head, lanesBottom + 4) })
        for (instant, label) in scale.marks {
            let x = scale.x(instant)
            // A label that would leave the picture is left out.
            if x + 6 * Double(label.count) < scale.right + 12 {
                canvas.text("scale", label, x: x + 2, y: lanesBottom + 15)
            }
        }
    }

    private mutating func drawWhatHappenedToAll() {
        let y = head - 4...lanesBottom
        let scale = scale
        let line = { (time: Instant) in (scale.x(time), y.lowerBound, y.upperBound) }
        for stall in story.stalls { drawBand("stall", stall, y) }
        for fault in story.faults where fault.until != nil { drawBand("meanwhile", fault, y) }
        let faults = story.faults.filter { scale.window.contains($0.from) }
        let steps = story.steps.filter { scale.window.contains($0.time) }
        canvas.lines("step", steps.map { line($0.time) })
        canvas.lines("faultline", faults.map { line($0.from) })
        canvas.lines("lost", story.losses.map(\.time).filter(scale.window.contains).map(line))
        // What was done matters most, and has its name whatever else has none.
        var names = LabelRows(rows: Self.nameRows)
        for fault in faults { putName(fault.text, "faultname", at: scale.x(fault.from), &names) }
        for step in steps { putName(step.text, "note", at: scale.x(step.time), &names) }
    }

    private mutating func putName(_ text: String, _ style: SVGCanvas.Style, at x: Double, _ names: inout LabelRows) {
        let width = LabelRows.width(of: text)
        // Where it would leave the picture it ends at its edge.
        let edge = scale.right + 12
        let endsThere = x + 3 + width > edge
        let start = endsThere ? edge - width : x + 3
        guard let row = names.row(from: start, to: start + width) else { return }
        let y = (isWhole ? 12 : 28) + 15 * Double(row)
        canvas.text(style, text, x: endsThere ? edge : start, y: y, endsThere: endsThere)
    }

    mutating func drawBand(_ style: SVGCanvas.Style, _ stretch: SwimlaneStory.Stretch, _ y: ClosedRange<Double>) {
        guard let x = scale.span(from: stretch.from, to: stretch.until ?? story.end) else { return }
        canvas.box(style, x: x, y: y, title: stretch.text)
    }

    // MARK: Between lanes

    /// From the first and the last advertisement of each sender to those who heard it.
    private mutating func drawArrows() {
        var spacing = Spacing(least: 4)
        for advertisement in story.advertisements
        where advertisement.isEdge && scale.window.contains(advertisement.time) {
            let x = scale.x(advertisement.time)
            guard let sender = story.nodes.firstIndex(of: advertisement.node), spacing.leaves(x) else { continue }
            for (hearer, node) in story.nodes.enumerated() where advertisement.hearers.contains(node) {
                let isBelow = hearer > sender
                let end = isBelow ? lanes[hearer].tickLine - 12 : lanes[hearer].tickLine
                canvas.lines("heard", [(x, lanes[sender].tickLine - (isBelow ? 0 : 12), end)])
                canvas.shape(
                    "tick", [(-3, isBelow ? -6 : 6), (3, isBelow ? -6 : 6), (0, 0)], x: x, y: end,
                    title: "\(node) hears \(advertisement.node), priority \(advertisement.priority)")
            }
        }
    }
}

/// Leaves out marks that would touch the one before.
struct Spacing {
    var least: Double
    private var last = -Double.infinity

    init(least: Double) {
        self.least = least
    }

    mutating func leaves(_ x: Double) -> Bool {
        guard x - last >= least else { return false }
        last = x
        return true
    }
}

/// Puts names beside one another in a few rows; what does not fit has no name.
private struct LabelRows {
    private var taken: [[ClosedRange<Double>]]

    init(rows: Int) {
        taken = Array(repeating: [], count: rows)
    }

    /// About what the font takes, rather too much.
    static func width(of text: String) -> Double { 7.4 * Double(text.count) }

    mutating func row(from start: Double, to end: Double) -> Int? {
        let room = start - 4...max(start, end) + 4
        guard let row = taken.firstIndex(where: { !$0.contains { $0.overlaps(room) } }) else { return nil }
        taken[row].append(room)
        return row
    }
}

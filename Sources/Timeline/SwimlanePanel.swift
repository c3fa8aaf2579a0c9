import Wire

/// One view of a story: its lanes between two instants.
struct SwimlanePanel {
    private(set) var canvas = SVGCanvas()
    private let story: SwimlaneStory
    private let scale: SwimlaneScale
    private let top: Double
    private let isWhole: Bool

    /// Above the lanes: the panel's name, and what happened to all.
    private let head = 46.0
    private let ticksHeight = 26.0
    private let barHeight = 9.0

    init(_ story: SwimlaneStory, _ scale: SwimlaneScale, top: Double, isWhole: Bool) {
        self.story = story
        self.scale = scale
        self.top = top
        self.isWhole = isWhole
    }

    private var laneHeight: Double { 16 + ticksHeight + (barHeight + 3) * Double(story.addresses.count) + 8 }
    private var lanesTop: Double { top + head }
    private var lanesBottom: Double { lanesTop + laneHeight * Double(story.nodes.count) }
    /// Where the next panel may begin.
    var bottom: Double { lanesBottom + 20 + (story.hiddenNodes > 0 ? 16 : 0) }

    mutating func draw() {
        drawScale()
        drawWhatHappenedToAll()
        for (index, node) in story.nodes.enumerated() { drawLane(node, index) }
        drawArrows()
        guard story.hiddenNodes > 0 else { return }
        canvas.text("note", "and \(story.hiddenNodes) more nodes", x: 12, y: lanesBottom + 30)
    }

    private func laneTop(_ index: Int) -> Double { lanesTop + laneHeight * Double(index) }
    /// Where ticks stand.
    private func tickLine(_ index: Int) -> Double { laneTop(index) + 16 + ticksHeight }

    // MARK: Around the lanes

    private mutating func drawScale() {
        if !isWhole {
            let length = (scale.window.upperBound - scale.window.lowerBound).nanoseconds / 1000
            let start = (scale.window.lowerBound - scale.origin).text
            canvas.text("note", "a handover: \(length) µs from \(start) on", x: 12, y: top + 12)
        }
        for (instant, label) in scale.marks {
            let x = scale.x(instant)
            canvas.line("grid", from: (x, lanesTop), to: (x, lanesBottom + 4))
            // A label that would leave the picture is left out.
            if x + 6 * Double(label.count) < scale.right + 12 {
                canvas.text("scale", label, x: x + 2, y: lanesBottom + 15)
            }
        }
    }

    private mutating func drawWhatHappenedToAll() {
        let y = lanesTop - 4...lanesBottom
        for stall in story.stalls { drawBand("stall", stall, y) }
        for fault in story.faults where fault.until != nil { drawBand("fault", fault, y) }
        var names = LabelRows(rows: 2)
        for step in story.steps where scale.window.contains(step.time) {
            let x = scale.x(step.time)
            canvas.line("step", from: (x, y.lowerBound), to: (x, y.upperBound))
            putName(step.text, "note", at: x, &names)
        }
        for fault in story.faults where scale.window.contains(fault.from) {
            let x = scale.x(fault.from)
            canvas.line("faultline", from: (x, y.lowerBound), to: (x, y.upperBound))
            putName(fault.text, "faultname", at: x, &names)
        }
        for loss in story.losses where scale.window.contains(loss.time) {
            let x = scale.x(loss.time)
            canvas.line("lost", from: (x, y.lowerBound), to: (x, y.upperBound))
        }
    }

    private mutating func putName(_ text: String, _ style: SVGCanvas.Style, at x: Double, _ names: inout LabelRows) {
        let width = LabelRows.width(of: text)
        // Where it would leave the picture it ends at its edge.
        let edge = scale.right + 12
        let endsThere = x + 3 + width > edge
        let start = endsThere ? edge - width : x + 3
        guard let row = names.row(from: start, to: start + width) else { return }
        canvas.text(style, text, x: endsThere ? edge : start, y: top + 12 + 15 * Double(row), endsThere: endsThere)
    }

    private mutating func drawBand(_ style: SVGCanvas.Style, _ stretch: SwimlaneStory.Stretch, _ y: ClosedRange<Double>)
    {
        guard let x = scale.span(from: stretch.from, to: stretch.until ?? story.end) else { return }
        canvas.box(style, x: x, y: y, title: stretch.text)
    }

    // MARK: One lane

    private mutating func drawLane(_ node: String, _ index: Int) {
        let line = tickLine(index)
        canvas.text("name", node, x: 12, y: line - 2)
        canvas.line("lane", from: (scale.left, line), to: (scale.right, line))
        for link in story.linksDown where link.node == node {
            drawBand("down", link, laneTop(index) + 4...laneTop(index) + laneHeight - 4)
        }
        drawBars(node, from: line + 4)
        drawTicks(node, line)
        drawMoments(story.announcements, "tell", Self.diamond, of: node, y: line - ticksHeight + 4)
        drawMoments(story.learned, "learn", Self.diamond, of: node, y: line - ticksHeight + 4)
        drawMoments(story.starts, "start", Self.triangle, of: node, y: line)
        drawMoments(story.ends, "end", Self.cross, of: node, y: line)
        drawRequests(node, line - 5...line - 1)
    }

    private mutating func drawBars(_ node: String, from top: Double) {
        for (row, address) in story.addresses.enumerated() {
            let y = top + (barHeight + 3) * Double(row)
            let bar = y...y + barHeight
            let spans = (story.ownership[address] ?? []).filter { $0.node == node }
            for span in spans {
                guard let x = scale.span(from: span.from, to: span.until ?? story.end) else { continue }
                canvas.box("own", x: x, y: bar, title: "\(node) has \(address)")
            }
            for clash in story.clashes[address] ?? [] where clash.nodes.contains(node) {
                guard let x = scale.span(from: clash.from, to: clash.until ?? story.end) else { continue }
                let owners = clash.nodes.joined(separator: " and ")
                canvas.box("clash", x: x, y: bar, title: "\(owners) have \(address)")
            }
            if !spans.isEmpty { canvas.text("address", "\(address)", x: 12, y: y + barHeight + 1) }
        }
    }

    private mutating func drawTicks(_ node: String, _ line: Double) {
        var spacing = Spacing(least: 2.5)
        for advertisement in story.advertisements
        where advertisement.node == node && scale.window.contains(advertisement.time) {
            let x = scale.x(advertisement.time)
            let resigns = advertisement.priority == 0
            guard resigns || advertisement.isEdge || spacing.leaves(x) else { continue }
            canvas.line(resigns ? "resign" : "tick", from: (x, line), to: (x, line - (resigns ? 18 : 12)))
        }
    }

    private mutating func drawMoments(
        _ moments: [SwimlaneStory.Moment], _ style: SVGCanvas.Style, _ outline: [(Double, Double)], of node: String,
        y: Double
    ) {
        var spacing = Spacing(least: 6)
        for moment in moments where moment.node == node && scale.window.contains(moment.time) {
            let x = scale.x(moment.time)
            guard spacing.leaves(x) else { continue }
            let time = (moment.time - scale.origin).decimalSeconds(digits: 6)
            canvas.shape(style, outline, x: x, y: y, title: "\(moment.text), \(time) s")
        }
    }

    /// A strip that is green while a client is answered and red while it is not; what is alike is one piece.
    private mutating func drawRequests(_ node: String, _ y: ClosedRange<Double>) {
        var piece: (from: Instant, until: Instant, request: ClientRequest)?
        for (owner, request, end) in story.requests where owner == node {
            if let open = piece, open.request.isAnswered == request.isAnswered, open.request.service == request.service
            {
                piece?.until = end
            } else {
                if let piece { drawPiece(piece.request, from: piece.from, to: request.asked, y) }
                piece = (request.asked, end, request)
            }
        }
        if let piece { drawPiece(piece.request, from: piece.from, to: piece.until, y) }
    }

    private mutating func drawPiece(
        _ request: ClientRequest, from start: Instant, to end: Instant, _ y: ClosedRange<Double>
    ) {
        guard let x = scale.span(from: start, to: end) else { return }
        let text = "\(request), \((end - start).text)"
        canvas.box(request.isAnswered ? "answered" : "missed", x: x, y: y, title: text)
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
                let end = isBelow ? tickLine(hearer) - 12 : tickLine(hearer)
                canvas.line("heard", from: (x, tickLine(sender) - (isBelow ? 0 : 12)), to: (x, end))
                canvas.shape(
                    "tick", [(-3, isBelow ? -6 : 6), (3, isBelow ? -6 : 6), (0, 0)], x: x, y: end,
                    title: "\(node) hears \(advertisement.node), priority \(advertisement.priority)")
            }
        }
    }

    private static let diamond: [(Double, Double)] = [(0, -5), (5, 0), (0, 5), (-5, 0)]
    private static let triangle: [(Double, Double)] = [(-3, -9), (5, -4.5), (-3, 0)]
    private static let cross: [(Double, Double)] = [
        (-5, -4), (-4, -5), (0, -1), (4, -5), (5, -4), (1, 0), (5, 4), (4, 5), (0, 1), (-4, 5), (-5, 4), (-1, 0),
    ]
}

/// Leaves out marks that would touch the one before.
private struct Spacing {
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
    private var ends: [Double]

    init(rows: Int) {
        ends = Array(repeating: -.infinity, count: rows)
    }

    /// About what the font takes, rather too much.
    static func width(of text: String) -> Double { 7.4 * Double(text.count) }

    mutating func row(from start: Double, to end: Double) -> Int? {
        guard let row = ends.firstIndex(where: { $0 < start }) else { return nil }
        ends[row] = end + 8
        return row
    }
}

import Wire

/// One lane of a panel.
extension SwimlanePanel {
    mutating func draw(_ lane: SwimlaneLane) {
        let (node, line) = (lane.node, lane.tickLine)
        canvas.text("name", node, x: 12, y: line - 2)
        canvas.line("lane", from: (scale.left, line), to: (scale.right, line))
        for link in story.linksDown where link.node == node {
            drawBand("down", link, lane.top + 4...lane.bottom - 4)
        }
        drawExpectations(lane)
        drawStates(lane)
        drawOwners(lane)
        drawTicks(lane)
        drawMoments(story.announcements, "tell", Outline.diamond, of: node, y: lane.momentLine)
        drawMoments(story.learned, "learn", Outline.diamond, of: node, y: lane.momentLine)
        drawMoments(story.starts, "start", Outline.triangle, of: node, y: line)
        drawMoments(story.ends, "end", Outline.cross, of: node, y: line)
        for (result, isGood) in story.results {
            drawMoments(
                [result], isGood ? "good" : "bad", isGood ? Outline.check : Outline.cross, of: node, y: lane.signLine)
        }
        drawMoments(story.told, "told", Outline.flag, of: node, y: lane.signLine)
        for (index, service) in lane.services.enumerated() {
            drawRequests(to: service, lane, lane.bar(ofService: index))
        }
    }

    private mutating func drawExpectations(_ lane: SwimlaneLane) {
        for expectation in story.expectations where expectation.node == lane.node {
            let y = lane.top + 4...lane.bottom - 4
            guard let x = scale.span(from: expectation.window.lowerBound, to: expectation.window.upperBound) else {
                continue
            }
            canvas.box("due", x: x, y: y, title: expectation.text)
            if x.upperBound - x.lowerBound > 54 {
                canvas.text("small", "expected", x: x.lowerBound + 3, y: y.lowerBound + 9)
            }
            if let due = expectation.due, scale.window.contains(due) {
                canvas.lines("dueline", [(scale.x(due), y.lowerBound, y.upperBound)])
            }
        }
    }

    private mutating func drawStates(_ lane: SwimlaneLane) {
        for (index, router) in lane.routers.enumerated() {
            let y = lane.bar(ofRouter: index)
            if lane.routers.count > 1 { canvas.text("address", Self.label(router), x: 12, y: y.upperBound - 3) }
            for state in story.states where state.node == lane.node && state.router == router {
                guard let x = scale.span(from: state.from, to: state.until ?? story.end) else { continue }
                let style = Self.states.contains(state.word) ? state.word.lowercased() : "other"
                let time = (state.from - scale.origin).decimalSeconds()
                let name = router.isEmpty ? lane.node : "\(lane.node) \(router)"
                canvas.box(style, x: x, y: y, title: "\(name) is \(state.word) from \(time) s on, says \(state.source)")
                guard x.upperBound - x.lowerBound > 8 * Double(state.word.count) else { continue }
                canvas.text("word", state.word, x: x.lowerBound + 4, y: y.upperBound - 3)
            }
        }
    }

    private static let states = ["MASTER", "BACKUP", "FAULT"]

    /// What the margin has room for.
    private static func label(_ text: String) -> String {
        text.count > 17 ? text.prefix(16) + "…" : text
    }

    private mutating func drawOwners(_ lane: SwimlaneLane) {
        for (index, address) in lane.addresses.enumerated() {
            let bar = lane.bar(ofAddress: index)
            let spans = (story.ownership[address] ?? []).filter { $0.node == lane.node }
            for span in spans {
                guard let x = scale.span(from: span.from, to: span.until ?? story.end) else { continue }
                canvas.box("own", x: x, y: bar, title: "\(lane.node) has \(address)")
            }
            for clash in story.clashes[address] ?? [] where clash.nodes.contains(lane.node) {
                guard let x = scale.span(from: clash.from, to: clash.until ?? story.end) else { continue }
                let owners = clash.nodes.joined(separator: " and ")
                canvas.box("clash", x: x, y: bar, title: "\(owners) have \(address)")
            }
            canvas.text("address", Self.label("\(address)"), x: 12, y: bar.upperBound)
        }
    }

    /// Each as high as its priority; a number where that is another than before.
    private mutating func drawTicks(_ lane: SwimlaneLane) {
        let line = lane.tickLine
        var (spacing, numbers) = (Spacing(least: 2.5), Spacing(least: 24))
        var (ticks, resignations): ([(Double, Double, Double)], [(Double, Double, Double)]) = ([], [])
        for advertisement in story.advertisements
        where advertisement.node == lane.node && scale.window.contains(advertisement.time) {
            let x = scale.x(advertisement.time)
            let resigns = advertisement.priority == 0
            guard resigns || advertisement.isEdge || advertisement.isChange || spacing.leaves(x) else { continue }
            let height = resigns ? 18 : 4 + 12 * Double(advertisement.priority) / 255
            if resigns { resignations.append((x, line, line - height)) } else { ticks.append((x, line, line - height)) }
            if advertisement.isChange, numbers.leaves(x) {
                canvas.text("small", "\(advertisement.priority)", x: x + 2, y: line - 15)
            }
        }
        canvas.lines("tick", ticks)
        canvas.lines("resign", resignations)
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
    private mutating func drawRequests(to service: String, _ lane: SwimlaneLane, _ y: ClosedRange<Double>) {
        canvas.text("address", Self.label(service), x: 12, y: y.upperBound)
        var piece: (from: Instant, until: Instant, request: ClientRequest)?
        for (owner, request, end) in story.requests where owner == lane.node && request.service == service {
            if let open = piece, open.request.isAnswered == request.isAnswered {
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
        // Unanswered is thin as well as red.
        let middle = (y.lowerBound + y.upperBound) / 2
        let text = "\(request), \((end - start).text)"
        if request.isAnswered {
            canvas.box("answered", x: x, y: y, title: text)
        } else {
            canvas.box("missed", x: x, y: middle - 1.5...middle + 1.5, title: text)
        }
    }
}

/// The shapes of marks, around their place.
private enum Outline {
    static let diamond: [(Double, Double)] = [(0, -5), (5, 0), (0, 5), (-5, 0)]
    static let triangle: [(Double, Double)] = [(-3, -9), (5, -4.5), (-3, 0)]
    static let cross: [(Double, Double)] = [
        (-5, -4), (-4, -5), (0, -1), (4, -5), (5, -4), (1, 0), (5, 4), (4, 5), (0, 1), (-4, 5), (-5, 4), (-1, 0),
    ]
    static let check: [(Double, Double)] = [(-5, 0), (-3.5, -1.5), (-1.5, 1), (4, -5), (5.5, -3.5), (-1.5, 4)]
    static let flag: [(Double, Double)] = [(-1, 5), (-1, -5), (6, -2.5), (0.5, 0), (0.5, 5)]
}

import LabCourse

extension CheckView {
    /// What a page has of a text that somebody else wrote.
    static let longest = 1500

    init(_ check: CheckRecord) {
        let isRead = check.verdict != .pass
        let bound = check.bound.flatMap { $0.count == 2 ? Figures.bound($0) : nil }
        self.init(
            verdict: VerdictView(check.verdict), title: Self.cut(check.title),
            expected: check.expected.isEmpty || check.verdict == .skip
                ? nil : isRead ? Self.cut(check.expected) : bound ?? Self.cut(check.expected),
            observed: Self.cut(check.observed), why: check.explanation.map(Self.cut), bar: BarView(check))
        // What was seen as it was expected is said once.
        if expected == observed { expected = nil }
    }

    static func cut(_ text: String) -> String {
        text.count > longest ? text.prefix(longest) + "…" : text
    }

    /// About what it takes in a page.
    static func size(of check: CheckRecord) -> Int {
        let texts = [check.title, check.expected, check.observed, check.explanation ?? ""]
        return texts.reduce(check.measured == nil ? 150 : 420) { $0 + min($1.utf8.count, longest) * 11 / 10 }
    }
}

extension BarView {
    /// Nil where nothing was measured. The bound takes the middle three fifths.
    init?(_ check: CheckRecord) {
        guard let measured = check.measured, let bound = check.bound, bound.count == 2, let low = bound.first,
            let high = bound.last, high > low, measured.isFinite, low.isFinite, high.isFinite
        else { return nil }
        let share = (measured - low) / (high - low)
        let percent = min(max(20 + 60 * share, 1.5), 98.5)
        place = Figures.number(percent, digits: 1)
        isOutside = share < 0 || share > 1
        let early = low > 0 ? Figures.seconds(measured - low) : nil
        let late = Figures.seconds(high - measured)
        if share > 1 {
            margin = "\(Figures.seconds(measured - high)) too late"
        } else if share < 0 {
            margin = "\(Figures.seconds(low - measured)) too early"
        } else {
            margin = "\(late) to spare"
        }
        let theory = check.theory.map { ", theory \(Figures.theory($0))" } ?? ""
        hint =
            "measured \(Figures.seconds(measured)) in \(Figures.bound(bound))\(theory)"
            + (early.map { "; \($0) after the earliest" } ?? "")
    }
}

extension MomentView {
    init(_ moment: MomentRecord) {
        self.init(
            time: Figures.seconds(moment.t), title: moment.title,
            frames: moment.frames.map { frame in
                FrameView(
                    time: Figures.number(frame.t, digits: 6),
                    after: (frame.t >= moment.t ? "+" : "") + Figures.number(frame.t - moment.t, digits: 6),
                    node: frame.node, summary: CheckView.cut(frame.summary), isChange: frame.isChange)
            },
            omitted: moment.omitted.map {
                "\($0) more up to the next moment, like those before them: lan.pcapng has all."
            })
    }
}

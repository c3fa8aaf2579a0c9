import LabCourse

extension PageBuilder {
    func scenario(_ group: ScenarioGroup, _ number: Int, _ room: PageRoom) -> ScenarioView {
        let runs = group.runs.map { document.scenarios[$0] }
        let plots = group.isRepeated && room.has(.plot, number) ? PlotView.plots(of: runs) : []
        let others = group.runs.count - group.shown.count
        let figure = Self.keyFigure(runs)
        return ScenarioView(
            id: group.id, anchor: PageLink.anchor(group.id), title: group.title, verdict: VerdictView(group.verdict),
            figure: group.isRepeated
                ? "\(runs.count) runs: \(Figures.counts(runs.map(\.record.verdict)))"
                : figure.map { "\(Figures.seconds($0.median)) (\(Figures.bound($0.bound)))" },
            isOpen: isSmall || group.verdict > .pass, runs: group.shown.map { run($0, group, room) },
            others: others > 0
                ? "Shown here: \(Figures.count(group.shown.count, "run")). The other \(others) are in the folders "
                    + "beside this page, and in the table and the plots." : nil,
            plots: plots, hasPlots: !plots.isEmpty)
    }

    private func run(_ index: Int, _ group: ScenarioGroup, _ room: PageRoom) -> RunView {
        let scenario = document.scenarios[index]
        let isProblem = scenario.record.verdict > .pass
        let hasChecks = room.has(isProblem ? .problemChecks : .checks, index)
        let checks = hasChecks ? scenario.checks : scenario.checks.filter { $0.verdict > .pass }
        let rest = scenario.checks.count - checks.count
        let hasFrames = room.has(isProblem ? .problemFrames : .frames, index)
        let moments = hasFrames ? scenario.moments.map(MomentView.init) : []
        let isPictured = room.has(isProblem ? .problemPicture : .picture, index)
        let frames = Figures.count(moments.reduce(0) { $0 + $1.frames.count }, "frame")
        return RunView(
            label: group.isRepeated ? scenario.label : nil, anchor: anchor(of: index),
            verdict: VerdictView(scenario.record.verdict), picture: isPictured ? picture(index) : nil,
            pictureLink: isPictured || pictures[index] == nil
                ? nil : address("timeline.svg", scenario),
            routers: Self.routers(scenario), checks: checks.map(CheckView.init), hasChecks: !checks.isEmpty,
            otherChecks: rest > 0 ? "\(Figures.count(rest, "check")) passed or skipped: run.json has them." : nil,
            table: scenario.table.isEmpty ? nil : scenario.table.joined(separator: "\n"), moments: moments,
            hasMoments: !moments.isEmpty,
            momentsSummary: "\(frames), around each fault and its end",
            areMomentsOpen: isProblem, notes: Self.notes(scenario), command: scenario.command, links: links(scenario))
    }

    private func picture(_ index: Int) -> PictureView? {
        guard let picture = pictures[index] else { return nil }
        let scenario = document.scenarios[index]
        var y = 0.0
        let panels = picture.panels.prefix(isWhole(index) ? Int.max : 1).map { panel in
            defer { y += panel.height + 16 }
            return PictureView.Panel(y: Figures.number(y, digits: 1), body: panel.body)
        }
        return PictureView(
            width: Figures.number(picture.width, digits: 0), height: Figures.number(y - 12, digits: 0),
            label: "Timeline of \(scenario.label): \(scenario.record.title)", panels: panels)
    }

    private static func routers(_ scenario: ScenarioDocument) -> String? {
        guard let routers = scenario.routers, !routers.isEmpty else { return nil }
        return routers.map { router in
            let (silence, resignation) = (Figures.seconds(router.silence), Figures.seconds(router.resignation))
            return
                "\(router.node) \(router.name): priority \(router.priority), takes over after \(silence) of silence, "
                + "\(resignation) after priority 0"
        }.joined(separator: "; ")
    }

    /// In seconds.
    private static let shortStall = 0.1

    private static func notes(_ scenario: ScenarioDocument) -> [String] {
        let record = scenario.record
        // Shorter ones are no news where all went well; the table of stalls has them.
        let stalls = scenario.stalls.filter { record.verdict > .pass || $0.length >= shortStall }
        var notes = stalls.prefix(4).map {
            "The host stood still for \(Figures.seconds($0.length)), until \(Figures.seconds($0.t))."
        }
        if stalls.count > 4 { notes.append("It stood still \(stalls.count) times in all.") }
        if record.attempts > 1 {
            notes.append("This is attempt \(record.attempts): what was seen before was inconclusive.")
        }
        let chance = [record.seed.map { "seed \($0)" }, record.phase.map { "phase \(Figures.number($0))" }]
        let words = chance.compactMap(\.self)
        if !words.isEmpty { notes.append("Drawn by chance or chosen: \(words.joined(separator: ", ")).") }
        return notes
    }

    // MARK: Files

    private func address(_ file: String, _ scenario: ScenarioDocument) -> String {
        PageLink.path("\(options.way)\(scenario.directory)/\(file)")
    }

    /// The files that say most; of what passed the fewest, and the folder with the others.
    private func links(_ scenario: ScenarioDocument) -> [LinkView] {
        let isProblem = scenario.record.verdict > .pass
        let always = ["lan.pcapng", "events.ndjson", "reproduce.sh"]
        let wanted = isProblem ? always + ["timeline.svg", "diagram.txt"] : always
        let names = (scenario.files ?? []).filter { name in
            wanted.contains(name) || isProblem && name.hasSuffix(".log") && !name.contains("/")
        }
        return names.map { LinkView(address: address($0, scenario), name: $0) }
            + [LinkView(address: address("", scenario), name: "all files")]
    }
}

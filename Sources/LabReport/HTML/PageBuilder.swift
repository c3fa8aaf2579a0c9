import FoundationEssentials
import LabCourse
import Timeline

/// Makes the parts of a page from a run's document and the files beside it.
struct PageBuilder {
    let document: RunDocument
    let options: HTMLReport.Options
    let groups: [ScenarioGroup]
    let pictures: [Int: InlinePicture]
    /// One pair of daemons for each column.
    let pairs: [String]

    /// With no more scenarios than this each is shown whole.
    private static let few = 3
    /// Problems on the first screen.
    private static let mostProblems = 24

    var isSmall: Bool { groups.count <= Self.few }

    init(_ document: RunDocument, _ options: HTMLReport.Options, _ file: (String) -> String?) {
        self.document = document
        self.options = options
        groups = ScenarioGroup.groups(of: document.scenarios)
        pairs = document.scenarios.map(\.record.daemon).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        pictures = groups.flatMap(\.shown).reduce(into: [:]) { pictures, index in
            let path = "\(document.scenarios[index].directory)/timeline.svg"
            pictures[index] = file(path).flatMap { InlinePicture($0) }
        }
    }

    // MARK: What there may be no room for

    var parts: [(part: PageRoom.Part, size: Int)] {
        groups.enumerated().flatMap { number, group in
            group.shown.flatMap { runParts($0) }
                + (group.isRepeated ? [(PageRoom.Part(kind: .plot, index: number), plotSize(group))] : [])
        }
    }

    private func runParts(_ index: Int) -> [(part: PageRoom.Part, size: Int)] {
        let scenario = document.scenarios[index]
        let isProblem = scenario.record.verdict > .pass
        var parts: [(PageRoom.Part, Int)] = []
        if let picture = pictures[index] {
            let panels = picture.panels.prefix(isWhole(index) ? Int.max : 1)
            let size = panels.reduce(400) { $0 + $1.body.utf8.count + 60 }
            parts.append((PageRoom.Part(kind: isProblem ? .problemPicture : .picture, index: index), size))
        }
        let passed = scenario.checks.filter { $0.verdict <= .pass }
        if !passed.isEmpty {
            let size = passed.reduce(200) { $0 + CheckView.size(of: $1) }
            parts.append((PageRoom.Part(kind: isProblem ? .problemChecks : .checks, index: index), size))
        }
        let frames = scenario.moments.flatMap(\.frames)
        if !frames.isEmpty {
            let size = frames.reduce(scenario.moments.count * 400) { $0 + $1.summary.utf8.count + 140 }
            parts.append((PageRoom.Part(kind: isProblem ? .problemFrames : .frames, index: index), size))
        }
        return parts
    }

    private func plotSize(_ group: ScenarioGroup) -> Int {
        PlotView.plots(of: group.runs.map { document.scenarios[$0] }).reduce(0) { $0 + $1.size }
    }

    /// Whether a picture keeps its handovers.
    func isWhole(_ index: Int) -> Bool { isSmall || document.scenarios[index].record.verdict > .pass }

    // MARK: The page

    func page(with room: PageRoom) -> PageView {
        let all = groupedProblems
        let verdict = document.end?.verdict ?? .inconclusive
        let words = (["labrun"] + document.run.arguments).joined(separator: " ")
        return PageView(
            title: "\(verdict.word): \(words)", style: PageTemplates.style, pictureStyle: Swimlanes.style,
            verdict: document.end == nil
                ? VerdictView(name: "inconclusive", sign: "?", word: "CUT OFF") : VerdictView(verdict),
            command: words, summary: summary, circumstances: circumstances,
            hasProblems: !all.isEmpty, problems: Array(all.prefix(Self.mostProblems)),
            moreProblems: all.count > Self.mostProblems
                ? "and \(all.count - Self.mostProblems) more, among the scenarios below" : nil,
            fine: all.isEmpty && document.diagnoses.isEmpty && verdict == .pass
                ? "Everything was as it should be."
                    + (isSmall ? "" : " Open a scenario to see what happened and how much room its bounds left.") : nil,
            overview: pairs.count > 1 ? overview : nil, diagnoses: DiagnosesView(document), steps: steps(with: room),
            environment: EnvironmentView(document), legend: Swimlanes.legend, omissions: omissions(room))
    }

    private func steps(with room: PageRoom) -> [StepView] {
        var steps: [StepView] = []
        for (number, group) in groups.enumerated() {
            if steps.last?.id != group.step { steps.append(StepView(id: group.step, scenarios: [])) }
            steps[steps.count - 1].scenarios.append(scenario(group, number, room))
        }
        return steps
    }

    private func omissions(_ room: PageRoom) -> [String] {
        let pictures = room.omitted(.problemPicture, .picture)
        let checks = room.omitted(.problemChecks, .checks)
        let frames = room.omitted(.problemFrames, .frames)
        let plots = room.omitted(.plot)
        let left = [
            pictures > 0 ? Figures.count(pictures, "picture is a link", "pictures are links") : nil,
            checks > 0 ? "what passed in \(Figures.count(checks, "run")) is counted only" : nil,
            frames > 0 ? "the frames of \(Figures.count(frames, "run")) are in events.ndjson" : nil,
            plots > 0 ? "the plots of \(Figures.count(plots, "scenario")) are left out" : nil,
        ].compactMap(\.self)
        let compact = isSmall ? [] : ["Pictures of what passed show the whole run; their handovers are in the files."]
        guard !left.isEmpty else { return compact }
        return compact + ["To stay below \(options.limit / 1000) kB, \(left.joined(separator: "; "))."]
    }

    // MARK: The first lines

    private var summary: String {
        let runs = document.scenarios.map(\.record.verdict)
        let checks = document.scenarios.flatMap { $0.checks.map(\.verdict) }
        let isRepeated = runs.count > groups.count
        let scenarios =
            isRepeated
            ? "\(Figures.count(groups.count, "scenario")) in \(runs.count) runs: \(Figures.counts(runs))"
            : "\(Figures.count(runs.count, "scenario")): \(Figures.counts(runs))"
        return "\(scenarios) · \(Figures.count(checks.count, "check")): \(Figures.counts(checks))"
    }

    private var circumstances: String {
        let run = document.run
        let daemons = run.programs.filter { $0.key != "labrun" }.sorted { $0.key < $1.key }.map(\.value)
        let length = document.end.map { "\(Figures.number($0.seconds, digits: 1)) s" }
        let parts = [Self.date(run.started), length] + daemons.map(Optional.some) + [run.machine.system]
        return parts.compactMap(\.self).joined(separator: " · ")
    }

    /// Such as `2026-11-28 15:13:02 UTC`.
    static func date(_ seconds: Double) -> String {
        guard seconds.isFinite, abs(seconds) < 1e11 else { return "?" }
        return Date(timeIntervalSince1970: seconds.rounded(.down)).formatted(.iso8601)
            .replacing("T", with: " ").replacing("Z", with: " UTC")
    }
}

extension VerdictView {
    init(_ verdict: Verdict) {
        self.init(name: verdict.rawValue, sign: verdict.sign, word: verdict.word)
    }
}

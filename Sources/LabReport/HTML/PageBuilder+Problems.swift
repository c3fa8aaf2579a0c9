import LabCourse

extension PageBuilder {
    /// What did not pass, failures first; what several runs or scenarios have in common once.
    var groupedProblems: [ProblemView] {
        var order: [[String]] = []
        var found: [[String]: [Int]] = [:]
        for (index, scenario) in document.scenarios.enumerated() {
            guard let problem = scenario.problem else { continue }
            let key = [problem.verdict.rawValue, scenario.record.daemon, problem.what]
            if found[key] == nil { order.append(key) }
            found[key, default: []].append(index)
        }
        let views = order.compactMap { key in found[key].flatMap(view) }
        return views.filter { $0.verdict.name == "fail" } + views.filter { $0.verdict.name != "fail" }
    }

    private func view(_ indices: [Int]) -> ProblemView? {
        guard let first = indices.first, let problem = document.scenarios[first].problem else { return nil }
        let scenario = document.scenarios[first]
        let record = scenario.record
        let same = indices.filter { document.scenarios[$0].record.id == record.id }
        let runs = document.scenarios.count { $0.record.id == record.id && $0.record.daemon == record.daemon }
        let others = indices.map { document.scenarios[$0].record.id }.reduce(into: [String]()) { ids, id in
            if id != record.id, !ids.contains(id) { ids.append(id) }
        }
        return ProblemView(
            verdict: VerdictView(record.verdict), label: scenario.label, anchor: anchor(of: first),
            what: CheckView.cut(problem.what), expected: CheckView.cut(problem.expected),
            observed: CheckView.cut(problem.observed), time: problem.when.map { time($0, scenario) },
            why: problem.why.map(CheckView.cut), again: scenario.command,
            count: runs > 1 ? "in \(same.count) of \(runs) runs" : nil,
            also: others.prefix(12).map { LinkView(address: PageLink.anchor($0), name: "also \($0)") })
    }

    /// When it was seen, and how long after what.
    private func time(_ seconds: Double, _ scenario: ScenarioDocument) -> String {
        let cause = scenario.moments.last { $0.t <= seconds }
        let after = cause.map { ", \(Figures.seconds(seconds - $0.t)) after: \($0.title)" } ?? ""
        return "at \(Figures.seconds(seconds))\(after)"
    }

    /// Where a run is shown; its scenario when it is not.
    func anchor(of index: Int) -> String {
        let record = document.scenarios[index].record
        let scenario = PageLink.anchor(record.id)
        let group = groups.first { $0.id == record.id }
        guard let group, group.isRepeated, group.shown.contains(index) else { return scenario }
        return "\(scenario)-run-\(index)"
    }
}

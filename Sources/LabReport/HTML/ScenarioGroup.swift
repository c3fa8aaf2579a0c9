import LabCourse

/// The runs of one scenario: with several daemons, or again and again.
struct ScenarioGroup {
    var id: String
    var title: String
    /// Places in the document.
    var runs: [Int]
    /// Those that a page shows one by one.
    var shown: [Int]
    var verdict: Verdict

    /// Such as `step2`.
    var step: String { String(id.prefix { $0 != "/" }) }

    var isRepeated: Bool { runs.count > 1 }

    /// Of one scenario, and of all, no more runs with problems are shown.
    private static let (mostShown, mostShownOfAll) = (4, 60)

    /// In the order in which scenarios first appear.
    static func groups(of scenarios: [ScenarioDocument]) -> [ScenarioGroup] {
        var groups: [ScenarioGroup] = []
        var places: [String: Int] = [:]
        for (index, scenario) in scenarios.enumerated() {
            let record = scenario.record
            if let place = places[record.id] {
                groups[place].runs.append(index)
                groups[place].verdict = max(groups[place].verdict, record.verdict)
            } else {
                places[record.id] = groups.count
                groups.append(
                    ScenarioGroup(
                        id: record.id, title: record.title, runs: [index], shown: [], verdict: record.verdict))
            }
        }
        // Runs end in any order; a step's scenarios stand together, in the order in which they ended.
        groups = groups.enumerated().sorted { ($0.element.step, $0.offset) < ($1.element.step, $1.offset) }
            .map(\.element)
        var left = mostShownOfAll
        for number in groups.indices {
            let worst = groups[number].runs.filter { scenarios[$0].record.verdict == .fail }
            let unclear = groups[number].runs.filter { scenarios[$0].record.verdict == .inconclusive }
            let chosen = (worst + unclear).prefix(min(mostShown, left))
            left -= chosen.count
            groups[number].shown = chosen.isEmpty ? Array(groups[number].runs.prefix(1)) : Array(chosen)
        }
        return groups
    }
}

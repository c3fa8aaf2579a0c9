import LabCourse

extension Catalogue {
    /// A scenario that shows a mistake: the files of a specimen in the network of its step.
    ///
    /// - Returns: nil when the course has no such step, or the mistake no demonstration.
    public static func practice(_ mistake: Mistake, _ specimen: Specimen) -> Scenario? {
        guard let demonstration = specimen.demonstration ?? mistake.demonstration,
            let step = Course.step(specimen.step),
            var scenario = step.variants[.reference]?.scenarios.first
        else { return nil }
        scenario.id = specimen.id
        scenario.title = demonstration.title
        scenario.body = demonstration.body
        return step.handedIn(scenario, step.files(of: specimen))
    }

    /// The mistakes whose codes are nearest to a word, for somebody who mistyped one.
    public static func near(_ word: String) -> [Mistake] {
        let word = word.uppercased()
        let digits = word.filter(\.isNumber)
        let same = mistakes.filter { $0.code.rawValue.dropFirst(2) == digits }
        if !same.isEmpty { return same }
        let named = mistakes.filter { $0.name.uppercased().contains(word) }
        if !word.isEmpty, !named.isEmpty { return named }
        return digits.count < 3 ? [] : mistakes.filter { $0.code.rawValue.dropFirst(2).hasPrefix(digits.prefix(2)) }
    }
}

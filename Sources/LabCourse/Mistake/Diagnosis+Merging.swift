extension Diagnosis {
    /// Joins what files say and what runs of them showed: what was seen of a mistake stands with its line.
    ///
    /// - Parameters:
    ///   - found: in files; they may have the same mistake in several lines, each with its own sentence.
    ///   - seen: in runs; several runs see the same.
    /// - Returns: the worst first, otherwise in the order of their codes.
    public static func merged(_ found: [Diagnosis], _ seen: [Diagnosis]) -> [Diagnosis] {
        var all: [Diagnosis] = []
        for diagnosis in found {
            if let index = all.firstIndex(where: { $0.says(theSameAs: diagnosis) }) {
                all[index].add(diagnosis)
            } else {
                all.append(diagnosis)
            }
        }
        for diagnosis in seen {
            // A run cannot always tell which line it was: then it goes with what does the same harm.
            let known = all.indices.filter { all[$0].code == diagnosis.code }
            let sameLine = known.first { all[$0].sharesLine(with: diagnosis) }
            if let index = sameLine ?? known.first(where: { all[$0].severity == diagnosis.severity }) ?? known.first {
                all[index].add(diagnosis)
            } else {
                all.append(diagnosis)
            }
        }
        return all.enumerated().sorted { first, second in
            let (a, b) = (first.element, second.element)
            return (b.severity, a.code.rawValue, first.offset) < (a.severity, b.code.rawValue, second.offset)
        }.map(\.element)
    }

    /// The same, seen in a run of a scenario.
    public func seen(in scenario: String) -> Diagnosis {
        var diagnosis = self
        diagnosis.because = [scenario]
        return diagnosis
    }

    private func says(theSameAs other: Diagnosis) -> Bool {
        code == other.code && (sentence == other.sentence || (!places.isEmpty && places == other.places))
    }

    private func sharesLine(with other: Diagnosis) -> Bool {
        places.contains { place in
            place.line != nil && other.places.contains { $0.file == place.file && $0.line == place.line }
        }
    }

    private mutating func add(_ other: Diagnosis) {
        severity = max(severity, other.severity)
        places += other.places.filter { place in
            !places.contains { $0.file == place.file && ($0.line == place.line || place.line == nil) }
        }
        message = message ?? other.message
        sights += other.sights.filter { !sights.contains($0) }
        let reasons = (other.because ?? []).filter { because?.contains($0) != true }
        if !reasons.isEmpty { because = (because ?? []) + reasons }
    }
}

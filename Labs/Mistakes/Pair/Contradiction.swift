import LabCourse
import Wire

/// Something that two nodes of a virtual router must say alike, and how to see that they do not.
struct Contradiction: Sendable {
    /// The keywords with which a file says it, the most telling first.
    var keywords: [String]
    /// What a file says about it, in words.
    var written: @Sendable (PairedRouter) -> String
    /// What an advertisement says about it, in words.
    var sent: @Sendable (Voice) -> String
    /// Whether two files contradict each other.
    var isWritten: @Sendable (Counterparts) -> Bool
    /// Whether two nodes' advertisements do.
    var isSent: @Sendable (Voice, Voice) -> Bool
    /// What logs say about it.
    var logged: [String]
    /// What follows.
    var consequence: String
    var remedy: String
}

extension Mistake {
    /// A mistake that two nodes make together by not saying the same.
    init(
        _ code: MistakeCode, _ name: String, _ severity: Diagnosis.Severity = .error, symptom: String, reason: String,
        wrong: String, right: String, message: String? = nil, _ contradiction: Contradiction, specimens: [Specimen],
        demonstration: Demonstration
    ) {
        self.init(
            code, name, severity, symptom: symptom, reason: reason, wrong: wrong, right: right, message: message,
            inFiles: { submission in
                Counterparts.all(in: submission).filter(contradiction.isWritten).map { pair in
                    let words = pair.both.map { "\($0.node) has \(contradiction.written($0))" }
                    return Diagnosis(
                        code, severity, at: pair.places(contradiction.keywords),
                        words.joined(separator: ", ") + ": \(contradiction.consequence).",
                        remedy: contradiction.remedy, message: message)
                }
            },
            onWire: { observation in
                guard let pair = Disunity.search(observation, where: contradiction.isSent) else { return [] }
                return [contradiction.diagnosis(code, severity, of: pair, in: observation, message)]
            },
            specimens: specimens, demonstration: demonstration)
    }
}

extension Contradiction {
    fileprivate func diagnosis(
        _ code: MistakeCode, _ severity: Diagnosis.Severity, of pair: Disunity, in observation: Observation,
        _ message: String?
    ) -> Diagnosis {
        let voices = [pair.first, pair.second]
        var sights = voices.map { observation.sight(of: $0.first, saying: sent($0)) }
        sights += [observation.sharing(of: pair.first.addresses.union(pair.second.addresses))].compactMap(\.self)
        sights += voices.compactMap { observation.line(saying: logged, of: $0.node) }
        let words = voices.map { "\($0.node) sends \(sent($0))" }
        let places = Counterparts.all(in: observation.submission).first(where: isWritten)?.places(keywords) ?? []
        return Diagnosis(
            code, severity, at: places, words.joined(separator: ", ") + ": \(consequence).", remedy: remedy,
            message: message, sights: sights)
    }
}

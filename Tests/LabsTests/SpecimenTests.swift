import LabCourse
import Labs
import Testing

@Suite("Specimens of mistakes")
struct SpecimenTests {
    /// A specimen and the mistake that it is one of.
    struct Case: CustomTestStringConvertible, Sendable {
        let specimen: Specimen
        let mistake: Mistake
        var testDescription: String { specimen.id }
    }

    static let cases = Catalogue.mistakes.flatMap { mistake in
        mistake.specimens.map { Case(specimen: $0, mistake: mistake) }
    }

    @Test("What is found in a specimen's files has its own code and no other", arguments: cases)
    func ownCode(_ one: Case) throws {
        let step = try #require(Course.step(one.specimen.step))
        let found = Workplace.findings(step.files(of: one.specimen), in: step)
        let codes = Set(found.map(\.code))
        let expected: Set = one.specimen.isFoundInFiles ? [one.mistake.code] : []
        #expect(codes == expected, "\(found.map { "\(Workplace.summary($0)) \($0.sentence)" })")
    }

    @Test("A finding names a line that says what it quotes, a sentence, and what to write", arguments: cases)
    func places(_ one: Case) throws {
        let step = try #require(Course.step(one.specimen.step))
        let files = step.files(of: one.specimen)
        for diagnosis in Workplace.findings(files, in: step) {
            #expect(!diagnosis.places.isEmpty && !diagnosis.remedy.isEmpty)
            #expect(diagnosis.sentence.split(separator: " ").count > 3, "\(diagnosis.sentence)")
            for place in diagnosis.places {
                guard let line = place.line else { continue }
                let file = try #require(files.first { $0.path == place.file }, "\(place.file)")
                let text = try #require(place.text)
                #expect(file.lines[line - 1].contains(text), "\(place.file):\(line)")
            }
        }
    }

    @Test("Names of specimens begin with their code and are unique")
    func names() {
        #expect(Set(Self.cases.map(\.specimen.id)).count == Self.cases.count)
        #expect(
            Self.cases.filter { !$0.specimen.id.hasPrefix($0.mistake.code.rawValue + "-") }.map(\.specimen.id) == [])
        let own = Self.cases.filter { (101...127).contains(Int($0.mistake.code.rawValue.dropFirst(2)) ?? 0) }
        #expect(own.count >= 60)
    }
}

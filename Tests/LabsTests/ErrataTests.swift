import LabCourse
import Labs
import Testing

@Suite("The catalogue of the text's errors")
struct ErrataTests {
    @Test("Each has an id of its own, and names the step that has it")
    func ids() {
        let all = Course.steps.flatMap(\.errata)
        #expect(Dictionary(grouping: all, by: \.id).filter { $0.value.count > 1 }.keys.sorted() == [])
        for step in Course.steps {
            #expect(step.errata.filter { $0.step != step.id }.map(\.id) == [])
        }
    }

    @Test("The first five steps have the eleven that were measured")
    func first() {
        let ids = Course.steps.prefix(5).flatMap(\.errata).map(\.id)
        #expect(ids == ["E10", "E20", "E21", "E30", "E31", "E32", "E33", "E34", "E40", "E41", "E42"])
    }

    @Test("A scenario puts each of them to the test")
    func tested() {
        let steps = Course.steps.prefix(5)
        let tested = steps.flatMap { $0.variants[.asWritten]?.scenarios ?? [] }.flatMap(\.errata).map(\.id)
        #expect(Set(tested) == Set(steps.flatMap(\.errata).map(\.id)))
    }

    @Test("What vrrpd does better is said where it does, and nowhere else")
    func ours() {
        let kinder = Course.steps.prefix(5).flatMap(\.errata).filter { $0.ours != nil }
        #expect(kinder.map(\.id) == ["E10", "E32"])
    }
}

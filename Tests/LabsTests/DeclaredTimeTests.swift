import LabCourse
import Labs
import Testing

@Suite struct DeclaredTimeTests {
    @Test("Every scenario of the course says how long it takes, longer at the real pace, and none that is gone does")
    func complete() {
        let known = Set(Course.steps.flatMap { step in step.scenarios(.reference).map { "\(step.id)/\($0.id)" } })
        #expect(Set(Course.declaredTimeIDs) == known)
        for id in known {
            #expect(Course.seconds(of: id, .reference, .fast) >= 2, "\(id)")
            #expect(Course.seconds(of: id, .reference, .real) >= Course.seconds(of: id, .reference, .fast), "\(id)")
        }
        #expect(Course.seconds(of: "step2/dead-interval", .asWritten, .real) == Course.step("step2")?.seconds)
    }

    @Test("Those whose fault an advertisement times take a phase; those of a phase of their own do not")
    func phases() {
        let ids = Course.steps.flatMap { step in
            step.scenarios(.reference).filter(\.takesPhase).map { "\(step.id)/\($0.id)" }
        }
        #expect(
            ids.sorted() == [
                "step2/child", "step2/crash", "step2/linkdown", "step2/mute", "step2/parent", "step2/partition",
                "step2/stop", "step4/nopreempt", "step4/preempt-delay", "step4/stop", "step5/crash", "step5/link",
                "step5/stop", "step8/crash", "step8/data0",
            ])
    }
}

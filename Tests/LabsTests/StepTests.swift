import LabCourse
import Labs
import NetnsKit
import Testing

@Suite("What every step brings")
struct StepTests {
    @Test("The steps come in order, each once")
    func order() {
        let ids = Course.steps.map(\.id)
        #expect(ids.starts(with: ["step1", "step2", "step3", "step4", "step5"]))
        #expect(Set(ids).count == ids.count)
    }

    @Test("A lesson fits a terminal of 80 columns and is read in a few minutes", arguments: Course.steps.map(\.id))
    func lesson(_ id: String) throws {
        let step = try #require(Course.step(id))
        let lines = step.lesson.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.filter { $0.count > 80 } == [])
        guard ["step1", "step2", "step3", "step4", "step5"].contains(id) else { return }
        #expect((30...70).contains(lines.count), "\(lines.count) lines")
        #expect(step.lesson.contains("What the published text gets wrong"))
    }

    @Test(
        "Two hints at least, each longer than the one before", arguments: ["step1", "step2", "step3", "step4", "step5"])
    func hints(_ id: String) throws {
        let hints = try #require(Course.step(id)).hints
        #expect(hints.count == 2)
        #expect(hints.map(\.count) == hints.map(\.count).sorted())
    }

    @Test("The solution of a step is what its reference runs", arguments: ["step3", "step4", "step5"])
    func solution(_ id: String) throws {
        let step = try #require(Course.step(id))
        let reference = try #require(step.variants[.reference])
        for file in step.files {
            for node in file.nodes {
                let run = try #require(reference.files.first { $0.node == node && $0.path == file.path })
                #expect(run.contents == file.solution)
                #expect(run.mode == file.mode)
                #expect(file.start != file.solution)
            }
        }
    }

    @Test("A lesson says every value of the lab that its file needs", arguments: ["step3", "step4"])
    func values(_ id: String) throws {
        let lesson = try #require(Course.step(id)).lesson
        let values = [
            "LVS_MASTER", "/usr/bin/pgrep -x haproxy", "rise 2", "fall 2", "weight -60", "eth0", "virtual_router_id",
            "150", "advert_int 1", "PASS", "secret12", "192.168.1.100/24 dev eth0 label eth0:vip", "nopreempt",
        ]
        #expect(values.filter { !lesson.contains($0) } == [])
        #expect(lesson.contains(id == "step4" ? "keepalived-backup.conf" : "\"/etc/keepalived/notify.sh MASTER\""))
    }
}

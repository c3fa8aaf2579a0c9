import LabCourse
import Testing

@testable import Labs

@Suite("The files of step 7")
struct SeedTests {
    private static let all = [Seed.text, Seed.values, Seed.network, Seed.scripts].flatMap(\.self)

    @Test("There are at least forty mistakes, and each file has a name of its own")
    func count() {
        #expect(Self.all.count { $0.code != nil } >= 40)
        #expect(Set(Self.all.map(\.id)).count == Self.all.count)
        #expect(Set(Self.all.map(\.files)).count == Self.all.count)
    }

    @Test("Every title fits its column")
    func titles() {
        for seed in Self.all { #expect(seed.title.count <= 25, "\(seed.id): \(seed.title.count)") }
        for seed in Self.all { #expect("\(seed.fate)".count <= 17, "\(seed.id): \(seed.fate)") }
    }

    @Test("A complaint is read with its line, whoever wrote it")
    func answers() {
        #expect(TestAnswer(keepalivedLines: ["(Line 17) Unknown keyword 'foo'"]).lines == [17])
        let named = TestAnswer(keepalivedLines: ["(/etc/keepalived/a.conf: Line 33) (VI_1) too long"])
        #expect(named.lines == [33])
        #expect(named.summary == "too long")
        let ours = TestAnswer(
            vrrpdLines: ["/a.conf:29:19: warning: (VI_1) Warning - nothing", "    state MASTER", "          ^"],
            about: "/a.conf")
        #expect(ours.lines == [29])
        #expect(ours.messages.count == 1)
        #expect(ours.summary == "Warning - nothing")
    }
}

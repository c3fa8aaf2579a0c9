import LabCourse
import Testing

@Suite struct DiagnosisMergingTests {
    private static func diagnosis(
        _ code: MistakeCode, _ severity: Diagnosis.Severity = .error, lines: [Int] = [1], _ sentence: String = "wrong",
        sights: [String] = []
    ) -> Diagnosis {
        Diagnosis(
            code, severity, at: lines.map { .init(file: "/etc/keepalived/keepalived.conf", line: $0) }, sentence,
            remedy: "right", sights: sights.map { .init("lan.pcapng", $0) })
    }

    @Test("What a run saw of a mistake stands with what the file shows of it, once")
    func seen() {
        let merged = Diagnosis.merged(
            [Self.diagnosis(.nopreemptOnWrongNode, lines: [25])],
            [
                Self.diagnosis(.nopreemptOnWrongNode, lines: [], "taken back", sights: ["frame 41"]),
                Self.diagnosis(.nopreemptOnWrongNode, lines: [25], "taken back", sights: ["frame 41", "frame 44"]),
            ])
        #expect(merged.count == 1)
        #expect(merged[0].sentence == "wrong")
        #expect(merged[0].places.map(\.line) == [25])
        #expect(merged[0].sights.map(\.text) == ["frame 41", "frame 44"])
    }

    @Test("The same sentence about several lines is one entry with all of them; another sentence is another entry")
    func lines() {
        let merged = Diagnosis.merged(
            [
                Self.diagnosis(.syntax, lines: [3], "no such word"),
                Self.diagnosis(.syntax, lines: [7], "no such word"),
                Self.diagnosis(.syntax, lines: [9], "a brace is missing"),
            ], [])
        #expect(merged.map { $0.places.map(\.line) } == [[3, 7], [9]])
    }

    @Test("A run that tells the line adds to that line's entry, and may find it worse")
    func worse() {
        let merged = Diagnosis.merged(
            [Self.diagnosis(.syntax, .note, lines: [3], "a"), Self.diagnosis(.syntax, .note, lines: [9], "b")],
            [Self.diagnosis(.syntax, .error, lines: [9], "c", sights: ["frame 1"])])
        #expect(merged.map(\.sentence) == ["b", "a"])
        #expect(merged.map(\.severity) == [.error, .note])
        #expect(merged.map(\.sights.count) == [1, 0])
    }

    @Test("A run that knows the file and no line goes with what does the same harm")
    func harm() {
        var file = Self.diagnosis(.checkWithoutConsequence, .warning, "nobody runs the file")
        file.places = [.init(file: "/etc/keepalived/keepalived.conf")]
        var run = Self.diagnosis(.checkWithoutConsequence, .error, "exit 0", sights: ["frame 1"])
        run.places = file.places
        let merged = Diagnosis.merged([file, Self.diagnosis(.checkWithoutConsequence, .error, lines: [10])], [run])
        #expect(merged.map(\.severity) == [.error, .warning])
        #expect(merged.map { $0.places.first?.line } == [10, nil])
        #expect(merged.map(\.sights.count) == [1, 0])
    }

    @Test("The worst come first, then the codes in order; what only a run saw is there, too")
    func order() {
        let merged = Diagnosis.merged(
            [Self.diagnosis(.passwordCut, .warning), Self.diagnosis(.notifyNotQuoted, .error)],
            [Self.diagnosis(.differentPassword, .error, lines: [])])
        #expect(merged.map(\.code) == [.notifyNotQuoted, .differentPassword, .passwordCut])
    }
}

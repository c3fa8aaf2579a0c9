import Foundation
import Labs
import LinuxSystem
import Testing
import Timeline
import Wire

@testable import LabCourse
@testable import labrun

@Suite struct ProgressTests {
    @Test("What was noted is there again, and a step that passes begins with its first hint")
    func kept() throws {
        try withDirectory { root in
            let file = try #require(ProgressFile(environment: ["LABRUN_STATE": "\(root)/a/b/state.json"]))
            #expect(file.read() == Progress())
            file.update { $0.note(hint: 2, for: "step3") }
            file.update { $0.note(.fail, for: "step3") }
            #expect(file.read().steps == ["step3": .init(verdict: .fail, hint: 2)])
            file.update { $0.note(.pass, for: "step3") }
            #expect(file.read().steps == ["step3": .init(verdict: .pass, hint: nil)])
        }
    }

    @Test(
        "A file that is broken, or another's, counts as none and is replaced",
        arguments: ["", "{", "[1]", #"{"v":1}"#, #"{"v":1,"steps":{"step3":{"verdict":"splendid"}}}"#])
    func broken(_ text: String) throws {
        try withDirectory { root in
            let path = "\(root)/state.json"
            try FileSystem.replace(path, with: Array(text.utf8), mode: 0o644)
            let file = try #require(ProgressFile(environment: ["LABRUN_STATE": path]))
            #expect(file.read() == Progress())
            file.update { $0.note(.pass, for: "step2") }
            #expect(file.read().steps["step2"]?.verdict == .pass)
        }
    }

    @Test("A place that cannot be written is no error")
    func unwritable() throws {
        let file = try #require(ProgressFile(environment: ["LABRUN_STATE": "/proc/nothing/state.json"]))
        file.update { $0.note(.pass, for: "step2") }
        #expect(file.read() == Progress())
    }

    @Test("The file is where the environment says; under sudo it is that of whoever called it")
    func places() {
        let paths = [
            ["LABRUN_STATE": "/x/s", "HOME": "/h"], ["XDG_STATE_HOME": "/x", "HOME": "/h"], ["HOME": "/h"],
            ["XDG_STATE_HOME": "", "HOME": "/h"],
        ].map { ProgressFile(environment: $0)?.path }
        #expect(
            paths == [
                "/x/s", "/x/labrun/state.json", "/h/.local/state/labrun/state.json",
                "/h/.local/state/labrun/state.json",
            ])
        #expect(ProgressFile(environment: [:]) == nil)
        let sudo = ["HOME": "/h", "SUDO_UID": "1234", "SUDO_GID": "1235"]
        let file = ProgressFile(environment: { sudo[$0] }, isRoot: true, home: { "/users/\($0)" })
        #expect(file?.path == "/users/1234/.local/state/labrun/state.json")
        #expect(file?.owner == FileStatus(owner: 1234, group: 1235, mode: 0))
        #expect(ProgressFile(environment: { sudo[$0] }, isRoot: false, home: { _ in "/users" })?.owner == nil)
    }

    @Test(
        "Under sudo the file and its directories are given to whoever called it",
        .enabled(if: UserAccount.own.user == 0))
    func owner() throws {
        try withDirectory { root in
            let variables = ["LABRUN_STATE": "\(root)/a/state.json", "SUDO_UID": "1234", "SUDO_GID": "1235"]
            let file = try #require(ProgressFile(environment: { variables[$0] }, isRoot: true, home: { _ in nil }))
            file.update { $0.note(.pass, for: "step2") }
            for path in ["\(root)/a", "\(root)/a/state.json"] {
                #expect(FileSystem.way(to: path)?.last?.owner == 1234, "\(path)")
            }
        }
    }

    @Test("The next step is the first that has not passed, with what there is to do for it")
    func next() {
        var progress = Progress()
        #expect(NextStep.line(progress, []).contains("labrun describe \(Course.steps[0].id)"))
        for step in Course.steps.prefix(while: { $0.id != "step4" }) { progress.note(.pass, for: step.id) }
        #expect(NextStep.line(progress, []) == "labrun describe step4, write the files, then labrun check step4")
        let files = LabStep.step4.files.map(\.solved)
        #expect(NextStep.line(progress, files) == "labrun check step4")
        #expect(NextStep.line(progress, [files[0]]) == "labrun describe step4, write the file, then labrun check step4")
        for step in Course.steps { progress.note(.pass, for: step.id) }
        #expect(NextStep.line(progress, []).contains("everything has passed"))
    }

    @Test("A run of the course's own files says nothing about a step whose files the learner writes")
    func ownRuns() {
        var progress = Progress()
        progress.note([Self.report("step3")], .reference)
        #expect(progress == Progress())
        progress.note([Self.report("step2")], .reference)
        #expect(progress == Progress(), "one scenario is not the step")
        let count = LabStep.step2.scenarios(.reference).count
        progress.note(Array(repeating: Self.report("step2"), count: count), .reference)
        #expect(progress == Progress(), "nor is one that ran often")
        progress.note(LabStep.step2.scenarios(.reference).map { Self.report("step2", $0.id) }, .reference)
        #expect(progress.steps == ["step2": .init(verdict: .pass, hint: nil)])
    }

    private static func report(_ step: String, _ scenario: String = "x") -> ScenarioReport {
        ScenarioReport(
            step: step, scenario: scenario, title: "", variant: .reference, daemons: "ours",
            checks: [CheckResult("a fact", .pass, expected: "", observed: "")], timeline: .init(), nodes: [], files: [],
            origin: .zero, length: .zero, offsetToRealTime: 0)
    }
}

extension ProgressFile {
    fileprivate init?(environment: [String: String]) {
        self.init(environment: { environment[$0] }, isRoot: false, home: { _ in nil })
    }
}

func withDirectory(_ body: (String) throws -> Void) throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: root) }
    try body(root)
}

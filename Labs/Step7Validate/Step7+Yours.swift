import LabCourse
import LinuxSystem
import NetnsKit
import Timeline
import Wire

extension Scenario {
    /// Whatever the learner has written, on a node with the interfaces of all steps.
    static let learnersFiles = Scenario(
        "files", "Your files: what the tests say, and what happens",
        topology: Topology([
            node(
                "machine",
                [("eth0", "192.168.1.11/24"), ("data0", "10.0.1.11/24"), ("mgmt0", "10.0.9.11/24")])
        ]), files: [], configurations: ["machine": LabFile.master]
    ) { run in
        let machine = run.lab["machine"]
        let files = try await machine.enter(seesFiles: true) { try Workspace().files() }
        let configurations = files.filter { $0.path.hasSuffix(".conf") }
        guard !configurations.isEmpty else {
            run.skip("your files", because: "there is no *.conf where your files are: write one, or say --etc")
            return
        }
        run.show(Examination.heading)
        for file in configurations { try await run.examine(file, among: files, on: machine) }
        run.noteMissingKeepalived()
    }
}

extension ScenarioRun {
    /// Nothing is known of a learner's file but that it should have no mistake and that the daemon should run.
    fileprivate func examine(_ file: SourceFile, among files: [SourceFile], on machine: Node) async throws {
        let seen = try await Examination(of: file.path, among: files, on: machine)
        let start = try Start(self, on: machine.name, file: file.path)
        let fate = try await start.settle(lab, nil)
        show(seen.row(file.name, fate: "\(fate)"))
        let errors = seen.diagnoses.filter { $0.severity == .error }
        let names = errors.map { error in
            let line = error.places.first?.line.map { " line \($0)" } ?? ""
            return "\(error.code.rawValue)\(line): \(error.sentence)"
        }
        judge(
            "\(file.name): no error of the catalogue", errors.isEmpty, expected: "none",
            observed: names.isEmpty ? "none" : names.joined(separator: "; "))
        if case .ends(let code) = fate {
            judge(
                "\(file.name): a daemon runs with it", false, expected: "it runs", observed: "it ends with \(code)",
                window: start.begin...lab.step("\(file.name) is judged"))
        } else {
            judge("\(file.name): a daemon runs with it", true, expected: "it runs", observed: "\(fate)")
            try await end(start, on: machine)
        }
    }

    /// The next file gets the machine for itself.
    private func end(_ start: Start, on machine: Node) async throws {
        let fault = try lab.inject(.terminate(ProcessName(start.process, on: machine.name))).began
        _ = try await expect("\(start.process) ends", within: .seconds(8), since: fault) { event in
            guard event.node == machine.name, case .exited(start.process, _) = event.kind else { return false }
            return true
        }
    }
}

import LabCourse
import NetnsKit
import Timeline
import Wire

/// Step 7: what a configuration test says, and what then happens.
extension LabStep {
    public static let step7 = LabStep(
        id: "step7", title: "Validating a configuration",
        goal: "Know what `keepalived -t` finds, what it does not, and what its exit status is worth.",
        picture: """
            one node for each file, with eth0 192.168.1.11/24, alone on its segment

            FILE --> keepalived -t --> vrrpd -t --> labrun --> a start for real
            """,
        lesson: String(decoding: PackageResources.step7_lesson_md, as: UTF8.self), seconds: 8,
        variants: [
            .reference: VariantContents(
                files: [],
                scenarios: [
                    .seeds("text", "Braces, keywords and missing files", Seed.text),
                    .seeds("values", "Numbers and words that do not go together", Seed.values),
                    .seeds("network", "Interfaces and addresses", Seed.network),
                    .seeds("scripts", "Checks and notify scripts", Seed.scripts), .references,
                ]),
            .asWritten: VariantContents(files: [], scenarios: [.publishedTest, .publishedDump]),
            .yours: VariantContents(files: [], scenarios: [.learnersFiles]),
        ],
        hints: [
            "`keepalived -t -f FILE; echo $?` shows the status: 0 is not 'good', and 5 is not 'does not start'.",
            "Look at the log of a real start: `keepalived -n -l -f FILE` in `labrun sh`. It says more than -t.",
            "`labrun step7 --variant yours` has the whole table for your own files, with a code for each mistake.",
        ],
        errata: [Step7Errata.test, Step7Errata.dump])
}

extension Scenario {
    /// Every seed on a node of its own, all at once.
    fileprivate static func seeds(_ id: String, _ title: String, _ seeds: [Seed]) -> Scenario {
        let nodes = seeds.map { Self.node($0.id, [("eth0", "192.168.1.11/24")]) }
        return Scenario(id, title, topology: Topology(nodes), files: []) { run in
            let rows = try await withThrowingTaskGroup(of: (Int, String).self) { group in
                for (number, seed) in seeds.enumerated() {
                    group.addTask { (number, try await SeedRun(seed, run).row()) }
                }
                return try await group.reduce(into: [:]) { rows, row in rows[row.0] = row.1 }
            }
            run.show(Examination.heading)
            for number in seeds.indices { run.show(rows[number] ?? "") }
            run.noteMissingKeepalived()
        }
    }

    /// A node alone, each of its interfaces on a segment of its own.
    static func node(_ name: String, _ interfaces: [(name: String, address: String)]) -> NodeDescription {
        NodeDescription(
            name,
            interfaces.map { InterfaceDescription($0.name, on: "\(name) \($0.name)", [$0.address]) },
            exposedPaths: (try? DaemonPair(parsing: "ours"))?.hiddenDirectories ?? [])
    }

    /// The solutions of all steps, about which nobody may complain.
    fileprivate static let references = Scenario(
        "references", "The solutions of the other steps: nobody has anything to say",
        topology: Topology([node("machine", [("eth0", "192.168.1.11/24")])]), files: []
    ) { run in
        run.show(Examination.heading)
        for step in Course.steps where step.id != "step7" {
            for file in step.files where file.role == .configuration { try await run.examineSolution(file, of: step) }
        }
        run.noteMissingKeepalived()
    }
}

extension ScenarioRun {
    fileprivate func examineSolution(_ file: LearnerFile, of step: LabStep) async throws {
        let title = "\(step.id) \(file.solved.name)"
        guard let node = file.nodes.first, let scenario = step.scenarios(.reference).first,
            var place = scenario.topology.nodes.first(where: { $0.name == node })
        else { return }
        place.exposedPaths += daemons.hiddenDirectories
        let own = step.files.filter { $0.nodes.contains(node) }.map(\.solved)
        let supplied = scenario.files.filter { $0.node == node }.map(\.source)
        let files = own + supplied.filter { file in !own.contains { $0.path == file.path } }
        let seen = try await Lab.run(Topology([place])) { lab in
            for file in files { try lab[node].write(file) }
            return try await Examination(of: file.path, among: files, on: lab[node])
        }
        show(seen.row(title, fate: "see \(step.id)"))
        let complaints = (seen.keepalived?.messages ?? []) + (seen.vrrpd?.messages ?? []) + seen.codes.map(\.rawValue)
        judge(
            "\(title): nobody complains", complaints.isEmpty, expected: "not a word",
            observed: complaints.isEmpty ? "not a word" : complaints.joined(separator: "; "))
        let codes = [seen.keepalived, seen.vrrpd].compactMap { $0?.code }
        judge(
            "\(title): both tests answer 0", codes.allSatisfy { $0 == "0" }, expected: "0",
            observed: codes.joined(separator: " and "))
    }

    /// Says why there is no column of keepalived's.
    func noteMissingKeepalived() {
        if !ProgramNeed.keepalived.isInstalled {
            skip("what keepalived -t says", because: "not on this machine: apt-get install -y keepalived")
        }
    }
}

extension Node {
    /// Puts somebody's file where this node's programs find it.
    func write(_ file: SourceFile) throws(LabError) {
        try write(file.contents, to: file.path, mode: file.mode, owner: file.owner, group: file.group)
    }
}

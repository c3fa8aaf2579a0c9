import LabCourse

extension EnvironmentView {
    private static let mostStalls = 20

    init(_ document: RunDocument) {
        let (run, machine) = (document.run, document.run.machine)
        let optional: [(String, String?)] = [
            ("Command", (["labrun"] + run.arguments).joined(separator: " ")),
            ("Run", run.id), ("Started", PageBuilder.date(run.started)),
            ("Took", document.end.map { Figures.seconds($0.seconds) } ?? "cut off before its end"),
            ("Exit code", document.end.map { "\($0.exit)" }), ("Seed", "\(run.seed)"), ("Shard", run.shard),
            ("System", "\(machine.system), Linux \(machine.kernel), \(machine.architecture)"),
            ("Processors", "\(machine.cores)"),
        ]
        rows = optional.compactMap { name, value in value.map { Row(name: name, value: $0) } }
        rows += run.programs.sorted { $0.key < $1.key }.map { Row(name: $0.key, value: $0.value) }
        let all = document.scenarios.flatMap { scenario in scenario.stalls.map { (scenario.label, $0) } }
            .sorted { $0.1.length > $1.1.length }
        stalls = all.prefix(Self.mostStalls).map { label, stall in
            Stall(label: label, time: Figures.seconds(stall.t), length: Figures.seconds(stall.length))
        }
        hasStalls = !stalls.isEmpty
        moreStalls = all.count > Self.mostStalls ? "and \(all.count - Self.mostStalls) shorter ones" : nil
    }
}

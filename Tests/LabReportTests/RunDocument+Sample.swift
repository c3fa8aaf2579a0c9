import LabCourse

extension RunDocument {
    /// A run on a machine that does not exist.
    static func sample(_ scenarios: [ScenarioDocument]) -> RunDocument {
        let checks = scenarios.flatMap(\.checks).map(\.verdict)
        return RunDocument(
            run: RunRecord(
                id: "0007", arguments: ["run", "step2"], seed: 7, started: 1_700_000_000,
                machine: MachineRecord(
                    system: "Debian GNU/Linux 12", kernel: "6.1.0", architecture: "x86_64", cores: 2),
                programs: ["labrun": "0.1.0", "ours": "vrrpd 0.1.0"]),
            scenarios: scenarios,
            end: EndRecord(checks, seconds: 12.5, exit: checks.contains(.fail) ? 1 : 0, artifacts: "labrun-out/0007"))
    }
}

extension ScenarioDocument {
    /// A scenario that came out as its checks did.
    static func sample(
        _ id: String, _ checks: [CheckRecord], daemon: String = "ours", repetition: Int? = nil
    ) -> ScenarioDocument {
        let record = ScenarioRecord(
            id: id, title: "A scenario", daemon: daemon, variant: .reference,
            verdict: checks.map(\.verdict).max() ?? .inconclusive, started: 1_700_000_001, length: 4,
            repetition: repetition)
        var own = checks
        for index in own.indices { own[index].id = id }
        return ScenarioDocument(
            record: record, checks: own, directory: id.split(separator: "/").joined(separator: "-"),
            command: "labrun run \(id) --daemon \(daemon)")
    }
}

extension CheckRecord {
    /// A check of no scenario yet.
    static func sample(
        _ title: String, _ verdict: Verdict, measured: Double? = nil, bound: [Double]? = nil, why: String? = nil
    ) -> CheckRecord {
        CheckRecord(
            id: "", title: title, verdict: verdict, expected: "within 3.66 s", observed: "3.611 s",
            measured: measured, bound: bound, t: 3.611, explanation: why)
    }
}

import NetnsKit

extension Runner {
    /// Runs a scenario's network with its files, its daemons and the services that they watch, for as long as the body
    /// takes; nothing is judged.
    ///
    /// A service is a program among the scenario's files that lies in `/run`.
    public func practice<Result: Sendable>(
        _ scenario: Scenario, _ body: @Sendable (ScenarioRun) async throws -> Result
    ) async throws -> Result {
        var topology = scenario.topology
        for index in topology.nodes.indices { topology.nodes[index].exposedPaths += daemons.hiddenDirectories }
        return try await Lab.run(topology) { lab in
            let run = ScenarioRun(lab: lab, daemons: daemons, scenario: scenario)
            for file in scenario.files { try lab[file.node].write(file) }
            for file in scenario.files where file.path.hasPrefix("/run/") && file.mode & 0o111 != 0 {
                try lab[file.node].start(file.path)
            }
            for node in run.routers { try run.start(node) }
            return try await body(run)
        }
    }
}

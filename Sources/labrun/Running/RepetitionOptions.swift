import ArgumentParser
import LabCourse

/// How many scenarios run at a time, for how long, and what becomes of those that have no answer.
struct RepetitionOptions: ParsableArguments {
    @Option(
        name: .customShort("j"),
        help: ArgumentHelp(
            "How many scenarios run side by side. Each is idle most of its time: more than there are cores is fine.",
            valueName: "count"))
    var width = 8

    @Option(
        name: .long,
        help: ArgumentHelp("How often an inconclusive scenario, and no other, is run again.", valueName: "count"))
    var retries = 1

    @Option(
        name: .long,
        help: ArgumentHelp(
            "What a scenario comes to that passes after something inconclusive: pass or fail.", valueName: "verdict"))
    var flakyResult = FlakyResult.pass

    @Option(
        name: .long,
        help: ArgumentHelp(
            "End a scenario after so long, such as 30s: it is inconclusive then.", valueName: "time"),
        transform: { try TimeSpan.parse($0, for: "--timeout") })
    var timeout: Duration?

    /// What a scenario is that had to run again.
    enum FlakyResult: String, ExpressibleByArgument, CaseIterable {
        case pass
        case fail
    }

    func validate() throws {
        guard width >= 1 else { throw ValidationError("-j \(width): at least one scenario must run at a time") }
        guard retries >= 0 else { throw ValidationError("--retries \(retries): it must be 0 or more") }
    }

    /// What runs scenarios in this way.
    func runner(_ daemons: DaemonPair, _ variant: LabVariant) -> Runner {
        var runner = Runner(daemons: daemons, variant: variant, width: width, retries: retries)
        runner.timeout = timeout
        runner.flakyFails = flakyResult == .fail
        return runner
    }
}

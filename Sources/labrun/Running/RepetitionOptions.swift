import ArgumentParser

/// How often scenarios run, how many at a time, and what differs from run to run.
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

    func validate() throws {
        guard width >= 1 else { throw ValidationError("-j \(width): at least one scenario must run at a time") }
        guard retries >= 0 else { throw ValidationError("--retries \(retries): it must be 0 or more") }
    }
}

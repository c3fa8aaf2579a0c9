import ArgumentParser
import LabCourse
import Labs
import LinuxSystem
import NetnsKit
import Timeline
import Wire

/// `labrun selftest`: the course judges itself.
struct Selftest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prove that the course's checks can fail and pass, and that each mistake gets its own name.",
        discussion: """
            For each step, the file that `labrun reset` writes must fail and the one that `labrun solve` writes must \
            pass. Each mistake of the catalogue is made on purpose, in files, on the wire or on a machine, and must be \
            named by its own code and no other.
            """)

    @Flag(name: .customLong("static"), help: "Look at files only: nothing runs, and no rights are needed.")
    var isStatic = false

    @Option(name: .long, help: ArgumentHelp("Only these mistakes or steps (repeatable).", valueName: "code"))
    var only: [String] = []

    @Option(name: .long, help: ArgumentHelp("ours, keepalived, or A:B for node1:node2.", valueName: "program"))
    var daemon = "ours"

    @Option(
        name: .customShort("j"), help: ArgumentHelp("How many experiments run side by side.", valueName: "count"))
    var width = 16

    @Option(name: .long, help: ArgumentHelp("How often an inconclusive one is run again.", valueName: "count"))
    var retries = 2

    @OptionGroup var reports: ReportOptions

    func validate() throws {
        guard width >= 1 else { throw ValidationError("-j \(width): at least one must run at a time") }
        guard retries >= 0 else { throw ValidationError("--retries \(retries): it must be 0 or more") }
    }

    @OptionGroup var text: TextOptions

    func run() async throws {
        text.adopt()
        let (mistakes, steps) = try selection()
        let begin = MonotonicClock.now
        var pairs: [DaemonPair] = []
        var results = mistakes.map { SelftestResult(examining: $0) } + steps.map { SelftestResult(examining: $0) }
        if !isStatic {
            let pair = try selectDaemons(daemon)
            try enterSandbox()
            pairs = [pair]
            if !text.quiet { Terminal.say("labrun: making each mistake for real; this takes a minute or two", to: 2) }
            let plan = SelftestPlan(mistakes, steps, Runner(daemons: pair, variant: .yours, width: width))
            let retries = retries
            let outcomes = try await interruptible { try await plan.run(retries: retries) }
            for index in results.indices { results[index].note(outcomes.filter { $0.subject == results[index].id }) }
        }
        let seconds = (MonotonicClock.now - begin).inSeconds
        reports.quoting { tell(results, seconds: seconds) }
        let exit = ExitStatus(results.map(\.verdict).max())
        if !isStatic || reports.junit != nil || reports.ctrf != nil { try await write(results, pairs, seconds, exit) }
        if exit != .passed { throw ExitCode(exit.rawValue) }
    }

    /// Leaves what was found for machines; a look at files alone leaves nothing, unless a report is wanted.
    private func write(
        _ results: [SelftestResult], _ pairs: [DaemonPair], _ seconds: Double, _ exit: ExitStatus
    ) async throws {
        let artifacts = try reports.makeArtifacts(options: [])
        let document = await RunDocument(in: artifacts, seed: 0, daemons: pairs)
        let scenarios = results.map { result in
            result.document(daemon: daemon, started: document.run.started - seconds)
        }
        reports.write(document.completed(with: scenarios, seconds, exit, artifacts), to: artifacts)
    }

    /// What is tested; everything, unless `--only` says otherwise.
    private func selection() throws -> ([Mistake], [LabStep]) {
        let exercises = Course.steps.filter { !$0.files.isEmpty }
        guard !only.isEmpty else { return (Catalogue.mistakes, exercises) }
        let mistakes = only.compactMap { Catalogue.mistake($0) }
        let steps = exercises.filter { only.contains($0.id) }
        guard mistakes.count + steps.count == only.count else {
            let known = Catalogue.mistakes.map(\.code.rawValue) + exercises.map(\.id)
            throw ValidationError("--only takes one of \(known.joined(separator: ", "))")
        }
        return (mistakes, steps)
    }

    private func tell(_ results: [SelftestResult], seconds: Double) {
        Terminal.say(SelftestResult.heading)
        for result in results where !text.quiet || result.verdict > .pass { Terminal.tell(result.lines) }
        let verdict = results.map(\.verdict).max() ?? .skip
        let specimens = results.map(\.specimenCount).reduce(0, +)
        let wrong = results.count { $0.verdict > .pass }
        let time = Duration.seconds(seconds).decimalSeconds(digits: 1)
        Terminal.say(
            "\(verdict.mark)  \(specimens) specimens of \(results.count { $0.isMistake }) mistakes, "
                + "\(results.count { !$0.isMistake }) steps, \(wrong) wrong, in \(time) s")
    }
}

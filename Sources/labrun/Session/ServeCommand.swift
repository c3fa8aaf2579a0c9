import ArgumentParser
import LabCourse
import LinuxSystem
import NetnsKit

/// What `labrun up` starts: the process that holds a standing lab.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve-lab", abstract: "Hold a lab until it is taken down.", shouldDisplay: false)

    @OptionGroup var lab: LabOptions

    func run() async throws {
        let directory = try SessionDirectory.opened()
        guard Sandbox.isInside else {
            guard let lock = try LockedFile(claiming: directory.lock(of: lab.name)) else {
                Terminal.complain("'\(lab.name)' is up already: labrun down ends it, --name makes another")
                throw ExitCode(ExitStatus.nothingRan.rawValue)
            }
            try lock.write("\(ThisProcess.pid)\n")
            let code = try Sandbox.relaunch()
            FileSystem.remove(directory.socket(of: lab.name))
            withExtendedLifetime(lock) {}
            throw ExitCode(code)
        }
        let (scenario, runner) = (try lab.scenario(), try lab.runner())
        try await interruptible {
            try await runner.practice(scenario) { run in
                run.lab.forgetTraffic(after: Session.memory)
                let session = Session(lab.name, lab.plan, run, scenario)
                let complaints = await session.awaitStart()
                try Task.checkCancellation()
                let server = try SessionServer(session, at: directory.socket(of: lab.name))
                let start = SessionStart(status: try session.status(), complaints: complaints)
                Terminal.say(try JSONLines.line(start))
                try await server.serve()
            }
        }
    }
}

/// Which lab is to be built.
struct LabOptions: ParsableArguments {
    @Argument(help: "A step, such as step4.")
    var step: String

    @Option(name: .long, help: "reference, as-written, or yours: the files below --etc.")
    var variant = LabVariant.reference

    @Option(
        name: .long,
        help: ArgumentHelp(
            "ours, keepalived, A:B for node1:node2, or the path of a program.", valueName: "program"))
    var daemon = "ours"

    @Flag(name: .long, help: "VRRPv3 with ten advertisements a second.")
    var fast = false

    @Option(
        name: .long,
        help: ArgumentHelp("Where your files are that the text calls /etc/keepalived.", valueName: "directory"))
    var etc = Workspace.standardDirectory

    @Option(name: .long, help: ArgumentHelp("What to call it, when several labs are to be up.", valueName: "name"))
    var name = SessionDirectory.standardName

    func validate() throws {
        guard SessionDirectory.isName(name) else {
            throw ValidationError("--name \(name): up to 24 small letters, digits and dashes are wanted")
        }
        guard !fast || variant == .reference else { throw ValidationError("--fast is for the reference files") }
    }

    /// The first scenario has the step's network, files and daemons.
    func scenario() throws -> Scenario {
        let step = try Selection.step(self.step)
        let files = variant == .yours ? try Workspace(directory: etc).files() : []
        if variant == .yours {
            let missing = step.files.map(\.path).filter { path in !files.contains { $0.path == path } }
            if !missing.isEmpty {
                Terminal.complain("not written yet, and so not there: \(missing.joined(separator: ", "))")
            }
        }
        guard let scenario = step.scenarios(variant, pace: fast ? .fast : .real, files: files).first else {
            throw ValidationError("\(step.id) has no \(variant.rawValue) files")
        }
        return scenario
    }

    func runner() throws -> Runner { Runner(daemons: try selectDaemons(daemon), variant: variant, width: 1) }

    var plan: SessionPlan {
        SessionPlan(step: step, variant: variant.rawValue, daemon: daemon, isFast: fast, etc: etc)
    }

    /// The words that mean the same in another directory.
    var words: [String] {
        let place = etc.hasPrefix("/") ? etc : (ThisProcess.workingDirectory ?? "") + "/" + etc
        return [step, "--variant", variant.rawValue, "--daemon", daemon, "--etc", place, "--name", name]
            + (fast ? ["--fast"] : [])
    }
}

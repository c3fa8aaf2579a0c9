import Glibc
import LabCourse
import LinuxSystem
import NetnsKit

/// The lab of a scenario that has ended, as a standing lab: other commands find it until one takes it down.
struct KeptLab: Sendable {
    private let name: String
    private let job: Runner.Job
    private let run: ScenarioRun
    private let descriptor: Int32

    init(_ name: String, _ job: Runner.Job, _ run: ScenarioRun, _ descriptor: Int32) {
        self.name = name
        self.job = job
        self.run = run
        self.descriptor = descriptor
    }

    /// Holds the name for the process outside of the sandbox, which `labrun down` waits for.
    ///
    /// - Returns: the exit code of the process inside, which has built the lab.
    static func relaunch(as name: String) throws -> Int32 {
        let directory = try SessionDirectory.opened()
        guard let lock = try LockedFile(claiming: directory.lock(of: name)) else {
            Terminal.complain("'\(name)' is up already: labrun down ends it, --name makes another")
            return ExitStatus.nothingRan.rawValue
        }
        try lock.write("\(ThisProcess.pid)\n")
        let code = try Sandbox.relaunch()
        FileSystem.remove(directory.socket(of: name))
        withExtendedLifetime(lock) {}
        return code
    }

    /// Serves those who come, until one asks for the end or the task is canceled.
    func stay() async {
        guard !Task.isCancelled else { return }
        do {
            let directory = try SessionDirectory.opened()
            run.lab.forgetTraffic(after: Session.memory)
            let daemons = job.daemons ?? run.daemons
            let plan = SessionPlan(
                step: job.step, variant: LabVariant.reference.rawValue, daemon: "\(daemons)", isFast: false,
                etc: Workspace.standardDirectory)
            let session = Session(name, plan, run, job.scenario)
            let server = try SessionServer(session, at: directory.socket(of: name))
            Terminal.tell(text, to: descriptor)
            try await server.serve()
        } catch is CancellationError {
            return
        } catch {
            Terminal.complain("the lab could not be kept: \(error)")
        }
    }

    private var text: String {
        let option = name == SessionDirectory.standardName ? "" : " --name \(name)"
        let node = run.routers.first ?? "node1"
        let verdict = run.checks.map(\.verdict).max() ?? .inconclusive
        return """

            \(verdict.mark)  \(job.id) has ended, and its lab stays. In another terminal:
              labrun look\(option)        who has the address, who says what
              labrun sh \(node)\(option)    a shell there
              labrun down\(option)        the end of it; so is Ctrl-C here
            """
    }
}

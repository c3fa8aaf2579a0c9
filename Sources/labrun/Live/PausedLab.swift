import Glibc
import LabCourse
import LinuxSystem
import NetnsKit

/// The lab of a scenario that has failed, and somebody who wants to look at it before it goes.
struct PausedLab: Sendable {
    private let job: Runner.Job
    private let run: ScenarioRun

    init(_ job: Runner.Job, _ run: ScenarioRun) {
        self.job = job
        self.run = run
    }

    private var nodes: [String] { run.lab.topology.nodes.map(\.name) }

    /// Asks what to do until the answer is to go on; a scenario that has not failed is not asked about.
    func ask() async {
        guard let failed = run.checks.first(where: { $0.verdict == .fail }), !Task.isCancelled else { return }
        Terminal.pauseStatus(true)
        defer { Terminal.pauseStatus(false) }
        let question = "Paused at \(job.id): \(failed.title): \(failed.observed)"
        say(Terminal.wrapped(Terminal.printable(question), indent: 0, hanging: 2))
        say(["Its lab is as it was. \(nodes.joined(separator: ", ")): a shell there; c: go on; q: end the run"])
        while !Task.isCancelled {
            Terminal.prompt("node, c or q> ")
            guard let answer = await KeyboardLine.next() else { return }
            switch answer.trimmed {
            case "c": return
            case "q":
                // As Ctrl-C would: what has run so far is kept, and everything is taken down.
                kill(ThisProcess.pid, SIGINT)
                return
            case let node where nodes.contains(node): await open(node)
            case "": continue
            case let other: say(["'\(Terminal.printable(other))' is none of \(nodes.joined(separator: ", ")), c, q"])
            }
        }
    }

    private func open(_ node: String) async {
        let words = PersonalShell.words
        say(["\(node): exit or Ctrl-D comes back here, and the lab stays"])
        do {
            _ = try await run.lab[node].interact(
                with: words[0], Array(words.dropFirst()), environment: PersonalShell.surroundings)
        } catch {
            if !Task.isCancelled { Terminal.complain("\(error)") }
        }
    }

    private func say(_ lines: [String]) { Terminal.tell(lines.joined(separator: "\n"), to: STDERR_FILENO) }
}

extension String {
    fileprivate var trimmed: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}

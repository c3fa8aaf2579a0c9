import ArgumentParser
import Glibc
import LabCourse
import LinuxSystem
import NetnsKit

/// The command line of the course.
struct Labrun: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "labrun",
        abstract: "Runs the steps of a VRRP and keepalived lab for real, and shows what happened on the wire.",
        discussion: """
            'labrun step4' is short for 'labrun run step4'; 'labrun all' runs every step.

            Exit codes:
               0  everything passed
               1  something failed
               2  something was inconclusive, and nothing failed
               3  nothing ran, or all that ran was skipped; no lab is up
               4  this machine cannot run labs or keep a file, or a daemon is missing
              64  the command line was wrong
              70  an error of labrun itself
             124  --budget was spent before everything had run
             129, 130, 143  ended by SIGHUP, SIGINT, SIGTERM
            """,
        version: version,
        subcommands: [
            List.self, Describe.self, Doctor.self, Run.self, Matrix.self, Merge.self, RebuildReport.self,
            Runs.self, Clean.self, Check.self, Watch.self, Hint.self, Diff.self, Solve.self,
            Reset.self, Errata.self, Selftest.self, Up.self, Down.self, Status.self, Shell.self, Exec.self, Break.self,
            Heal.self, Look.self, Capture.self, Explain.self, Mistakes.self, ShowMistake.self,
            Simulate.self, New.self, Serve.self,
        ])

    static let version = "0.1.0"

    func run() throws {
        let written = (try? Workspace().files()) ?? []
        let next = NextStep.line(Progress.own, written)
        Terminal.say(
            """
            labrun \(Self.version): a lab for VRRP and keepalived

              labrun list             the steps, and how far you are
              labrun describe step2   what a step teaches, and what to write
              labrun doctor           check this machine
              labrun step2            run a step with the course's own files
              labrun check step3      run your files, and name what is wrong with them
              labrun hint step3       a little help; labrun diff step3: the rest
              labrun errata           where the published text and the wire differ
              labrun mistakes         what people get wrong; labrun explain VR104: why
              labrun up step4         a step's lab that stays: sh, look, break, capture
              labrun sh node2         a shell in a node of it
              labrun help             everything else

            Next: \(next)
            """)
    }
}

/// What the shell learns of a run.
enum ExitStatus: Int32 {
    case passed = 0
    case failed = 1
    case inconclusive = 2
    case nothingRan = 3
    case notReady = 4
    case usage = 64
    case internalError = 70
    case budgetSpent = 124

    init(_ verdict: Verdict?) {
        self =
            switch verdict {
            case .pass: .passed
            case .fail: .failed
            case .inconclusive: .inconclusive
            case .skip, nil: .nothingRan
            }
    }
}

@main
enum Program {
    static func main() {
        do {
            var command = try Labrun.parseAsRoot(Shorthand.expand(Array(CommandLine.arguments.dropFirst())))
            guard let command = command as? any AsyncParsableCommand else {
                try command.run()
                return
            }
            // Here is no other thread yet: those that come inherit this.
            SignalDescriptor.block(Sandbox.passedOn)
            Task.detached { await run(command) }
        } catch {
            end(error)
        }
        while true { pause() }
    }

    private static func run(_ command: any AsyncParsableCommand) async {
        var command = command
        do {
            try await command.run()
            exit(ExitStatus.passed.rawValue)
        } catch {
            end(error)
        }
    }

    /// Says what went wrong, if nobody has, and ends with the code for it.
    private static func end(_ error: any Error) -> Never {
        switch error {
        case let error as LabError:
            // A machine that cannot run labs is told from a lab that went wrong.
            guard error.concernsMachine else { fail("\(error)", .internalError) }
            fail("\(error)\n'labrun doctor' tries each thing that a lab needs", .notReady)
        case let error as SystemError:
            fail("\(error)", .internalError)
        default:
            Labrun.exit(withError: error)
        }
    }

    private static func fail(_ sentence: String, _ status: ExitStatus) -> Never {
        Terminal.complain(sentence)
        exit(status.rawValue)
    }
}

/// `step4` and `all` stand for `run step4` and `run all`, and `--ci` without a system for the one that is found.
enum Shorthand {
    static func expand(_ arguments: [String]) -> [String] {
        var arguments = arguments
        let systems = CISystem.allCases.map(\.rawValue)
        for index in arguments.prefix(while: { $0 != "--" }).indices where arguments[index] == "--ci" {
            let next = arguments.dropFirst(index + 1).first
            if next.map({ !systems.contains($0) }) ?? true { arguments[index] = "--ci=\(CISystem.auto.rawValue)" }
        }
        guard let first = arguments.first else { return arguments }
        let isStep = first.hasPrefix("step") && (first.dropFirst(4).first?.isNumber ?? false)
        return isStep || first == "all" ? ["run"] + arguments : arguments
    }
}

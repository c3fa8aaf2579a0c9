import ArgumentParser
import Glibc
import LabCourse
import LinuxSystem
import NetnsKit
import Timeline

/// `labrun sh [STEP] NODE [-- COMMAND…]`.
struct Shell: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sh",
        abstract: "Open a shell in a node of the lab that is up, or of a step's lab of its own.",
        discussion: """
            A lab of its own ends with the shell; one that is up stays. The exit code is the shell's own.

              labrun sh node1                       a shell on node1 of the lab that is up, or else of step2
              labrun sh step4 node2                 a shell on node2 of a lab of its own
              labrun sh step3 node1 -- hostname     one command instead of a shell
            """)

    @Argument(help: ArgumentHelp("A step, such as step4, or a node of the lab that is up.", valueName: "step"))
    var place: String

    @Argument(help: ArgumentHelp("A node of the step.", valueName: "node"))
    var node: String?

    @Argument(parsing: .postTerminator, help: ArgumentHelp("A program and its words.", valueName: "command"))
    var command: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "ours, keepalived, A:B for node1:node2, or the path of a program.", valueName: "program"))
    var daemon = "ours"

    @Option(name: .long, help: "reference, or as-written: the published values with their mistakes.")
    var variant = LabVariant.reference

    @OptionGroup var session: SessionOptions

    func run() async throws {
        if node == nil, try SessionClient.isUp(session.name) || session.name != nil {
            return try RemoteProgram(node: place, words: command, in: session.name).run()
        }
        let step = try Selection.step(node == nil ? "step2" : place)
        let node = node ?? place
        guard let scenario = step.scenarios(variant).first else {
            throw ValidationError("\(step.id) has no \(variant.rawValue) files")
        }
        let nodes = scenario.topology.nodes.map(\.name)
        guard nodes.contains(node) else {
            throw ValidationError("\(step.id) has no node '\(node)': there are \(nodes.joined(separator: ", "))")
        }
        let runner = Runner(daemons: try selectDaemons(daemon), variant: variant, width: 1)
        try enterSandbox()
        let status = try await interruptible {
            try await runner.practice(scenario) { run in
                let others = nodes.filter { $0 != node }.joined(separator: ", ")
                if command.isEmpty, isatty(STDIN_FILENO) == 1 {
                    Terminal.say("\(node) of \(step.id), beside \(others); exit or Ctrl-D ends all of it", to: 2)
                }
                let words = command.isEmpty ? PersonalShell.words : ["/usr/bin/env", "--"] + command
                return try await run.lab[node].interact(
                    with: words[0], Array(words.dropFirst()), environment: PersonalShell.surroundings)
            }
        }
        switch status {
        case .exited(code: 0): return
        case .exited(code: let code): throw ExitCode(code)
        case .signaled(number: let number): throw ExitCode(128 + number)
        }
    }
}

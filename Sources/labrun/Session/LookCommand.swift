import ArgumentParser
import NetnsKit

/// `labrun look [NODE]`.
struct Look: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show who has the addresses now, what each router does, and what it hears.",
        discussion: """
            Who has an address is the kernels' answer; who answers for it is asked by ARP from a node beside the \
            routers; states come from the daemons' logs, advertisements from the wire, as far as they are not older \
            than ten minutes: a lab that stands remembers no more of what passed.
            """)

    @OptionGroup var session: SessionOptions

    @Argument(help: "A node of the lab; all of them when it is left out.")
    var node: String?

    @Flag(name: .long, help: "Write one JSON document.")
    var json = false

    func run() throws {
        guard case .look(let report) = try SessionClient(named: session.name).ask(.look(node: node)) else {
            throw SessionClient.lost()
        }
        if json { return Terminal.say(try JSONLines.line(report)) }
        for line in report.text { Terminal.say(line) }
    }
}

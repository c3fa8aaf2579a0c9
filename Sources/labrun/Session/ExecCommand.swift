import ArgumentParser

/// `labrun exec NODE -- COMMAND…`.
struct Exec: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a command in a node of the lab that is up.",
        discussion: """
            Its input, output and error are this process's own, so pipes and files work; at a terminal it has one of \
            its own. The exit code is the command's.

              labrun exec node1 -- cat /etc/keepalived/keepalived.conf
              labrun exec node1 -- tcpdump -c 5 -ni eth0 vrrp
            """)

    @OptionGroup var session: SessionOptions

    @Argument(help: "A node of the lab.")
    var node: String

    @Argument(parsing: .postTerminator, help: ArgumentHelp("A program and its words.", valueName: "command"))
    var command: [String]

    func validate() throws {
        guard !command.isEmpty else {
            throw ValidationError("say what to run: labrun exec \(node) -- hostname; labrun sh \(node) is a shell")
        }
    }

    func run() async throws {
        try RemoteProgram(node: node, words: command, in: session.name).run()
    }
}

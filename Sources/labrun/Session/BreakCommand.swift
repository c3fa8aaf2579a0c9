import ArgumentParser

/// `labrun break NODE HOW`.
struct Break: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let something go wrong on a node of the lab that is up.",
        discussion: "The ways:\n"
            + FaultWord.allCases.map { "  " + Terminal.column($0.rawValue, 10) + $0.meaning }.joined(separator: "\n")
            + "\n\nWhat concerns a link takes another interface as in 'linkdown:mgmt0'.")

    @OptionGroup var session: SessionOptions

    @Argument(help: "A node of the lab.")
    var node: String

    @Argument(help: ArgumentHelp("What is to go wrong.", valueName: "how"))
    var way: String

    func validate() throws {
        try Self.check(way)
    }

    func run() throws {
        guard case .done(let lines) = try SessionClient(named: session.name).ask(.breakNode(node, how: way)) else {
            throw SessionClient.lost()
        }
        for line in lines { Terminal.say(line) }
    }

    /// A mistyped word is said before a lab is looked for.
    static func check(_ way: String) throws {
        do {
            _ = try FaultWord.parse(way)
        } catch let refusal as SessionRefusal {
            throw ValidationError(refusal.sentence)
        }
    }
}

/// `labrun heal [NODE] [HOW]`.
struct Heal: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take back what was broken, and start again what has ended.",
        discussion: "Without a node everywhere; without a way all of them. 'labrun break --help' lists the ways.")

    @OptionGroup var session: SessionOptions

    @Argument(help: "A node of the lab.")
    var node: String?

    @Argument(help: ArgumentHelp("What is to be taken back.", valueName: "how"))
    var way: String?

    func validate() throws {
        if let way { try Break.check(way) }
    }

    func run() throws {
        guard case .done(let lines) = try SessionClient(named: session.name).ask(.heal(node: node, how: way)) else {
            throw SessionClient.lost()
        }
        for line in lines { Terminal.say(line) }
    }
}

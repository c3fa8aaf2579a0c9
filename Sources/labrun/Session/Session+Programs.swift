import LinuxSystem
import NetnsKit
import Timeline
import Wire

extension Session {
    /// Runs a program for a client until it ends or the client goes.
    ///
    /// - Parameter files: the client's standard input, output and error; unused for a program with a terminal.
    func execute(
        _ order: ProgramOrder, on files: PassedFiles, for connection: borrowing LocalConnection
    ) throws {
        let node = try node(order.node)
        let program: AttachedProgram
        if let wanted = order.terminal {
            var terminal = try PseudoTerminal()
            let line = terminal.takeLine()
            TerminalSize(rows: wanted.rows, columns: wanted.columns).apply(to: line.number)
            program = try start(
                order, on: node, [line.number, line.number, line.number], ["TERM": wanted.kind], takesTerminal: true)
            // The client alone keeps the person's side: when it goes, the program is hung up.
            try connection.send(SessionReply.started, passing: [terminal.controller.number])
        } else {
            guard files.numbers.count == 3 else { throw SessionRefusal("a program needs three descriptors") }
            program = try start(order, on: node, files.numbers, [:], takesTerminal: false)
            try connection.send(SessionReply.started)
        }
        try attend(program, for: connection)
    }

    private func start(
        _ order: ProgramOrder, on node: Node, _ descriptors: [Int32], _ variables: [String: String],
        takesTerminal: Bool
    ) throws -> AttachedProgram {
        let words = order.words.isEmpty ? PersonalShell.words : ["/usr/bin/env", "--"] + order.words
        do {
            return try node.attach(
                words[0], Array(words.dropFirst()), to: descriptors, takesTerminal: takesTerminal,
                environment: PersonalShell.surroundings.merging(variables) { $1 })
        } catch {
            throw SessionRefusal("\(error)")
        }
    }

    private func attend(
        _ program: borrowing AttachedProgram, for connection: borrowing LocalConnection
    ) throws {
        let loop = try EventLoop()
        try loop.watch(program.descriptor, as: 0)
        try loop.watch(connection.descriptor, as: 1)
        var isAlone = false
        while true {
            for source in try loop.wait(until: nil) where source == 1 && !isAlone {
                if let message = try? connection.receive() {
                    let request = try SessionMessage.value(SessionRequest.self, from: message.octets)
                    if case .signal(let number) = request { try program.send(signal: number) }
                } else {
                    isAlone = true
                    loop.unwatch(connection.descriptor)
                    try program.kill()
                }
            }
            guard let end = try program.collect() else { continue }
            switch end {
            case .exited(let code): try? connection.send(SessionReply.ended(code))
            case .signaled(let number): try? connection.send(SessionReply.ended(128 + number))
            }
            return
        }
    }
}

/// What a person gets who asks for a shell in a node.
enum PersonalShell {
    /// Bash where there is one, without anybody's habits.
    static var words: [String] {
        RunningProgram.isExecutable("/bin/bash") ? ["/bin/bash", "--norc", "--noprofile"] : ["/bin/sh"]
    }

    static let surroundings = ["PS1": #"\h:\w\$ "#, "HOME": "/tmp", "LANG": "C.UTF-8"]
}

import KeepalivedConfiguration
import LabCourse
import NetnsKit
import Timeline
import Wire

extension Catalogue {
    static let notifyMistakes = [notifyNotQuoted, notIdempotent, unhandledState]

    private static let notifyNotQuoted = Mistake(
        .notifyNotQuoted, "notify command not quoted", .error,
        symptom: "The notify script never runs. keepalived -t says nothing about it.",
        reason: """
            A command and its arguments belong in one pair of quotes. What follows them is the user, and the group, \
            to run it as. keepalived finds no user called MASTER and drops the script, on every node. vrrpd takes \
            words in capitals for arguments, says so, and runs it.
            """,
        wrong: "notify_master /etc/keepalived/notify.sh MASTER",
        right: "notify_master \"/etc/keepalived/notify.sh MASTER\"",
        message: "Script user 'MASTER' does not exist",
        inFiles: { submission in
            submission.routers.compactMap { unquoted($0, submission) }
        },
        onWire: confirmed(by: "Script user '", "keepalived does not run this without quotes") { submission in
            submission.routers.compactMap { unquoted($0, submission) }
        },
        specimens: [
            Specimen(
                "VR104-all", in: "step3",
                ["MASTER", "BACKUP", "FAULT"].map { state in
                    .line("\"/etc/keepalived/notify.sh \(state)\"", "/etc/keepalived/notify.sh \(state)")
                }),
            Specimen(
                "VR104-one", in: "step3",
                [.line("\"/etc/keepalived/notify.sh MASTER\"", "/etc/keepalived/notify.sh MASTER")]),
            Specimen(
                "VR104-half", in: "step3",
                [.line("\"/etc/keepalived/notify.sh MASTER\"", "\"/etc/keepalived/notify.sh\" MASTER")]),
            Specimen(
                "VR104-generic", in: "step3",
                [
                    .line("notify_fault", "notify /etc/keepalived/notify.sh VI_1\n    notify_fault")
                ],
                demonstration: Demonstration("node1 is the master: of two commands one is called, vrrpd calls both") {
                    try await $0.showGenericCall(with: "VI_1")
                }),
            Specimen(
                "VR104-backup", in: "step4",
                [
                    .line(
                        "\"/etc/keepalived/notify.sh MASTER\"", "/etc/keepalived/notify.sh MASTER",
                        in: LabFile.backup)
                ],
                demonstration: Demonstration("node2 says what it makes of the word MASTER") { run in
                    let begin = try run.start("node2")
                    try await run.showLine(
                        "the daemon reads a user, or a command without quotes", on: "node2", since: begin
                    ) {
                        $0.contains("Script user 'MASTER'") || $0.contains("without quotes")
                    }
                }),
        ],
        demonstration: Demonstration("node1 becomes the master, and the notify script is not called") { run in
            let word = run.reading(of: "node1")?.commands.first { $0.line.keyword.text == "notify_master" }
            guard run.isOurs("node1"), word?.isQuoted == false else { return try await run.showNoCall() }
            let begin = run.lab.start
            _ = try await run.becomeMaster()
            try await run.showLine("vrrpd runs it all the same, and warns that keepalived does not", since: begin) {
                $0.contains("keepalived does not run this without quotes")
            }
        })

    private static let notIdempotent = Mistake(
        .notIdempotent, "a notify script that works only once", .warning,
        symptom: "The script fails when it is called again, for a state in which the node is already.",
        reason: """
            Every start begins with a call for BACKUP, also when the node was a backup before; a restart, a reload \
            of the link or a fault repeats it. What adds an address, a rule or a directory without looking fails \
            the second time, or adds it twice; with set -e the rest of the script is not run.
            """,
        wrong: "mkdir /run/role", right: "mkdir -p /run/role",
        inFiles: { submission in
            submission.notifyScripts.flatMap { script in
                script.commands.compactMap { command in
                    guard let remedy = once(command), command.after != "||" else { return nil }
                    return Diagnosis(
                        .notIdempotent, .warning, at: [script.place(command)],
                        "'\(command.words.prefix(3).joined(separator: " "))' fails or adds up when the script is "
                            + "called a second time.",
                        remedy: remedy)
                }
            }
        },
        specimens: [
            Specimen(
                "VR121-mkdir", in: "step3",
                [
                    .script(LabFile.notify, "#!/bin/sh\nset -e\nmkdir /run/role\necho \"$1\" >> \(LabFile.notifyLog)\n")
                ]),
            Specimen(
                "VR121-address", in: "step3",
                [
                    .script(
                        LabFile.notify,
                        "#!/bin/sh\nset -e\nip route add 203.0.113.0/24 via 192.168.1.50\n"
                            + "echo \"$1\" >> \(LabFile.notifyLog)\n")
                ]),
        ],
        demonstration: Demonstration("The first start calls the script with effect, the second without") { run in
            for number in 1...2 {
                let begin = try run.start("node1")
                try await run.expectBackup("node1", since: begin)
                // A call comes within a quarter of a second.
                await run.watch(for: .milliseconds(500), since: begin)
                let end = try run.lab.inject(.terminate(run.daemon(of: "node1"))).began
                try await run.require("start \(number) has ended", within: .seconds(8), since: end) {
                    if case .exited(let name, _) = $0.kind { name == run.program(of: "node1").process } else { false }
                }
            }
            let calls = run.calls().filter { $0 == "BACKUP" }
            run.judge(
                "two starts, one line in the script's log", calls.count == 1, expected: "BACKUP once",
                observed: "BACKUP \(calls.count) times")
        })

    private static let unhandledState = Mistake(
        .unhandledState, "a state that the notify script does not know", .warning,
        symptom: "For one state nothing happens, or the script says that the state is unknown.",
        reason: """
            notify_master, notify_backup and notify_fault pass what stands in their quotes and nothing more. notify \
            passes INSTANCE, the name, the state and the priority, so the state is the third word, and it also comes \
            with STOP at the end. A case that lacks a word does nothing for it, and says nothing.
            """,
        wrong: "case \"$1\" in\n    master) echo MASTER >> /var/log/keepalived-state.log ;;",
        right: "case \"$1\" in\n    MASTER) echo MASTER >> /var/log/keepalived-state.log ;;",
        inFiles: { unhandledStates($0) },
        specimens: [
            Specimen("VR123-lower", in: "step3", [.script(LabFile.notify, cases(["master", "BACKUP", "FAULT"]))]),
            Specimen("VR123-missing", in: "step3", [.script(LabFile.notify, cases(["MASTER", "BACKUP"]))]),
            Specimen(
                "VR123-third", in: "step3",
                [
                    .script(LabFile.notify, cases(["MASTER", "BACKUP", "FAULT", "STOP"])),
                    .line(
                        """
                            notify_master "/etc/keepalived/notify.sh MASTER"
                            notify_backup "/etc/keepalived/notify.sh BACKUP"
                            notify_fault "/etc/keepalived/notify.sh FAULT"
                        """, "    notify /etc/keepalived/notify.sh"),
                ]),
        ],
        demonstration: Demonstration("node1 goes through its states, and one leaves no line in the script's log") {
            run in
            let first = try await run.becomeMaster()
            let down = try run.lab.inject(.linkDown(LabNetwork.node1)).began
            try await run.showLine("node1 is in FAULT", since: down) { $0.uppercased().contains("FAULT STATE") }
            await run.watch(for: .milliseconds(500), since: down)
            let missing = ["BACKUP", "MASTER", "FAULT"].filter { !run.calls().contains($0) }
            run.judge(
                "a state is missing in the script's log", !missing.isEmpty,
                expected: "BACKUP, MASTER or FAULT is not there",
                observed: "missing: \(missing.joined(separator: ", "))", window: first.time...down)
        })
}

// MARK: - Recognizers

private func unquoted(_ router: Submission.Router, _ submission: Submission) -> Diagnosis? {
    guard router.reading.isWellFormed else { return nil }
    let commands = router.reading.commands.filter { command in
        guard command.purpose == .notify, command.isReadable, let user = command.owner.first else { return false }
        if submission.machine.account(user) != nil, command.owner.count <= 2 { return false }
        // In quotes and followed by a word that could be a user: then the user is what is wrong.
        return !command.isQuoted || user != user.lowercased() || !(user.first?.isLetter ?? false)
    }
    guard let first = commands.first, let word = first.owner.first else { return nil }
    let whole = ([first.program] + first.words.dropFirst() + first.owner).joined(separator: " ")
    return Diagnosis(
        .notifyNotQuoted, .error, at: commands.map(\.line.place),
        "'\(word)' is read as the user to run \(first.program) as. There is none of that name, so it is never called.",
        remedy: "\(first.line.keyword.text) \"\(whole)\"", message: "Script user '\(word)' does not exist")
}

/// What to write so that a command can be repeated; nil when it can.
private func once(_ command: ShellScript.Command) -> String? {
    let words = command.words.dropFirst()
    switch command.name {
    case "mkdir" where !words.contains { $0.hasPrefix("-") && $0.contains("p") }: return "mkdir -p"
    case "ln" where words.contains { $0.hasPrefix("-") && $0.contains("s") && !$0.contains("f") }: return "ln -sfn"
    case _ where words.contains("add") && ["addr", "address", "route", "rule"].contains(words.first ?? ""):
        return "\(command.name) \(words.first ?? "") replace"
    case "iptables" where words.contains { $0 == "-A" || $0 == "-I" }: return "iptables -C ... || iptables -A ..."
    default: return nil
    }
}

extension Submission {
    /// The handed-in scripts that the commands of one kind run, each once.
    func scripts(of isWanted: (WrittenCommand.Purpose) -> Bool) -> [ShellScript] {
        var seen: Set<String> = []
        return commands.filter { isWanted($0.command.purpose) }.compactMap { scriptFile(of: $0.command) }
            .filter { seen.insert($0.path).inserted }.map { ShellScript($0) }
    }

    var notifyScripts: [ShellScript] { scripts { $0 == .notify } }
    var checkScripts: [ShellScript] { scripts { $0 != .notify } }
}

private func unhandledStates(_ submission: Submission) -> [Diagnosis] {
    submission.notifyScripts.compactMap { script in
        let states: Set = ["MASTER", "BACKUP", "FAULT", "STOP", "DELETED"]
        let patterns = script.patterns
        guard let first = patterns.first(where: { states.contains($0.text.uppercased()) }) else { return nil }
        let commands = submission.commands.map(\.command).filter {
            $0.purpose == .notify && submission.scriptFile(of: $0)?.path == script.file.path
        }
        let selector = script.commands.first { $0.words.first == "case" }
        let isGeneric = commands.contains { $0.line.keyword.text == "notify" && $0.words.count == 1 }
        if isGeneric, let selector, selector.words.dropFirst().first.map({ $0.contains("1") }) == true {
            return Diagnosis(
                .unhandledState, .warning, at: [script.place(selector)],
                "'notify' passes INSTANCE, the name, the state and the priority: $1 is always INSTANCE.",
                remedy: "case \"$3\" in")
        }
        let passed = commands.filter { $0.line.keyword.text != "notify" }.flatMap { $0.words.dropFirst() + $0.owner }
        let wanted = states.intersection(passed + (isGeneric ? ["MASTER", "BACKUP", "FAULT", "STOP"] : []))
        let missing = wanted.subtracting(patterns.map(\.text)).sorted()
        guard !missing.isEmpty,
            !patterns.contains(where: { $0.text == "*" })
                || patterns.contains(where: { $0.text != $0.text.uppercased() })
        else { return nil }
        return Diagnosis(
            .unhandledState, .warning, at: [script.place(first.line)],
            "The script is called with \(missing.joined(separator: " and ")), and no pattern is written like that.",
            remedy: "a pattern \(missing[0])), in capitals, and a *) that says what it was called with")
    }
}

/// A notify script that knows some states.
private func cases(_ states: [String]) -> String {
    let lines = states.map { "    \($0)) echo \($0.uppercased()) >> \(LabFile.notifyLog) ;;\n" }
    return "#!/bin/sh\ncase \"$1\" in\n\(lines.joined())esac\n"
}

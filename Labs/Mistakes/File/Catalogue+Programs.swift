import KeepalivedConfiguration
import LabCourse
import LinuxSystem
import NetnsKit
import Timeline
import Wire

extension Catalogue {
    static let programMistakes = [programNotFound, unknownScriptUser, scriptCannotRun, unsafePermissions]

    private static let programNotFound = Mistake(
        .programNotFound, "program of a check not found", .error,
        symptom: "The service dies, and the address stays: the check is not counted at all.",
        reason: """
            keepalived looks for a check's program when it reads the file. One that is not there is dropped with a \
            line in the log, and the node takes part unchecked: it is not in FAULT, its priority is the full one. \
            Within bash -c nothing can be looked up: there the shell says 127, and the check fails for ever. vrrpd \
            counts a program that is missing as a check that failed.
            """,
        wrong: "script \"/usr/local/bin/pgrep_haproxy -x haproxy\"", right: "script \"/usr/bin/pgrep -x haproxy\"",
        message: "Disabling track script chk_haproxy since not found/accessible",
        inFiles: { submission in
            submission.commands.compactMap { examined in
                guard case .check(let name) = examined.command.purpose else { return nil }
                return missingProgram(examined, name, submission)
            }
        },
        onWire: confirmed(by: "since not found/accessible", "with status 127") { submission in
            submission.commands.compactMap { examined in
                guard case .check(let name) = examined.command.purpose else { return nil }
                return missingProgram(examined, name, submission)
            }
        },
        specimens: [
            Specimen("VR105-path", in: "step3", [.checking(with: "\"/usr/local/bin/pgrep_haproxy -x haproxy\"")]),
            Specimen("VR105-own", in: "step3", [.checking(with: "\"\(LabFile.check)\"")]),
            Specimen("VR105-name", in: "step3", [.checking(with: "check_haproxy_alive")]),
            Specimen(
                "VR105-inner", in: "step3",
                [.checking(with: "\"/bin/sh -c 'fetch_health -sf http://127.0.0.1/health'\"")],
                demonstration: Demonstration("The service is well, and the check has failed since the start") { run in
                    let begin = run.lab.start
                    let first = try await run.becomeMaster()
                    try await run.showLine("the check has failed", since: begin) {
                        $0.contains("VRRP_Script(chk_haproxy) failed")
                    }
                    run.judge(
                        "the service is well, and node1 advertises 150 - 60", first.advertisement?.0.priority == 90,
                        expected: "priority 90", observed: "priority \(first.advertisement?.0.priority ?? 0)")
                }),
        ],
        demonstration: Demonstration("A check that cannot be found is none for keepalived, and failed for vrrpd") {
            run in
            try await run.showUnchecked(ours: .failed)
        })

    private static let unknownScriptUser = Mistake(
        .unknownScriptUser, "script_user that does not exist", .error,
        symptom: "No check counts and no notify script runs, whatever happens to the service.",
        reason: """
            Scripts run as script_user. When there is no such user keepalived removes every check and every notify \
            command that depends on it, and takes part without them. Without script_user it looks for the user \
            keepalived_script, which no package makes; with enable_script_security it takes nobody else.
            """,
        wrong: "script_user keepalived_scripts", right: "script_user root",
        message: "(Line 14) Unable to set default user for vrrp script chk_haproxy - removing",
        inFiles: { unknownUsers($0) },
        onWire: confirmed(by: "Unable to set", "does not exist") { unknownUsers($0) },
        specimens: [
            Specimen("VR106-global", in: "step3", [.line("script_user root", "script_user keepalived_scripts")]),
            Specimen("VR106-check", in: "step3", [.line("interval 2", "interval 2\n    user haproxy_checks")]),
            Specimen("VR106-nobody", in: "step3", [.line("    script_user root\n", "")]),
            Specimen(
                "VR106-notify", in: "step3",
                [.line("notify.sh MASTER\"", "notify.sh MASTER\" keepalived_scripts")],
                demonstration: Demonstration("node1 becomes the master, and the notify script is not called") {
                    try await $0.showNoCall()
                }),
        ],
        demonstration: Demonstration("The service is dead, and node1 advertises its full priority") { run in
            try await run.showUnchecked()
        })

    private static let scriptCannotRun = Mistake(
        .scriptCannotRun, "a script that cannot be run", .error,
        symptom: "The script is never called; keepalived -t exits with 0 and says nothing.",
        reason: """
            A notify command whose file is not there, and any script that script_user must not execute, is disabled \
            when the daemon starts: one line in its log, and nothing in keepalived -t. A check that is disabled \
            counts for nothing with keepalived, and as failed with vrrpd. An editor makes files without the bit x.
            """,
        wrong: "chmod 644 /etc/keepalived/notify.sh", right: "chmod 700 /etc/keepalived/notify.sh",
        message: "WARNING - script '/etc/keepalived/notify.sh' is not executable for uid:gid 0:0 - disabling.",
        inFiles: { cannotRun($0) },
        onWire: confirmed(by: "is not executable", "cannot be accessed", "Wrong file type") { cannotRun($0) },
        specimens: [
            Specimen("VR107-mode", in: "step3", [.script(LabFile.notify, "#!/bin/sh\necho \"$1\"\n", mode: 0o644)]),
            Specimen(
                "VR107-missing", in: "step3", [.line("/etc/keepalived/notify.sh", "/etc/keepalived/notfy.sh")]),
            Specimen(
                "VR107-check", in: "step3",
                [
                    .checking(with: "\"\(LabFile.check)\""),
                    .script(LabFile.check, "#!/bin/sh\npgrep -x haproxy\n", mode: 0o644),
                ],
                demonstration: Demonstration("A check without x is none for keepalived, and failed for vrrpd") {
                    try await $0.showUnchecked(ours: .failed)
                }),
            Specimen(
                "VR107-user", in: "step3",
                [
                    .checking(with: "\"\(LabFile.check)\""), .line("interval 2", "interval 2\n    user nobody"),
                    .script(LabFile.check, "#!/bin/sh\npgrep -x haproxy\n"),
                ],
                demonstration: Demonstration("A check of root's own is not for nobody to run") {
                    try await $0.showUnchecked(ours: .failed)
                }),
        ],
        demonstration: Demonstration("node1 becomes the master, and the notify script is not called") { run in
            try await run.showNoCall()
        })

    private static let unsafePermissions = Mistake(
        .unsafePermissions, "a script that others can change", .error,
        symptom: "The check is disabled and the node runs unchecked; a notify script is not called.",
        reason: """
            What runs as root must be root's own, and so must every directory on the way to it; nobody else may \
            write there. With enable_script_security keepalived disables a script that is not so. Without it, it \
            runs what anybody may have changed, says SECURITY VIOLATION, and keepalived -t exits with 6.
            """,
        wrong: "chmod 777 /etc/keepalived/check_service.sh", right: "chmod 700 /etc/keepalived/check_service.sh",
        message: "Disabling track script chk_haproxy due to insecure",
        inFiles: { unsafe($0) },
        onWire: confirmed(by: "due to insecure", "Unsafe permissions", "SECURITY VIOLATION") { unsafe($0) },
        specimens: [
            Specimen(
                "VR108-world", in: "step3",
                [
                    .checking(with: "\"\(LabFile.check)\""),
                    .script(LabFile.check, "#!/bin/sh\npgrep -x haproxy\n", mode: 0o777),
                ]),
            Specimen(
                "VR108-owner", in: "step3",
                [
                    .checking(with: "\"\(LabFile.check)\""),
                    .script(LabFile.check, "#!/bin/sh\npgrep -x haproxy\n", owner: 65534),
                ]),
            Specimen(
                "VR108-notify", in: "step3",
                [.script(LabFile.notify, "#!/bin/sh\necho \"$1\" >> \(LabFile.notifyLog)\n", mode: 0o766)],
                demonstration: Demonstration("node1 becomes the master, and the notify script is not called") {
                    try await $0.showNoCall()
                }),
            Specimen(
                "VR108-security", in: "step3", [.line("    enable_script_security\n", "")],
                demonstration: Demonstration("The configuration test calls it a violation") { run in
                    let begin = run.lab.step("the configuration test")
                    let program = run.program(of: "node1")
                    let test = try await run.lab["node1"].run(
                        program.path, ["-t", "-f", LabFile.master], within: .seconds(5))
                    run.judge(
                        "\(program.process) -t exits with 6", test?.status == .exited(code: 6), expected: "exit 6",
                        observed: test.map { "\($0.status): \($0.lines.last ?? "")" } ?? "no end in 5 s",
                        window: begin...MonotonicClock.now)
                }),
        ],
        demonstration: Demonstration("An unsafe check is none for keepalived, and failed for vrrpd") { run in
            try await run.showUnchecked(ours: .failed)
        })
}

// MARK: - Recognizers

private func missingProgram(
    _ examined: Submission.Examined, _ name: String, _ submission: Submission
) -> Diagnosis? {
    let command = examined.command
    // `</path` only asks whether a file can be read.
    guard !command.program.hasPrefix("<") else { return nil }
    if examined.file == nil {
        let isOwn = command.program.hasPrefix("/etc/keepalived/")
        return Diagnosis(
            .programNotFound, .error, at: [command.line.place],
            "There is no \(command.program): \(name) is not counted, and nothing checks the service.",
            remedy: isOwn
                ? "write \(command.program), or name the file that you have written"
                : "find it with 'command -v', install its package (killall: psmisc, pgrep: procps), or use another",
            message: "Disabling track script \(name) since not found/accessible")
    }
    guard let inner = command.inlineScript else { return nil }
    let missing = ShellScript(inline: inner).commands.first { inner in
        let word = inner.words[0]
        let isName = word.first?.isLetter ?? false && !word.contains("$") && !ShellScript.ownWords.contains(word)
        return (isName || word.hasPrefix("/")) && submission.program(word) == nil
    }
    guard let missing else { return nil }
    return Diagnosis(
        .programNotFound, .error, at: [command.line.place],
        "The shell does not find '\(missing.words[0])' and says 127: \(name) fails at every run.",
        remedy: "install \(missing.words[0]), or use a program that is there",
        message: "VRRP_Script(\(name)) failed (exited with status 127)")
}

extension ShellScript {
    /// What a shell knows without a program.
    static let ownWords: Set = [
        "test", "echo", "printf", "true", "false", "exit", "return", "cd", "set", "read", "kill", "wait", "exec",
        "export", "command", "type", "trap", "eval", "local", "case", "esac", "for", "fi", "done", "in", "shift",
        "ulimit", "umask", "unset", "let", "source", "function", "select",
    ]
}

private func unknownUsers(_ submission: Submission) -> [Diagnosis] {
    submission.sound.flatMap { router -> [Diagnosis] in
        let commands = submission.commands.filter { $0.router.node == router.node && $0.account == nil }
        var seen: Set<Diagnosis.Place> = []
        return commands.compactMap { examined -> Diagnosis? in
            let command = examined.command
            let own = command.isQuoted && command.owner.first == examined.user ? command.line : nil
            // A word in capitals is an argument that was left out of the quotes.
            if own != nil, examined.user != examined.user.lowercased() { return nil }
            let line = own ?? command.block.first("user") ?? router.reading.global("script_user")
            if line == nil, router.reading.hasUnknownKeyword { return nil }
            let place = line ?? router.reading.global("enable_script_security") ?? command.line
            guard seen.insert(place.place).inserted else { return nil }
            return Diagnosis(
                .unknownScriptUser, .error, at: [place.place],
                line == nil
                    ? "Nothing says who runs the scripts, and there is no user keepalived_script: all are dropped."
                    : "There is no user '\(examined.user)': what would run as that user is dropped.",
                remedy: line == nil
                    ? "script_user root, in global_defs"
                    : "\(own == nil ? "\(place.keyword.text) root" : "leave the user away"), or make the user: "
                        + "useradd --system \(examined.user)",
                message: "Script user '\(examined.user)' does not exist")
        }
    }
}

private func cannotRun(_ submission: Submission) -> [Diagnosis] {
    var seen: Set<String> = []
    return submission.commands.compactMap { examined in
        let (command, path) = (examined.command, examined.command.program)
        if path.hasPrefix("<") { return nil }
        guard let file = examined.file else {
            guard command.purpose == .notify, seen.insert(path).inserted else { return nil }
            return Diagnosis(
                .scriptCannotRun, .error, at: [command.line.place],
                "There is no \(path): nobody is notified.",
                remedy: "write the file, with mode 700, or name the one that you have written",
                message: "Script \(path) cannot be accessed - No such file or directory")
        }
        guard let account = examined.account, !file.isExecutable(by: account), seen.insert(path).inserted else {
            return nil
        }
        let mode = submission.file(path).map { "\(String($0.mode, radix: 8))" }
        let who = account.user == 0 ? "nobody may execute it" : "\(examined.user) may not execute it"
        return Diagnosis(
            .scriptCannotRun, .error, at: [command.line.place, Diagnosis.Place(file: path)],
            "\(path) \(mode.map { "has mode \($0)" } ?? "is no program"): \(who), so it is disabled.",
            remedy: account.user == 0 ? "chmod 700 \(path)" : "chmod 755 \(path), or let root run it",
            message: "WARNING - script '\(path)' is not executable for uid:gid \(account.user):\(account.group) - "
                + "disabling.")
    }
}

private func unsafe(_ submission: Submission) -> [Diagnosis] {
    var seen: Set<String> = []
    let files = submission.commands.compactMap { examined -> Diagnosis? in
        let path = examined.command.program
        guard let account = examined.account, let file = examined.file, file.isExecutable(by: account),
            !file.isSafe(for: account), seen.insert(path).inserted
        else { return nil }
        let source = submission.file(path)
        let isOwned = source.map { $0.owner == 0 } ?? true
        let isSecured = examined.router.reading.result.configuration.scriptSecurityEnabled
        let cause = isOwned ? "others than root may write to \(path) or its directory" : "\(path) is not root's own"
        return Diagnosis(
            .unsafePermissions, isSecured ? .error : .warning,
            at: [examined.command.line.place, Diagnosis.Place(file: path)],
            "It would run as root, and \(cause): it is \(isSecured ? "disabled" : "run all the same").",
            remedy: isOwned ? "chmod 700 \(path)" : "chown root:root \(path)",
            message: "Unsafe permissions found for script '\(path)' - disabling.")
    }
    return files + submission.sound.compactMap { unsecured($0, submission) }
}

/// Scripts that run without anybody looking who may change them.
private func unsecured(_ router: Submission.Router, _ submission: Submission) -> Diagnosis? {
    let reading = router.reading
    guard !reading.result.configuration.scriptSecurityEnabled, !reading.hasUnknownKeyword,
        let first = submission.commands.first(where: { $0.router.node == router.node && $0.file != nil })
    else { return nil }
    let place = reading.globals.first?.place ?? first.command.line.place
    return Diagnosis(
        .unsafePermissions, .warning, at: [place],
        "Scripts run as root, and nothing looks who else may change them.",
        remedy: "enable_script_security, in global_defs",
        message: "SECURITY VIOLATION - scripts are being executed but script_security not enabled.")
}

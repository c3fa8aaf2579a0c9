import KeepalivedConfiguration
import LabCourse
import LinuxSystem

extension Catalogue {
    static let scriptMistakes = [badInterpreter, needsTerminalOrPath]

    private static let badInterpreter = Mistake(
        .badInterpreter, "a script without a usable first line", .error,
        symptom: "A notify script does nothing; a check is always successful. The log is silent.",
        reason: """
            The kernel runs a script by its first line: #! and a program. Without it, with a program that is not \
            there, or with a carriage return behind it from an editor of Windows, nothing can be run. keepalived \
            says nothing, and takes a check that could not be run for a success; vrrpd takes it for a failure.
            """,
        wrong: "#!/usr/bin/shell", right: "#!/bin/sh",
        inFiles: { submission in
            submission.scripts { _ in true }.compactMap { badFirstLine(of: $0, submission) }
        },
        specimens: [
            Specimen(
                "VR120-program", in: "step3",
                [
                    .checking(with: "\"\(LabFile.check)\""),
                    .script(LabFile.check, "#!/usr/bin/shell\npgrep -x haproxy\n"),
                ]),
            Specimen(
                "VR120-none", in: "step3",
                [.checking(with: "\"\(LabFile.check)\""), .script(LabFile.check, "pgrep -x haproxy\nexit $?\n")]),
            Specimen(
                "VR120-windows", in: "step3",
                [
                    .checking(with: "\"\(LabFile.check)\""),
                    .script(LabFile.check, "#!/bin/sh\r\npgrep -x haproxy\r\nexit $?\r\n"),
                ]),
            Specimen(
                "VR120-notify", in: "step3",
                [.script(LabFile.notify, "#!/bin/sh\r\necho \"$1\" >> \(LabFile.notifyLog)\r\n")],
                demonstration: Demonstration("node1 becomes the master, and the notify script does nothing") {
                    try await $0.showNoCall()
                }),
        ],
        demonstration: Demonstration("The check cannot be run: a success for keepalived, a failure for vrrpd") { run in
            try await run.showUnchecked(ours: .failed)
        })

    private static let needsTerminalOrPath = Mistake(
        .needsTerminalOrPath, "a script that needs a terminal or somebody's settings", .warning,
        symptom: "By hand the script works; called by the daemon it does something else, or nothing.",
        reason: """
            A daemon's scripts start in / with /dev/null to read from, no terminal, and the daemon's own environment: \
            no HOME, no profile, and as PATH at best \(ProgramRequest.standardPath). read \
            returns at once with 1, and what lies in another directory is not found.
            """,
        wrong: "read -r answer", right: "answer=yes",
        inFiles: { submission in
            submission.scripts { _ in true }.flatMap { script in
                script.commands.compactMap { surroundings($0, script, submission) }
            }
        },
        specimens: [
            Specimen(
                "VR122-read", in: "step3",
                [
                    .script(
                        LabFile.notify,
                        "#!/bin/sh\nread -r answer\n[ \"$answer\" = yes ] || exit 1\n"
                            + "echo \"$1\" >> \(LabFile.notifyLog)\n")
                ]),
            Specimen(
                "VR122-home", in: "step3",
                [
                    .script(
                        LabFile.notify,
                        "#!/bin/sh\nset -eu\n. \"$HOME/.profile\"\necho \"$1\" >> \(LabFile.notifyLog)\n")
                ]),
            Specimen(
                "VR122-terminal", in: "step3",
                [
                    .script(
                        LabFile.notify,
                        "#!/bin/sh\nset -e\nwidth=$(stty size)\necho \"$1\" >> \(LabFile.notifyLog)\n")
                ]),
        ],
        demonstration: Demonstration("node1 becomes the master, and the notify script gets nowhere") { run in
            try await run.showNoCall("node1 is the master, and the script did not get to its end")
        })
}

// MARK: - Recognizers

private func badFirstLine(of script: ShellScript, _ submission: Submission) -> Diagnosis? {
    let file = script.file
    // What was put there as a program is none of ours.
    guard !file.contents.starts(with: [0x7f]) else { return nil }
    guard let interpreter = script.interpreter else {
        let isMarked = file.contents.starts(with: [0xef, 0xbb, 0xbf])
        return Diagnosis(
            .badInterpreter, .error, at: [script.place(1)],
            isMarked
                ? "A byte order mark stands before the #!: the kernel does not see it."
                : "The first line does not say which program reads the script.",
            remedy: isMarked ? "save the file as UTF-8 without a mark" : "#!/bin/sh as the first line")
    }
    if file.lines[0].hasSuffix("\r") {
        let name = (interpreter.last ?? "").filter { $0 != "\r" }
        return Diagnosis(
            .badInterpreter, .error, at: [script.place(1)],
            "The lines end with a carriage return: the kernel looks for a program called '\(name)\\r'.",
            remedy: "sed -i 's/\\r$//' \(file.path)")
    }
    let wanted = interpreter.first?.hasSuffix("/env") == true ? interpreter.dropFirst().first : interpreter.first
    guard let wanted, submission.program(wanted) == nil else { return nil }
    return Diagnosis(
        .badInterpreter, .error, at: [script.place(1)], "There is no \(wanted) to read the script.",
        remedy: "#!/bin/sh, or the path that 'command -v \(wanted.split(separator: "/").last ?? "")' prints")
}

private func surroundings(
    _ command: ShellScript.Command, _ script: ShellScript, _ submission: Submission
) -> Diagnosis? {
    let place = script.place(command)
    let line = ShellScript.uncommented(script.lines[command.line - 1])
    switch command.name {
    case "read" where command.before != "|" && !line.contains("<") && !line.contains("while"):
        return Diagnosis(
            .needsTerminalOrPath, .warning, at: [place],
            "There is nobody to answer: read returns at once with 1, and an empty word.",
            remedy: "take the value from an argument or a file")
    case "stty", "tput", "tty", "clear", "dialog", "whiptail", "sudo", "su":
        return Diagnosis(
            .needsTerminalOrPath, .warning, at: [place],
            "\(command.name) needs a terminal, and a daemon has none.",
            remedy: command.name.hasPrefix("su") ? "say in the configuration who runs the script" : "do without it")
    default: break
    }
    if let word = command.words.first(where: { $0.contains("$HOME") || $0.contains("${HOME}") || $0.hasPrefix("~/") }) {
        return Diagnosis(
            .needsTerminalOrPath, .warning, at: [place],
            "'\(word)' depends on HOME, which a daemon's scripts do not have.", remedy: "write the whole path")
    }
    let places = ["/opt/bin", "/snap/bin", "/usr/local/games", "/usr/games"]
    let word = command.words[0]
    guard !word.contains("/"), !word.contains("$"), submission.program(word) == nil,
        let found = places.first(where: { submission.machine.way("\($0)/\(word)") != nil })
    else { return nil }
    return Diagnosis(
        .needsTerminalOrPath, .warning, at: [place],
        "\(word) is in \(found), which is not in the PATH of a daemon: \(ProgramRequest.standardPath).",
        remedy: "\(found)/\(word)")
}

import KeepalivedConfiguration
import LabCourse
import NetnsKit
import Timeline
import VRRPCore
import Wire

extension Catalogue {
    static let resultMistakes = [flapping, slowerThanInterval, constantResult]

    private static let flapping = Mistake(
        .flapping, "a check that goes up and down", .warning,
        symptom: "The address moves back and forth, and nothing has been done to the nodes.",
        reason: """
            Without fall and rise one bad result is a failure, and one good result ends it. A check that sometimes \
            fails then moves the address each time: 0.6 s without it, and 3.4 s later back again. fall and rise of \
            2 or 3 wait for a second opinion; nopreempt or preempt_delay end the way back.
            """,
        wrong: "fall 1\nrise 1", right: "fall 2\nrise 2",
        onWire: { TrackSymptom.flapping($0) },
        specimens: [
            Specimen(
                "VR124-moody", in: "step4",
                [
                    .checking(with: "\"\(LabFile.check)\""),
                    .line("    weight -60\n    fall 2\n    rise 2", "    fall 1\n    rise 1"),
                    .line("    nopreempt\n", ""), .script(LabFile.check, moody),
                ], isFoundInFiles: false, isFoundOnWire: true)
        ],
        demonstration: Demonstration("The address moves three times, and nobody has touched anything") { run in
            let begin = try run.start("node1")
            try run.start("node2")
            try run.lab["node2"].start(LabFile.service, as: "haproxy")
            _ = try await run.claim(by: "node1", since: begin)
            let moves = try await run.lab.expect("the address moves three times", within: .seconds(25), since: begin) {
                timeline, _ in
                let moves = timeline.moves
                let failures = timeline.count { $0.node == "node1" && $0.scriptVerdict?.isGood == false }
                return moves.count < 3 || failures < 2
                    ? nil : timeline.last { $0.isClaim(by: "node1") || $0.isClaim(by: "node2") }
            }
            run.judge(
                "three moves without a fault", true, expected: "3 moves",
                observed: "the third \((moves.time - begin).text) after the start")
        })

    /// Fails at every sixth run.
    private static let moody = """
        #!/bin/sh
        count=$(cat /run/runs 2> /dev/null || echo 0)
        echo $((count + 1)) > /run/runs
        [ $((count % 6)) -ne 5 ]

        """

    private static let slowerThanInterval = Mistake(
        .slowerThanInterval, "a check slower than its interval or timeout", .warning,
        symptom: "The check fails although the service is well, or a failure is seen late.",
        reason: """
            A run that lasts longer than timeout, or without one than interval, is ended and counts as failed. With \
            a timeout above the interval the next run is skipped while one goes on, so fall failures take longer \
            than fall times interval: interval 1 and runs of 3 s gave a result every 3 s.
            """,
        wrong: "interval 2\ntimeout 5", right: "interval 2\ntimeout 1",
        message: "VRRP_Script(chk_haproxy) timed_out",
        inFiles: { slowChecks($0) },
        onWire: { TrackSymptom.slowness($0) },
        specimens: [
            Specimen("VR125-timeout", in: "step3", [.line("interval 2", "interval 2\n    timeout 5")]),
            Specimen(
                "VR125-sleep", in: "step3",
                [
                    .checking(with: "\"\(LabFile.check)\""),
                    .script(LabFile.check, "#!/bin/sh\nsleep 3\npgrep -x haproxy\n"),
                ],
                demonstration: Demonstration("The service is well, and its check is ended before it says so") { run in
                    let begin = run.lab.start
                    try await run.becomeMaster()
                    try await run.showLine("the run is ended", within: .seconds(8), since: begin) {
                        $0.contains("timed_out")
                    }
                }),
            Specimen(
                "VR125-curl", in: "step3",
                [
                    .checking(
                        with: "\"/bin/sh -c 'curl -sf --max-time 5 http://127.0.0.1/health || pgrep -x haproxy'\"")
                ],
                demonstration: Demonstration("The check may take 5 s, and has 2 s") { run in
                    let first = try await run.becomeMaster()
                    let check = run.reading(of: "node1")?.result.configuration.scripts.first
                    let limit = check?.timeout ?? check?.interval ?? .zero
                    run.judge(
                        "a run of 5 s would be ended", limit < .seconds(5), expected: "a limit below 5 s",
                        observed: "a limit of \(limit.text), priority \(first.advertisement?.0.priority ?? 0)")
                }),
        ],
        demonstration: Demonstration("A run may take longer than its interval") { run in
            let first = try await run.becomeMaster()
            let check = run.reading(of: "node1")?.result.configuration.scripts.first
            run.judge(
                "the next run is due before this one must have ended",
                check.map { ($0.timeout ?? .zero) > $0.interval } ?? false, expected: "timeout above interval",
                observed: "interval \(check?.interval.text ?? "none"), timeout \(check?.timeout?.text ?? "none"), "
                    + "priority \(first.advertisement?.0.priority ?? 0)")
        })

    private static let constantResult = Mistake(
        .constantResult, "a check that always says the same", .error,
        symptom: "The service dies, and the check goes on to succeed; or it never succeeds.",
        reason: """
            Only the exit code of the last command counts: 0 is well, everything else is not. What a check prints \
            is thrown away. With true, echo or || true as the last word the code is 0 whatever was found, and with \
            an exit 1 that nothing avoids it is never 0.
            """,
        wrong: "script \"/usr/bin/true\"", right: "script \"/usr/bin/pgrep -x haproxy\"",
        inFiles: { constantChecks($0) },
        onWire: { observation in
            let constant = TrackSymptom.constancy(observation)
            guard constant.isEmpty else { return constant }
            return constantChecks(observation.submission).confirmed(by: observation.unnoticedDeath)
        },
        specimens: [
            Specimen("VR126-true", in: "step3", [.checking(with: "\"/usr/bin/true\"")]),
            Specimen(
                "VR126-or", in: "step3", [.checking(with: "\"/bin/sh -c 'pgrep -x haproxy || true'\"")]),
            Specimen(
                "VR126-echo", in: "step3",
                [
                    .checking(with: "\"\(LabFile.check)\""),
                    .script(LabFile.check, "#!/bin/sh\npgrep -x haproxy > /dev/null\necho checked\n"),
                ]),
            Specimen(
                "VR126-never", in: "step3",
                [
                    .checking(with: "\"\(LabFile.check)\""),
                    .script(LabFile.check, "#!/bin/sh\npgrep -x haproxy > /dev/null\nexit 1\n"),
                ],
                demonstration: Demonstration("The service is well, and the check fails") { run in
                    let sent = try await run.becomeMaster().advertisement?.0.priority ?? 0
                    run.judge(
                        "the service is well, and node1 advertises 150 - 60", sent == 90, expected: "priority 90",
                        observed: "priority \(sent)")
                }),
        ],
        demonstration: Demonstration("The service is dead, and node1 advertises its full priority") { run in
            try await run.showUnchecked()
        })
}

// MARK: - On the wire

extension Timeline {
    /// When the address came to another node than before, while nobody did anything: by the kernels, because a master
    /// that yields may send one last advertisement.
    var moves: [TimelineEvent] {
        var holder: String?
        var moves: [TimelineEvent] = []
        for event in self {
            switch event.kind {
            case .fault, .healed, .step:
                moves = []
            case .started, .exited:
                // A daemon that starts or ends is a cause; the scripts that it runs are not in the timeline.
                if event.node != nil { moves = [] }
            default:
                guard let node = event.node, event.isAddition(of: LabNetwork.virtualAddress, to: node) else { continue }
                if let holder, holder != node { moves.append(event) }
                holder = node
            }
        }
        return moves
    }
}

// MARK: - In files

private func slowChecks(_ submission: Submission) -> [Diagnosis] {
    submission.commands.compactMap { examined in
        let command = examined.command
        guard case .check(let name) = command.purpose else { return nil }
        let interval = command.block.first("interval")?.name.seconds ?? 1
        let timeout = command.block.first("timeout")
        let limit = timeout?.name.seconds ?? interval
        let script = submission.script(of: command) ?? command.inlineScript.map { ShellScript(inline: $0) }
        let commands = script?.commands ?? [ShellScript.Command(words: command.words, before: "", after: "", line: 1)]
        // A command that gives up by itself needs no other limit.
        let ends = commands.contains { ($0.longestRun ?? .infinity) <= interval }
        if let timeout, limit > interval, !ends {
            return Diagnosis(
                .slowerThanInterval, .warning, at: [timeout.place],
                "A run of \(name) may last \(timeout.name) s, and the next one is due after \(interval.plain) s: it is "
                    + "skipped, and a failure is seen later.",
                remedy: "a timeout below \(interval.plain), or a longer interval",
                message: "Track script \(name) is already running, expect idle - skipping run")
        }
        guard
            let slow = commands.first(where: {
                ($0.longestRun ?? 0) > limit || $0.name == "sleep" && $0.longestRun == limit
            })
        else { return nil }
        let isOwn = submission.script(of: command) != nil
        return Diagnosis(
            .slowerThanInterval, .warning,
            at: [isOwn ? script?.place(slow) : nil, command.line.place].compactMap(\.self),
            "'\(slow.words.prefix(3).joined(separator: " "))' may take \((slow.longestRun ?? 0).plain) s, and \(name) "
                + "is ended after \(limit.plain) s and counts as failed.",
            remedy: "let it give up before \(limit.plain) s, or write a longer interval and timeout",
            message: "VRRP_Script(\(name)) timed_out")
    }
}

extension ShellScript.Command {
    /// How long it says that it may take, in seconds.
    fileprivate var longestRun: Double? {
        switch name {
        case "sleep": return words.dropFirst().first?.seconds
        case "curl": return value(of: ["--max-time", "-m"])
        case "ping": return value(of: ["-w"])
        case "timeout": return words.dropFirst().first { !$0.hasPrefix("-") }?.seconds
        default: return nil
        }
    }

    private func value(of options: Set<String>) -> Double? {
        words.firstIndex { options.contains($0) }.flatMap { index in
            words.indices.contains(index + 1) ? words[index + 1].seconds : nil
        }
    }
}

extension String {
    /// Seconds as configurations and `sleep` have them.
    fileprivate var seconds: Double? { Double(hasSuffix("s") ? String(dropLast()) : self) }
}

extension Double {
    fileprivate var plain: String { self == rounded() ? "\(Int(self))" : "\(self)" }
}

private func constantChecks(_ submission: Submission) -> [Diagnosis] {
    submission.commands.compactMap { examined in
        let command = examined.command
        guard case .check(let name) = command.purpose else { return nil }
        let program = command.program.split(separator: "/").last.map(String.init) ?? ""
        if ["true", "echo", "printf"].contains(program) || program == "false" {
            let isGood = program != "false"
            return Diagnosis(
                .constantResult, .error, at: [command.line.place],
                "\(command.program) always \(isGood ? "succeeds" : "fails"): \(name) never says anything else.",
                remedy: "a command that fails when the service is dead, such as /usr/bin/pgrep -x haproxy")
        }
        let own = submission.script(of: command)
        let script = own ?? command.inlineScript.map { ShellScript(inline: $0) }
        guard let script, let constant = script.constantEnd else { return nil }
        let place = own.map { $0.place(constant.command) } ?? command.line.place
        return Diagnosis(
            .constantResult, .error, at: [place],
            constant.isGood
                ? "'\(constant.command.words.joined(separator: " "))' is the last word: the check always succeeds."
                : "Nothing avoids '\(constant.command.words.joined(separator: " "))': the check always fails.",
            remedy: constant.isGood
                ? "end with the command that finds out, or with exit 1 where it failed" : "exit 0 where all is well")
    }
}

extension ShellScript {
    /// The last command, when it decides alone how the script ends.
    fileprivate var constantEnd: (command: Command, isGood: Bool)? {
        guard let last = commands.last(where: { !["fi", "done", "esac", "}"].contains($0.words[0]) }) else {
            return nil
        }
        let exits = commands.filter { $0.name == "exit" }
        let endsEarly = commands.contains {
            $0.name == "set" && $0.words.contains { $0.hasPrefix("-") && $0.contains("e") }
        }
        // A failure that is turned into a success on the way has a name of its own.
        guard !endsEarly, !exits.contains(where: { $0.before == "||" && $0.words == ["exit", "0"] && $0 != last })
        else {
            return nil
        }
        let others = exits.filter { $0 != last }
        let isQuiet =
            ["true", ":", "echo", "printf", "logger"].contains(last.name) && last.before != "&&"
            && !last.words.contains { $0.hasPrefix("/dev/tcp/") }
        let isPlainZero = last.words == ["exit", "0"] && last.before != "&&"
        if isQuiet || isPlainZero { return others.contains { $0.words != ["exit", "0"] } ? nil : (last, true) }
        let isFailure = last.name == "exit" && Int(last.words.dropFirst().first ?? "").map { $0 != 0 } == true
        guard isFailure, commands.last == last, last.before.isEmpty || last.before == ";" else { return nil }
        return others.contains { $0.words.count < 2 || Int($0.words[1]).map { $0 == 0 } ?? true } ? nil : (last, false)
    }
}

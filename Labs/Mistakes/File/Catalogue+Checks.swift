import KeepalivedConfiguration
import LabCourse
import Timeline
import VRRPCore
import Wire

extension Catalogue {
    static let checkMistakes = [checkWithoutConsequence, failingSinceStart]

    private static let checkWithoutConsequence = Mistake(
        .checkWithoutConsequence, "a check without consequence", .error,
        symptom: "The service dies, and nothing happens: no line in the log, the same priority.",
        reason: """
            A vrrp_script counts only for instances that name it in track_script, and keepalived looks for it above \
            them: what is misspelt or comes later is left out with one line in the log. A script that ends with \
            exit 0 where its check has failed reports that all is well, whatever it prints.
            """,
        wrong: "track_script {\nchk_haproxi\n}", right: "track_script {\nchk_haproxy\n}",
        message: "(Line 33) (VI_1) track script chk_haproxi not found, ignoring...",
        inFiles: { unusedChecks($0) + swallowedFailures($0) + unusedFiles($0) },
        onWire: { observation in
            let found = unusedChecks(observation.submission) + swallowedFailures(observation.submission)
            return TrackSymptom.hiddenFailure(observation) + found.confirmed(by: observation.unnoticedDeath)
        },
        specimens: [
            Specimen("VR114-name", in: "step3", [.line("        chk_haproxy\n", "        chk_haproxi\n")]),
            Specimen(
                "VR114-unused", in: "step3", [.line("    track_script {\n        chk_haproxy\n    }\n", "")]),
            Specimen(
                "VR114-order", in: "step3", [.init(LabFile.master) { moved($0) }],
                demonstration: Demonstration("A check below its instance is none for keepalived; vrrpd warns") { run in
                    guard run.isOurs("node1") else { return try await run.showUnchecked() }
                    let begin = try run.start("node1")
                    try await run.showLine("vrrpd finds it, and says that keepalived does not", since: begin) {
                        $0.contains("is defined later, where keepalived does not find it")
                    }
                }),
            Specimen(
                "VR114-exit", in: "step3",
                [
                    .checking(with: "\"\(LabFile.check)\""),
                    .script(
                        LabFile.check,
                        "#!/bin/sh\nalive() { pgrep -x haproxy > /run/alive; }\nalive || exit 0\n"
                            + "[ -s /run/alive ] || exit 1\nexit 0\n"),
                ]),
            Specimen(
                "VR114-file", in: "step3",
                [
                    .script(LabFile.check, "#!/bin/sh\npgrep -x haproxy || exit 1\n"),
                    .line("    track_script {\n        chk_haproxy\n    }\n", ""),
                    .line(
                        """
                        vrrp_script chk_haproxy {
                            script "/usr/bin/pgrep -x haproxy"
                            interval 2
                            weight -60
                            fall 2
                            rise 2
                        }

                        """, ""),
                ]),
        ],
        demonstration: Demonstration("The service is dead, and node1 advertises its full priority") { run in
            try await run.showUnchecked()
        })

    private static let failingSinceStart = Mistake(
        .failingSinceStart, "a check that has failed since the start", .note,
        symptom: "The first advertisement already has a lower priority than the file.",
        reason: """
            The first result of a check counts alone, whatever fall says: a service that is not there yet, a program \
            that the check needs or an address that nobody listens on lowers the priority before the first \
            advertisement. Without a weight the node is in FAULT and never advertises.
            """,
        wrong: "script \"/usr/bin/pgrep -x haproxy_main\"", right: "script \"/usr/bin/pgrep -x haproxy\"",
        message: "VRRP_Script(chk_haproxy) failed (exited with status 1)",
        onWire: { failingChecks($0) },
        specimens: [
            Specimen(
                "VR118-name", in: "step3", [.checking(with: "\"/usr/bin/pgrep -x haproxy_main\"")],
                isFoundInFiles: false, isFoundOnWire: true),
            Specimen(
                "VR118-address", in: "step3",
                [.checking(with: "\"/bin/bash -c 'echo > /dev/tcp/127.0.0.1/8404'\"")],
                isFoundInFiles: false, isFoundOnWire: true),
        ],
        demonstration: Demonstration("The service runs, and the first advertisement has a lowered priority") { run in
            let priority = try run.priority(of: "node1")
            let sent = Int(try await run.becomeMaster().advertisement?.0.priority ?? 0)
            run.judge(
                "the first advertisement is below the configured priority", sent < priority,
                expected: "less than \(priority)", observed: "priority \(sent)")
        })

    /// The file with its check behind its instance.
    private static func moved(_ file: SourceFile) -> SourceFile {
        var changed = file
        let text = file.text
        guard let check = text.firstRange(of: "vrrp_script")?.lowerBound,
            let instance = text.firstRange(of: "vrrp_instance")?.lowerBound
        else { return file }
        changed.contents = Array((text[..<check] + text[instance...] + "\n" + text[check..<instance]).utf8)
        return changed
    }
}

// MARK: - Consequences

private func unusedChecks(_ submission: Submission) -> [Diagnosis] {
    submission.diagnoses { router, diagnostic in
        let text = diagnostic.message
        let place = Diagnosis.Place(diagnostic.location)
        if text.contains("track script "), text.contains("not found, ignoring") {
            let name = diagnostic.location.text.trimmed.split(separator: " ").first.map(String.init) ?? ""
            // One without a usable user or program is dropped, and that has a name of its own.
            guard !router.reading.checks.contains(where: { $0.name == name }) else { return nil }
            let known = router.reading.checks.map(\.name)
            return Diagnosis(
                .checkWithoutConsequence, .error, at: [place],
                "There is no vrrp_script '\(name)': the instance tracks nothing here.",
                remedy: known.isEmpty ? "write vrrp_script \(name) { ... } above" : known.joined(separator: " or "),
                message: "track script \(name) not found, ignoring...")
        }
        if text.contains("track script "), text.contains("is defined later") {
            let name = diagnostic.location.text.trimmed.split(separator: " ").first.map(String.init) ?? ""
            return Diagnosis(
                .checkWithoutConsequence, .error, at: [place],
                "\(name) is defined below the instance, where keepalived does not find it.",
                remedy: "move the vrrp_script above the vrrp_instance",
                message: "track script \(name) not found, ignoring...")
        }
        guard text.hasPrefix("script "), text.hasSuffix(" is not used") else { return nil }
        let words = diagnostic.location.text.trimmed.split(separator: " ")
        let name = words.count > 1 ? String(words[1]) : ""
        return Diagnosis(
            .checkWithoutConsequence, .warning, at: [place],
            "No instance tracks \(name): it is not even run.", remedy: "track_script { \(name) } in the instance",
            message: "Warning - script \(name) is not used")
    }
}

/// Failures that a script turns into a success.
private func swallowedFailures(_ submission: Submission) -> [Diagnosis] {
    let others = submission.unusedCheckFiles.map { ShellScript($0) }
    return (submission.checkScripts + others).flatMap { script in
        script.commands.indices.compactMap { index -> Diagnosis? in
            let command = script.commands[index]
            guard command.before == "||", command.words == ["exit", "0"], index > 0 else { return nil }
            let asked = script.commands[index - 1]
            // Whether there is something to check at all is another question.
            guard !["[", "[[", "test", "command", "which", "type", "hash"].contains(asked.name) else { return nil }
            return Diagnosis(
                .checkWithoutConsequence, .error, at: [script.place(command)],
                "When '\(asked.words.joined(separator: " "))' fails the script says that all is well.",
                remedy: "\(asked.words.joined(separator: " ")) || exit 1")
        }
    }
}

/// Checks that were written and that no configuration runs.
private func unusedFiles(_ submission: Submission) -> [Diagnosis] {
    submission.unusedCheckFiles.map { file in
        Diagnosis(
            .checkWithoutConsequence, .warning, at: [Diagnosis.Place(file: file.path)],
            "No vrrp_script runs \(file.name): whatever it finds, nobody hears of it.",
            remedy: "vrrp_script chk_service { script \"\(file.path)\" ... }, and track it")
    }
}

extension Submission {
    /// Files that look like checks and that nothing refers to.
    fileprivate var unusedCheckFiles: [SourceFile] {
        let used = Set(
            routers.flatMap {
                $0.reading.commands.flatMap {
                    $0.words + ShellScript(inline: $0.inlineScript ?? "").commands.flatMap(\.words)
                }
            })
        return files.filter { file in
            let isScript = file.contents.starts(with: Array("#!".utf8)) && file.name.hasSuffix(".sh")
            let isCheck = file.name.contains("check") || file.name.contains("chk")
            return isScript && isCheck && !used.contains(file.path)
        }
    }
}

// MARK: - On the wire

/// Checks whose first result was a failure and that never had another.
private func failingChecks(_ observation: Observation) -> [Diagnosis] {
    let submission = observation.submission
    // A check that cannot succeed has been found in the files, and has a name of its own.
    let own: [MistakeCode] = [
        .programNotFound, .unknownScriptUser, .scriptCannotRun, .unsafePermissions, .badInterpreter,
        .slowerThanInterval, .constantResult,
    ]
    let known = Catalogue.fileMistakes.filter { own.contains($0.code) }.flatMap { $0.inFiles(submission) }
    let files = Set(known.flatMap { $0.places.map { "\($0.file):\($0.line ?? 0)" } })
    return submission.sound.flatMap { router in
        router.reading.checks.compactMap { check -> Diagnosis? in
            guard let line = check.first("script"),
                !files.contains("\(line.place.file):\(line.place.line ?? 0)"),
                let failure = observation.firstFailure(
                    of: check.name, on: router.node, interval: .seconds(check.first("interval")?.number ?? 1))
            else { return nil }
            let name = router.reading.routers.first { $0.trackedScripts.contains { $0.name == check.name } }
            guard let name else { return nil }
            let first = observation.timeline.first { $0.isAdvertisement(from: router.node) }
            let sent = first?.advertisement.map { Int($0.0.priority) }
            let full = Int(name.priority.rawValue)
            guard sent.map({ $0 < full }) ?? true else { return nil }
            return Diagnosis(
                .failingSinceStart, .note, at: [line.place],
                sent.map { "\(check.name) has failed since the start: priority \($0) is advertised, not \(full)." }
                    ?? "\(check.name) has failed since the start: the node does not advertise.",
                remedy: "run it by hand on \(router.node) and look at its exit code: labrun sh \(router.node)",
                message: "VRRP_Script(\(check.name)) failed",
                sights: [Diagnosis.Sight("\(router.node) log", failure)])
        }
    }
}

extension Observation {
    /// The line that says that a check failed, when none says that it ever succeeded.
    fileprivate func firstFailure(of check: String, on node: String, interval: Duration) -> String? {
        let lines = timeline.of(node: node).compactMap { event -> (time: Instant, text: String)? in
            guard case .output(_, _, let line) = event.kind, line.contains("VRRP_Script(\(check)) ") else { return nil }
            return (event.time, line.logMessage)
        }
        let failure = lines.first { $0.text.contains(" failed") }
        guard let failure, !lines.contains(where: { $0.text.contains("succeeded") }) else { return nil }
        // Where something was done to the lab before, that is why.
        let isCaused = timeline.contains { event in
            if case .fault = event.kind { event.time < failure.time } else { false }
        }
        guard !isCaused else { return nil }
        // One run may have come too early: the next has had its chance, too.
        return timeline.endTime - failure.time > interval ? failure.text : nil
    }

    /// A service that died on a master, whose priority stayed as it was for as long as a check can take.
    var unnoticedDeath: Diagnosis.Sight? {
        for router in submission.sound {
            let daemons = ["keepalived", "vrrpd"]
            let death = timeline.of(node: router.node).first { event in
                if case .exited(let process, _) = event.kind { !daemons.contains(process) } else { false }
            }
            guard let death, let virtual = router.reading.routers.first,
                !virtual.trackedScripts.isEmpty || !router.reading.checks.isEmpty
            else { continue }
            let scripts = router.reading.result.configuration.router.scripts
            let patience = scripts.map { $0.interval * ($0.fall + 1) }.max() ?? .seconds(3)
            let before = timeline.last(before: death.time) { $0.isClaim(by: router.node) }
            let after = timeline.first(after: death.time + patience + .seconds(1)) { $0.isClaim(by: router.node) }
            guard let before = before?.advertisement, let after, let sent = after.advertisement,
                sent.0.priority >= before.0.priority
            else { continue }
            return Diagnosis.Sight(
                "lan.pcapng",
                "\(router.node) advertises \(sent.0.priority) \((after.time - death.time).text) after its service ended"
            )
        }
        return nil
    }
}

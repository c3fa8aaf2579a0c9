import KeepalivedConfiguration
import LabCourse
import Timeline
import VRRPCore
import Wire

/// What a run shows of a check that is wrong in itself: for the catalogue's entries.
enum TrackSymptom {
    /// Two moves in so short a time are one too many.
    static let calm: Duration = .seconds(10)
    private static let fewestAnswers = 4

    /// VR124: a check's verdict goes to and fro and takes the address with it.
    ///
    /// A single failure and its end move the address twice, too; that is what checks are for. So the same check must
    /// have failed, passed and failed again, and the address must have moved more than once, within ten seconds. One
    /// that fails anew because the daemon was started anew has not passed in between.
    static func flapping(_ observation: Observation) -> [Diagnosis] {
        let timeline = observation.timeline
        let verdicts = timeline.events.compactMap { event -> (time: Instant, node: String, verdict: ScriptVerdict)? in
            guard let node = event.node, let verdict = event.scriptVerdict else { return nil }
            return (event.time, node, verdict)
        }
        return scripts(observation).compactMap { script in
            let told = verdicts.filter { $0.node == script.node && $0.verdict.script == script.name }
            let failures = told.filter { !$0.verdict.isGood }.map(\.time)
            let pair = zip(failures, failures.dropFirst()).first { first, second in
                let hasPassed = told.contains { $0.verdict.isGood && first < $0.time && $0.time < second }
                let moves = arrivals(observation, in: first...first + calm)
                return hasPassed && second - first <= calm && moves.count > 1
            }
            guard let pair else { return nil }
            let moves = arrivals(observation, in: pair.0...pair.0 + calm)
            let rise = script.setting("rise")
            return Diagnosis(
                .flapping, .warning, at: [script.place("rise")],
                "\(script.name) failed twice within \((pair.1 - pair.0).text), and the address moved \(moves.count) "
                    + "times: a service that comes and goes drags it along.",
                remedy: "rise \(max(rise ?? 1, script.setting("fall") ?? 1) + 1), more than fall: a node is trusted "
                    + "again only after a while.",
                sights: moves.map {
                    Diagnosis.Sight(
                        "kernel", "\(($0.time - observation.origin).text) the address came to \($0.node ?? "nobody")")
                })
        }
    }

    /// VR125: runs of a check last longer than they may, or than the interval between them.
    static func slowness(_ observation: Observation) -> [Diagnosis] {
        // There the check was held up on purpose.
        let isStaged = observation.timeline.contains { event in
            if case .step(Trouble.stuckCheckStep) = event.kind { true } else { false }
        }
        guard !isStaged else { return [] }
        return scripts(observation).compactMap { script in
            let skipped = "Track script \(script.name) is already running"
            let late = "VRRP_Script(\(script.name)) timed_out"
            let lines = observation.timeline.events.compactMap { event -> Diagnosis.Sight? in
                guard event.node == script.node, case .output(_, _, let line) = event.kind,
                    line.contains(skipped) || line.contains(late)
                else { return nil }
                return Diagnosis.Sight("\(script.node) log", "\((event.time - observation.origin).text) \(line)")
            }
            // One alone may be the machine's.
            guard lines.count > 1 else { return nil }
            let isLate = lines.contains { $0.text.contains(late) }
            return Diagnosis(
                .slowerThanInterval, .warning, at: [script.place(isLate ? "timeout" : "interval")],
                "Runs of \(script.name) take longer than "
                    + (isLate ? "they may, and count as failed." : "the interval, and every other one is left out."),
                remedy: "let the command itself give up in time (curl --max-time 0.5), or make interval and timeout "
                    + "longer.",
                message: "Track script \(script.name) is already running, expect idle - skipping run",
                sights: Array(lines.prefix(3)))
        }
    }

    /// VR126: whatever happens to the service, the check says the same.
    ///
    /// It takes the scenario that asks the check in several states of the service, one of them bad and one good.
    static func constancy(_ observation: Observation) -> [Diagnosis] {
        guard observation.scenario == "step6/states" else { return [] }
        let codes = observation.timeline.checkAnswers
        guard codes.count >= fewestAnswers, let code = codes.first, codes.allSatisfy({ $0 == code }) else { return [] }
        let isGood = code == 0
        return [
            Diagnosis(
                .constantResult, .error, at: [Diagnosis.Place(file: ServiceFile.check)],
                "It ended with exit \(code) in all of \(codes.count) states of the service: "
                    + (isGood ? "it never sees that anything is wrong." : "it never sees that all is well."),
                remedy: isGood
                    ? "end with exit 1 as soon as one of the questions has no good answer."
                    : "end with exit 0 when all the questions have been answered well.",
                sights: [Diagnosis.Sight("exit codes", codes.map(String.init).joined(separator: " "))])
        ]
    }

    /// VR114: a check that fails when it should, but not when no server is left.
    static func hiddenFailure(_ observation: Observation) -> [Diagnosis] {
        guard observation.scenario == "step6/states", constancy(observation).isEmpty else { return [] }
        let row = observation.checks.first { $0.title == Trouble.abandoned.name }
        guard let row, row.verdict == .fail, row.observed.hasPrefix("exit 0") else { return [] }
        return [
            Diagnosis(
                .checkWithoutConsequence, .error, at: [Diagnosis.Place(file: ServiceFile.check)],
                "With no web server left it ends with exit 0: the failure goes no further than a warning.",
                remedy: "|| exit 1 also behind the last question.",
                sights: [Diagnosis.Sight("step6/states", "\(row.title): \(row.observed)")])
        ]
    }

    // MARK: Where it is written

    /// A `vrrp_script` of a node's configuration.
    private struct Script {
        var node: String
        var name: String
        var directive: Directive

        /// A keyword's line, or the first of the block when there is none.
        func place(_ keyword: String) -> Diagnosis.Place {
            let line = directive.block?.first { $0.keyword.text == keyword } ?? directive
            let location = line.keyword.location
            return Diagnosis.Place(
                file: location.file, line: location.line, text: String(location.text.drop { $0 == " " || $0 == "\t" }))
        }

        func setting(_ keyword: String) -> Int? {
            directive.block?.first { $0.keyword.text == keyword }?.arguments.first.flatMap { Int($0.text) }
        }
    }

    /// Each time that a node's kernel got one of the addresses that the files have.
    private static func arrivals(_ observation: Observation, in window: ClosedRange<Instant>) -> [TimelineEvent] {
        let routers = observation.submission.routers.flatMap(\.reading.routers)
        let addresses = Set(routers.flatMap(\.addresses).map(\.prefix.address))
        return observation.timeline[window].events.filter { $0.kind.isAddition(of: addresses) }
    }

    private static func scripts(_ observation: Observation) -> [Script] {
        observation.submission.routers.flatMap { router in
            router.reading.outline.filter { $0.keyword.text == "vrrp_script" }.compactMap { directive in
                directive.arguments.first.map { Script(node: router.node, name: $0.text, directive: directive) }
            }
        }
    }
}

extension Timeline {
    /// With what the check ended each time that the scenario asked it.
    fileprivate var checkAnswers: [Int32] {
        let name = ServiceFile.check.split(separator: "/").last.map(String.init) ?? ""
        return events.compactMap { event in
            guard case .exited(let process, .exited(let code)) = event.kind, process.hasPrefix(name + "#") else {
                return nil
            }
            return code
        }
    }
}

extension TimelineEvent.Kind {
    fileprivate func isAddition(of addresses: Set<IPAddress>) -> Bool {
        guard case .addressAdded(let prefix, _) = self else { return false }
        return addresses.contains(prefix.address)
    }
}

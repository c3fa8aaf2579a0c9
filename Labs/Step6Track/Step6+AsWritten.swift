import LabCourse
import NetnsKit
import Timeline
import Wire

/// Where the published text of step 6 errs.
enum Step6Erratum {
    static let warning = Erratum(
        "E60", in: "step6", text: "no web server left: exit 1, and the other node takes over",
        wire: """
            The failure of this one check is turned into exit 0, "a warning only". Clients get 503, and for the daemon \
            all is well.
            """, code: .checkWithoutConsequence)
    static let unused = Erratum(
        "E61", in: "step6", text: "with this script the address follows the service",
        wire: """
            No vrrp_script of either configuration runs the file. With no web server left node1 keeps the address, and \
            clients get 503 for as long as one watches.
            """, code: .checkWithoutConsequence)
    static let noSocat = Erratum(
        "E62", in: "step6", text: "what was installed is all that the script needs",
        wire: """
            Nothing installs socat. Without it no server is ever counted, and the warning path makes exit 0 of that, \
            too: nobody notices that the check does not look.
            """, code: .programNotFound)
    static let stopped = Erratum(
        "E63", in: "step6", text: "killall -0 haproxy tells whether HAProxy works",
        wire: """
            The configurations ask no more than that, and a process that hangs is a process: exit 0. The script \
            notices it, but needs a little more than 3 s, longer than the two from one run to the next.
            """)

    static let all = [warning, unused, noSocat, stopped]
}

/// The published script and configurations beside a real service.
enum Step6AsWritten {
    static func states(_ run: ScenarioRun) async throws {
        try await run.startService()
        try await ServiceStates.visit(run, waiting: .seconds(5)) { row, answer in
            switch row.trouble?.name {
            case Trouble.abandoned.name:
                let page = try await pageStatus(run)
                run.contrast(
                    Step6Erratum.warning, holds: !answer.isWell, isAsCatalogued: answer.isWell && page == "503",
                    observed: "\(answer.text), and a client gets \(page)", measured: answer.time, window: answer.window)
                try await withoutSocat(run)
            case Trouble.stopped.name:
                try await processCheck(run, answer)
            default:
                run.judge(
                    row.name, answer.isWell == row.isWell,
                    expected: row.isWell ? "exit 0" : "anything but exit 0", observed: answer.text,
                    window: answer.window)
            }
        }
    }

    private static func pageStatus(_ run: ScenarioRun) async throws -> String {
        let arguments = ["-s", "-o", "/dev/null", "-w", "%{http_code}", "-m", "2", "http://127.0.0.1/"]
        return try await run.lab["node1"].run(ProgramNeed.curl.path, arguments)?.output.first ?? "nothing"
    }

    /// The same state where socat is in no directory of PATH.
    private static func withoutSocat(_ run: ScenarioRun) async throws {
        let tools = ServiceNetwork.directory + "/tools"
        try await run.command("/bin/mkdir", [tools])
        let links = ["pgrep", "curl", "cut", "grep"].map { "/usr/bin/\($0)" }
        try await run.command("/bin/ln", ["-s"] + links + [tools])
        let answer = try await ServiceStates.ask(run, waiting: .seconds(5), environment: ["PATH": tools])
        run.contrast(
            Step6Erratum.noSocat, holds: !answer.isWell, isAsCatalogued: answer.isWell, observed: answer.text,
            measured: answer.time, window: answer.window)
    }

    private static func processCheck(_ run: ScenarioRun, _ answer: ServiceStates.Answer) async throws {
        let begin = run.lab.step("killall -0 haproxy")
        let result = try await run.lab["node1"].run(ProgramNeed.killall.path, ["-0", "haproxy"])
        let isFooled = result?.succeeded == true
        let isLate = !answer.isWell && (.seconds(3) ... .milliseconds(3500)).contains(answer.time)
        run.contrast(
            Step6Erratum.stopped, holds: !isFooled, isAsCatalogued: isFooled && isLate,
            observed: "killall: \(result.map { "\($0.status)" } ?? "no end"), script: \(answer.text)",
            measured: answer.time, window: answer.window.lowerBound...begin + .milliseconds(100))
    }

    /// The published pair while node1 has lost its web servers.
    static func pair(_ run: ScenarioRun) async throws {
        try await run.startService()
        guard try await run.startRouters() else { return }
        try await run.startClient(.patient)
        let onset = try await Trouble.abandoned.begin(run)
        // fall 2, interval 2, and then node2's whole patience.
        let limit = .seconds(4) + (try run.times(of: "node2").masterDown(try run.priority(of: "node2"))) + .seconds(1)
        let window = onset.seen...onset.seen + limit
        let move = try? await run.lab.expect("node2 takes over", within: limit, since: onset.seen) {
            $0.isClaim(by: "node2")
        }
        let refused = run.lab.timeline[window].count { event in
            if case .request(let request) = event.kind { !request.isAnswered } else { false }
        }
        let served = run.lab.timeline[window].count { $0.isPage(from: "node1") || $0.isPage(from: "node2") }
        run.contrast(
            Step6Erratum.unused, holds: move != nil, isAsCatalogued: move == nil && refused > 0 && served == 0,
            observed: move.map { "node2 took over after \(($0.time - onset.seen).text)" }
                ?? "node1 kept it for \(limit.text), and \(refused) requests failed",
            window: window)
    }
}

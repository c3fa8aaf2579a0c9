import ArgumentParser
import Glibc
import LabCourse
import LinuxSystem
import NetnsKit
import Timeline
import Wire

/// `labrun doctor`: every need of a lab, probed by doing it.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check that this machine can run labs, and how fast it makes them.")

    @Flag(name: .long, help: "Write one JSON document.")
    var json = false

    func run() async throws {
        try enterSandbox()
        var findings: [Finding] = []
        findings += try await interruptible { await Probe.lab() }
        findings += Probe.daemons()
        findings += Probe.tools()
        let failures = findings.count { $0.verdict == .fail }
        let warnings = findings.count { $0.verdict == .inconclusive }
        if json {
            Terminal.say(try JSONLines.line(findings))
        } else {
            Terminal.say("labrun \(Labrun.version) on \(Probe.system())\n")
            for finding in findings { Terminal.say(finding.line) }
            Terminal.say("\n\(failures) failed, \(warnings) warnings.")
        }
        if failures > 0 { throw ExitCode(ExitStatus.notReady.rawValue) }
    }
}

/// What the doctor found out about one need.
struct Finding: Encodable {
    var subject: String
    /// Inconclusive stands for a warning: labs run, but not all that the text speaks of.
    var verdict: Verdict
    var observed: String
    /// What to do about it.
    var remedy: String?

    init(_ subject: String, _ verdict: Verdict, _ observed: String, remedy: String? = nil) {
        self.subject = subject
        self.verdict = verdict
        self.observed = observed
        self.remedy = remedy
    }

    var line: String {
        let mark = verdict == .pass ? "ok" : verdict == .fail ? "FAIL" : "warn"
        let first = "  " + Terminal.column(mark, 6) + Terminal.column(subject, 24) + observed
        return remedy.map { "\(first)\n        fix: \($0)" } ?? first
    }
}

/// The probes themselves.
enum Probe {
    private static let pair = Topology([
        NodeDescription("node1", [InterfaceDescription("eth0", on: "lan", ["192.168.1.11/24"])]),
        NodeDescription("node2", [InterfaceDescription("eth0", on: "lan", ["192.168.1.12/24"])]),
    ])
    private static let rounds = 21

    /// The kernel's name and release.
    static func system() -> String {
        var name = utsname()
        unsafe uname(&name)
        let text = { (field: UnsafeRawBufferPointer) in
            unsafe String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
        }
        let release = unsafe withUnsafeBytes(of: &name.release) { unsafe text($0) }
        let machine = unsafe withUnsafeBytes(of: &name.machine) { unsafe text($0) }
        return "Linux \(release), \(machine), \(sysconf(Int32(_SC_NPROCESSORS_ONLN))) cores"
    }

    /// Builds labs: namespaces, mounts, links, captures, faults, and how long they take.
    static func lab() async -> [Finding] {
        var findings: [Finding] = []
        do {
            findings += try await timings()
            findings += try await sights()
        } catch {
            findings.append(Finding("lab of two nodes", .fail, "\(error)"))
        }
        return findings
    }

    private static func timings() async throws -> [Finding] {
        var (ups, downs): ([Duration], [Duration]) = ([], [])
        for _ in 0..<rounds {
            let (up, ready) = try await Lab.run(pair) { lab in (lab.constructionTime, MonotonicClock.now) }
            ups.append(up)
            downs.append(MonotonicClock.now - ready)
        }
        return [
            timing("two nodes up", ups, limit: .milliseconds(30)),
            timing("and down", downs, limit: .milliseconds(10)),
        ]
    }

    private static func timing(_ subject: String, _ times: [Duration], limit: Duration) -> Finding {
        let sorted = times.sorted()
        let median = sorted[sorted.count / 2]
        let text = { (time: Duration) in (time * 1000).decimalSeconds(digits: 1) }
        let observed =
            "median \(text(median)) ms of \(sorted.count) (\(text(sorted[0]))..\(text(sorted[sorted.count - 1])))"
        return Finding(
            subject, median < limit ? .pass : .inconclusive, observed,
            remedy: median < limit ? nil : "slower than \(text(limit)) ms: other load on this machine?")
    }

    private static func sights() async throws -> [Finding] {
        try await Lab.run(pair) { lab in
            var findings: [Finding] = []
            let start = lab.step("probe")
            try lab["node1"].ping(IPv4Address(192, 168, 1, 12), over: "eth0")
            let heard = try? await lab.expect("node2 hears node1", within: .seconds(2), since: start) {
                $0.node == "node2" && $0.frameDirection == .received
            }
            findings.append(
                heard == nil
                    ? Finding("links and captures", .fail, "node2 heard nothing of node1 within 2 s")
                    : Finding("links and captures", .pass, "a frame crossed and was stamped by the kernel"))
            findings.append(filterFinding(lab))
            let stalls = lab.timeline.compactMap { event -> Duration? in
                if case .stall(let length) = event.kind { length } else { nil }
            }
            let worst = stalls.max() ?? .zero
            findings.append(
                worst < .milliseconds(100)
                    ? Finding("timing", .pass, "no stall of this host above 20 ms, or a short one")
                    : Finding("timing", .inconclusive, "the host stood still for \(worst.text)"))
            return findings
        }
    }

    private static func filterFinding(_ lab: Lab) -> Finding {
        let fault = Fault.mute(LinkEnd("node1", "eth0"), ipProtocol: VRRPPacket.protocolNumber)
        do {
            try lab.inject(fault)
            try lab.heal(fault)
            return Finding("packet filters", .pass, "nf_tables on single interfaces")
        } catch {
            return Finding(
                "packet filters", .inconclusive, "\(error)",
                remedy: "scenarios that filter packets (step2/mute) need the kernel's nf_tables")
        }
    }

    static func daemons() -> [Finding] {
        ["ours", "keepalived"].map { word in
            do {
                let program = try DaemonPair(parsing: word).first
                return Finding(word == "ours" ? "our daemon" : word, .pass, program.path)
            } catch {
                return Finding(
                    word == "ours" ? "our daemon" : word, word == "ours" ? .fail : .inconclusive, "not found",
                    remedy: "\(error)")
            }
        }
    }

    /// Programs that the lab's text calls.
    static func tools() -> [Finding] {
        [("pgrep", "procps"), ("killall", "psmisc"), ("curl", "curl"), ("haproxy", "haproxy")].map { name, package in
            let found = ProgramRequest.standardPath.split(separator: ":").map { "\($0)/\(name)" }
                .first(where: RunningProgram.isExecutable)
            return found.map { Finding(name, .pass, $0) }
                ?? Finding(
                    name, .inconclusive, "not installed; the lab's text calls it",
                    remedy: "apt-get install -y \(package)")
        }
    }
}

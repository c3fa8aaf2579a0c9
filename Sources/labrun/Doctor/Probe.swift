import Glibc
import LabCourse
import Labs
import LinuxSystem
import NetnsKit
import Timeline
import Wire

/// Finds out what this machine can do by doing it.
enum Probe {
    private static let pair = Topology([
        NodeDescription("node1", [InterfaceDescription("eth0", on: "lan", ["192.168.1.11/24"])]),
        NodeDescription("node2", [InterfaceDescription("eth0", on: "lan", ["192.168.1.12/24"])]),
    ])
    private static let rounds = 21

    /// The kernel's name and release.
    static func system() -> String {
        let machine = MachineRecord.own
        return "Linux \(machine.kernel), \(machine.architecture), \(machine.cores) cores"
    }

    /// What there is before any lab is built.
    static func features() -> [Finding] {
        MachineFeature.survey().map { feature in
            Finding(
                feature.name, feature.isAvailable ? .pass : .inconclusive, feature.observation, remedy: feature.remedy)
        }
    }

    /// Builds labs: namespaces, mounts, links, captures, faults, and how long they take.
    static func lab() async -> [Finding] {
        var findings: [Finding] = []
        do {
            findings += try await timings()
            findings += try await sights()
        } catch {
            let rights = (error as? LabError)?.concernsMachine == true ? ContainerRights.own : nil
            findings.append(
                Finding("lab of two nodes", .fail, rights?.observation ?? "\(error)", remedy: rights?.remedy))
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
            findings += filters(in: lab)
            let stalls = lab.timeline.compactMap { event -> Duration? in
                if case .stall(let length) = event.kind { length } else { nil }
            }
            let worst = stalls.max() ?? .zero
            findings.append(
                worst < .milliseconds(100)
                    ? Finding("timing", .pass, worst == .zero ? "no stall of this host" : "one stall of \(worst.text)")
                    : Finding("timing", .inconclusive, "the host stood still for \(worst.text)"))
            return findings
        }
    }

    /// The two directions of a filter are two features of the kernel.
    private static func filters(in lab: Lab) -> [Finding] {
        let end = LinkEnd("node1", "eth0")
        let probes = [
            ("mute links", Fault.mute(end, ipProtocol: VRRPPacket.protocolNumber), "nf_tables' ingress hook", "5.15"),
            ("deaf links", Fault.deaf(end, ipProtocol: VRRPPacket.protocolNumber), "nf_tables' egress hook", "5.16"),
        ]
        return probes.map { subject, fault, feature, release in
            do {
                try lab.inject(fault)
                try lab.heal(fault)
                return Finding(subject, .pass, feature)
            } catch {
                return Finding(
                    subject, .inconclusive, "\(feature) is missing (\(error))",
                    remedy: "labs with \(subject) need Linux \(release) or newer with nf_tables' netdev family")
            }
        }
    }

    /// The daemons, each asked for its version on a node.
    static func daemons() async -> [Finding] {
        var findings: [Finding] = []
        for (word, subject) in [("ours", "our daemon"), ("keepalived", "keepalived")] {
            do {
                let program = try DaemonPair(parsing: word).first
                let version = await version(of: program) ?? "says no version"
                findings.append(Finding(subject, .pass, "\(program.path), \(version)"))
            } catch {
                let machine = MachineState(missingDaemons: word == "ours" ? [] : ["\(error)"])
                let code = Catalogue.diagnose(machine).first?.code
                findings.append(
                    Finding(
                        subject, word == "ours" ? .fail : .inconclusive, "not found", remedy: "\(error)", code: code))
            }
        }
        return findings
    }

    /// The first line that a daemon answers to `--version`.
    static func version(of program: DaemonProgram) async -> String? {
        let machine = Topology([
            NodeDescription("node1", [], exposedPaths: program.hiddenDirectory.map { [$0] } ?? [])
        ])
        return try? await Lab.run(machine) { lab in
            try await lab["node1"].run(program.path, ["--version"], within: .seconds(2))?.lines.first
        }
    }

    /// Programs that the lab's text calls.
    static func tools() -> [Finding] {
        [
            ("pgrep", "procps"), ("killall", "psmisc"), ("curl", "curl"), ("haproxy", "haproxy"), ("socat", "socat"),
        ].map { name, package in
            let found = ProgramRequest.standardPath.split(separator: ":").map { "\($0)/\(name)" }
                .first(where: RunningProgram.isExecutable)
            return found.map { Finding(name, .pass, $0) }
                ?? Finding(
                    name, .inconclusive, "not installed; the lab's text calls it",
                    remedy: "apt-get install -y \(package)")
        }
    }
}

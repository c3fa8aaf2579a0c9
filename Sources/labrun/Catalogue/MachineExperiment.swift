import FoundationEssentials
import LabCourse
import LinuxSystem
import NetnsKit
import Timeline

/// A machine that has something wrong with it, and the doctor who looks at it.
struct MachineExperiment: Sendable {
    var code: MistakeCode
    private var machine: NodeDescription
    /// What is done before the doctor comes; the words with which he is called.
    private var prepare: @Sendable (Lab) async throws -> Void = { _ in }
    private var call: [String] = []

    static let all = [notInstalled, notPrivileged, strayDaemon]

    private init(_ code: MistakeCode, hiding directories: [String] = []) {
        self.code = code
        let standard = NodeDescription.standardPrivateDirectories
        let own = RunningProgram.directory
        let isHidden = (standard + directories).contains { own == $0 || own.hasPrefix($0 + "/") }
        machine = NodeDescription(
            "machine", [InterfaceDescription("eth0", on: "lan", ["192.168.1.11/24"])],
            privateDirectories: standard + directories, exposedPaths: isHidden ? [own] : [])
    }

    /// keepalived is on none of its paths.
    private static var notInstalled: MachineExperiment {
        let places = ["/usr/sbin", "/usr/local/sbin"].filter { RunningProgram.isExecutable($0 + "/keepalived") }
        return MachineExperiment(.notInstalled, hiding: places.isEmpty ? ["/usr/sbin"] : places)
    }

    /// Somebody who may make no namespaces, with or without user namespaces.
    private static var notPrivileged: MachineExperiment {
        var experiment = MachineExperiment(.notPrivileged)
        let script = """
            echo 0 > /proc/sys/user/max_user_namespaces
            exec setpriv --bounding-set=-all --inh-caps=-all "$0" "$@"
            """
        experiment.call = ["/usr/bin/unshare", "--user", "--map-root-user", "/bin/sh", "-c", script]
        return experiment
    }

    /// A daemon that somebody left running.
    private static var strayDaemon: MachineExperiment {
        var experiment = MachineExperiment(.strayDaemon)
        let path = "/etc/keepalived/keepalived.conf"
        let keepalived = ProgramNeed.keepalived.path
        let isInstalled = RunningProgram.isExecutable(keepalived)
        experiment.prepare = { lab in
            try lab["machine"].write(configuration, to: path)
            // The one has its state written to the log and stays; the other goes to the background by itself.
            let words = isInstalled ? [keepalived, "--dump-conf"] : [RunningProgram.directory + "/vrrpd"]
            let begin = lab.step("\(words.joined(separator: " ")) on the machine itself")
            _ = try await lab["machine"].run(words[0], words.dropFirst() + ["-f", path], within: .seconds(5))
            try await lab.expect("it is a router", within: .seconds(5), since: begin) {
                $0.isAdvertisement(from: "machine")
            }
        }
        return experiment
    }

    private static let configuration = """
        vrrp_instance VI_1 {
            version 3
            interface eth0
            virtual_router_id 51
            advert_int 0.1
            virtual_ipaddress {
                192.168.1.100/24
            }
        }

        """

    /// Makes the machine, calls the doctor, and judges what he calls it.
    func outcome() async throws -> SelftestOutcome {
        let words = call + [RunningProgram.path, "doctor", "--json"]
        do {
            let result = try await Lab.run(Topology([machine])) { lab in
                try await prepare(lab)
                return try await lab["machine"].run(words[0], Array(words.dropFirst()), within: .seconds(60))
            }
            return judge(result)
        } catch let failure as ExpectationFailure {
            return SelftestOutcome(
                subject: code.rawValue, verdict: .inconclusive, complaint: "\(failure.claim): \(failure.observation)",
                isOfMachine: true)
        }
    }

    private func judge(_ result: CommandResult?) -> SelftestOutcome {
        var outcome = SelftestOutcome(subject: code.rawValue, verdict: .pass, isOfMachine: true)
        guard let result, let document = result.output.last,
            let findings = try? JSONDecoder().decode([Answer].self, from: Data(document.utf8))
        else {
            outcome.verdict = .inconclusive
            outcome.complaint = "the doctor said nothing: \(result?.lines.first ?? "he did not come to an end")"
            return outcome
        }
        outcome.complaint = SelftestOutcome.complaint(
            code.rawValue, "machine", Set(findings.compactMap(\.code)), [code])
        if outcome.complaint != nil { outcome.verdict = .fail }
        return outcome
    }

    /// What matters of a finding.
    private struct Answer: Decodable {
        var code: MistakeCode?
    }
}

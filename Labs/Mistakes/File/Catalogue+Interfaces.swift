import KeepalivedConfiguration
import LabCourse
import NetnsKit
import Timeline
import Wire

extension Catalogue {
    static let interfaceMistakes = [ownInterfaceTracked, noSuchInterface]

    private static let ownInterfaceTracked = Mistake(
        .ownInterfaceTracked, "own interface tracked with a weight", .warning,
        symptom: "The cable is pulled, and the node is in FAULT instead of at a lower priority.",
        reason: """
            An instance always watches the interface that it speaks on: without it nothing can be sent, so its loss \
            is FAULT whatever weight is written. keepalived and vrrpd leave the line out and say so. A weight makes \
            sense for other interfaces, such as the one towards the servers.
            """,
        wrong: "track_interface {\neth0 weight -50\n}", right: "",
        message: "(VI_1) Ignoring track_interface eth0 since own interface",
        inFiles: { submission in
            submission.diagnoses { _, diagnostic in
                guard diagnostic.message.contains("since own interface") else { return nil }
                let name = diagnostic.location.text.trimmed.split(separator: " ").first ?? ""
                return Diagnosis(
                    .ownInterfaceTracked, .warning, at: [Diagnosis.Place(diagnostic.location)],
                    "The instance speaks on \(name): losing it is FAULT, and the weight is ignored.",
                    remedy: "take the line away, or track another interface", message: diagnostic.message)
            }
        },
        specimens: [
            Specimen(
                "VR112-own", in: "step3",
                [
                    .line(
                        "    track_script {",
                        "    track_interface {\n        eth0 weight -50\n    }\n\n    track_script {")
                ])
        ],
        demonstration: Demonstration("eth0 goes down: FAULT at once, and no advertisement with 150 - 50") { run in
            let first = try await run.becomeMaster()
            let down = try run.lab.inject(.linkDown(LabNetwork.node1)).began
            try await run.showLine("node1 is in FAULT", since: down) { $0.uppercased().contains("FAULT STATE") }
            let lowered = run.lab.timeline.first(after: first.time) {
                $0.isClaim(by: "node1") && $0.advertisement?.0.priority == 100
            }
            run.judge(
                "no advertisement with priority 100", lowered == nil, expected: "none",
                observed: lowered == nil ? "none" : "one", window: down...(down + .milliseconds(250)))
        })

    private static let noSuchInterface = Mistake(
        .noSuchInterface, "an interface that is not there", .error,
        symptom: "keepalived ends right after its start, all instances with it.",
        reason: """
            The name must be one that 'ip -br link' shows. For keepalived one wrong name is a permanent error: it \
            exits with 2 within a tenth of a second, and takes instances with it that are right. keepalived -t says \
            so and exits with 5. An instance without an interface line ends in the same way.
            """,
        wrong: "interface eth1", right: "interface eth0",
        message: "(Line 18) WARNING - interface eth1 for vrrp_instance VI_1 doesn't exist",
        inFiles: { missingInterfaces($0) },
        onWire: confirmed(by: "doesn't exist", "Non-existent interface", "Unknown interface") { missingInterfaces($0) },
        specimens: [
            Specimen("VR113-instance", in: "step3", [.line("interface eth0", "interface eth1")]),
            Specimen("VR113-address", in: "step3", [.line("dev eth0 label eth0:vip", "dev ens3")]),
            Specimen(
                "VR113-tracked", in: "step3",
                [.line("    track_script {", "    track_interface {\n        eth7\n    }\n\n    track_script {")]),
            Specimen("VR113-none", in: "step3", [.line("    interface eth0\n", "")]),
        ],
        demonstration: Demonstration("The daemon does not run") { run in
            let begin = try run.start("node1")
            let process = run.program(of: "node1").process
            let end = try await run.expect("the daemon ends by itself", within: .seconds(3), since: begin) { event in
                if case .exited(process, _) = event.kind { event.node == "node1" } else { false }
            }
            guard let end, case .exited(_, let status) = end.kind else { return }
            run.judge(
                "the daemon ends by itself", status != .exited(code: 0), expected: "an exit code that is not 0",
                observed: "\(status) after \((end.time - begin).text)")
        })
}

private func missingInterfaces(_ submission: Submission) -> [Diagnosis] {
    submission.sound.flatMap { router -> [Diagnosis] in
        let known = Set(router.interfaces.map(\.name) + ["lo"])
        let list = router.interfaces.map(\.name).joined(separator: ", ")
        // The published capstone calls its interface bond0: that the lab has another name for it is no mistake of this
        // kind.
        let renamed = ForeignInterface.names
        let absent = router.reading.result.diagnostics.filter { $0.message.contains("Unknown interface!") }.map {
            Diagnosis(
                .noSuchInterface, .error, at: [Diagnosis.Place($0.location)],
                "The instance does not say on which interface it speaks.", remedy: "interface \(list)",
                message: "(VI_1) Unknown interface!")
        }
        let named = router.reading.instances.flatMap(\.interfaceWords).filter { word, _ in
            !known.contains(word.text) && !renamed.contains(word.text)
        }
        return absent
            + named.map { word, line in
                Diagnosis(
                    .noSuchInterface, .error, at: [line.place],
                    "\(router.node) has no interface \(word.text): it has \(list).",
                    remedy: "the name that 'ip -br link' shows on \(router.node)",
                    message: "Non-existent interface specified in configuration")
            }
    }
}

extension Directive {
    /// The words of an instance that name interfaces, with their lines.
    fileprivate var interfaceWords: [(Word, Directive)] {
        let own = all("interface").compactMap { line in line.arguments.first.map { ($0, line) } }
        let tracked = all("track_interface").flatMap { $0.block ?? [] }.map { ($0.keyword, $0) }
        let addresses = ["virtual_ipaddress", "virtual_ipaddress_excluded"].flatMap { all($0) }
            .flatMap { $0.block ?? [] }.compactMap { line -> (Word, Directive)? in
                let words = line.arguments
                guard let device = words.firstIndex(where: { $0.text == "dev" }), words.indices.contains(device + 1)
                else { return nil }
                return (words[device + 1], line)
            }
        return own + tracked + addresses
    }
}

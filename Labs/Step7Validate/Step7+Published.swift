import LabCourse
import LinuxSystem
import NetnsKit
import Timeline
import Wire

/// What the published step 7 says about two commands.
enum Step7Errata {
    static let test = Erratum(
        "E11", in: "step7", text: "keepalived -t answers that the option is valid",
        wire: """
            The published file gets two complaints, about the password that is cut and the preempt_delay that means \
            nothing, and exit status 5. A file without a mistake gets no word at all, and 0.
            """)
    static let dump = Erratum(
        "E12", in: "step7", text: "keepalived --dump-conf prints the configuration and ends",
        wire: """
            It prints nothing, goes to the background, and is a VRRP router on the machine's own interfaces from then \
            on: it takes the address. In a lab it ends with the node; elsewhere somebody has to kill it.
            """, code: .strayDaemon)
}

extension Scenario {
    private static let machine = Topology([node("machine", [("eth0", "192.168.1.11/24")])])
    private static let published = [
        LabFile.configuration(PackageResources.step4_node1_as_written_conf, at: LabFile.master, on: "machine"),
        LabFile.notifyScript(on: "machine"),
    ]

    /// The published file, and the test of it.
    static let publishedTest = Scenario(
        "test", "The text: -t says that the file is valid", topology: machine, files: published
    ) { run in
        let begin = run.lab.step("test the published file")
        let result = try await run.lab["machine"].run(run.daemons.first.path, ["-t", "-f", LabFile.master])
        guard let result else { return }
        let words = result.lines.joined(separator: "\n")
        let isCatalogued =
            result.status == .exited(code: 5) && words.contains("Truncating auth_pass")
            && words.contains("preempt delay will not work")
        run.contrast(
            Step7Errata.test, holds: words.contains("is valid") && result.succeeded, isAsCatalogued: isCatalogued,
            observed: "\(result.status): \(TestAnswer(keepalivedLines: result.lines).summary)",
            window: begin...run.lab.step("it has answered"))
    }

    /// The command that leaves a router behind.
    static let publishedDump = Scenario(
        "dump", "The text: --dump-conf prints a dump", topology: machine, files: published
    ) { run in
        let program = run.daemons.first
        let command = "\(program.path) --dump-conf -f \(LabFile.master) | head -30"
        let begin = run.lab.step(command)
        let result = try await run.lab["machine"].run("/bin/sh", ["-c", command])
        // The check for haproxy lowers its priority; alone it becomes the master all the same.
        let claim = try? await run.lab.expect(
            "the machine is a router", within: LabNetwork.times.masterDown(1) + .seconds(1), since: begin
        ) {
            $0.isClaim(by: "machine")
        }
        let output = result?.output ?? []
        let seen = claim.map { "a router that advertises, \(($0.time - begin).text) later" } ?? "no router left"
        run.contrast(
            Step7Errata.dump, holds: output.contains { $0.contains("VRRP Topology") } && claim == nil,
            isAsCatalogued: output.isEmpty && claim != nil,
            observed: "\(output.count) lines, and \(seen)", measured: claim.map { $0.time - begin },
            window: begin...run.lab.step("it has been watched"))
    }
}

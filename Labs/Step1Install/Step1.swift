import LabCourse
import LinuxSystem
import NetnsKit
import Timeline
import Wire

/// Step 1: the daemon is there, starts, and ends without a trace; and what the later steps will call.
extension LabStep {
    public static let step1 = LabStep(
        id: "step1", title: "Install keepalived",
        goal: "Know that the daemon runs on this machine, and which programs the later steps need beside it.",
        picture: """
            node1 .11 --+-- lan 192.168.1.0/24          virtual address 192.168.1.100
            """,
        lesson: String(decoding: PackageResources.step1_lesson_md, as: UTF8.self), seconds: 6,
        variants: [
            .reference: VariantContents(files: referenceFiles, scenarios: [version, life, programs]),
            .asWritten: VariantContents(files: asWrittenFiles, scenarios: [missingPrograms]),
        ],
        hints: [
            "Nothing is to be written here. 'labrun doctor' says what this machine lacks, with the command for each.",
            """
            apt-get update; apt-get install -y keepalived iproute2 psmisc procps curl socat haproxy brings everything \
            that the steps call. In a container: DEBIAN_FRONTEND=noninteractive in front of it.
            """,
        ],
        errata: [.tools])
}

private let alone = Topology([LabNetwork.single.nodes[0]])
private let referenceFiles = [
    LabFile.configuration(PackageResources.step1_node1_reference_conf, at: LabFile.master, on: "node1")
]
private let asWrittenFiles = [
    LabFile.configuration(PackageResources.step3_node1_as_written_conf, at: LabFile.master, on: "node1"),
    LabFile.notifyScript(on: "node1"), LabFile.serviceStandIn(on: "node1"),
]

private let version = Scenario(
    "version", "The daemon says what it is and what it can do", topology: alone, files: referenceFiles
) {
    run in
    let program = run.program(of: "node1")
    let answer = try await run.lab["node1"].run(program.path, ["--version"], within: .seconds(2))
    let lines = answer?.lines ?? []
    let number = lines.first.map(versionNumber) ?? []
    let name = program.process
    guard name == "keepalived" else {
        run.judge(
            "\(name) says its version", number.count >= 2, expected: "a number such as 0.1.0",
            observed: lines.first ?? "no answer")
        return
    }
    run.judge(
        "keepalived is 2.2 or newer", !number.lexicographicallyPrecedes([2, 2]) && !number.isEmpty,
        expected: "2.2 or newer", observed: number.map(String.init).joined(separator: "."))
    let options = lines.first { $0.hasPrefix("Config options:") }?.split(separator: " ").map(String.init) ?? []
    let wanted = ["VRRP", "VRRP_AUTH", "JSON"]
    run.judge(
        "it was built with what the steps use", wanted.allSatisfy(options.contains),
        expected: wanted.joined(separator: ", "),
        observed: wanted.map { options.contains($0) ? $0 : "no \($0)" }.joined(separator: ", "))
}

/// The numbers of the first word that has some, such as `v2.2.7`.
private func versionNumber(_ line: String) -> [Int] {
    line.split(separator: " ").lazy.map { word in
        word.split { !$0.isNumber }.compactMap { Int($0) }
    }.first { $0.count >= 2 } ?? []
}

private let life = Scenario(
    "start", "It starts, holds the address, ends, and starts again", topology: alone, files: referenceFiles
) {
    run in
    let name = run.daemon(of: "node1")
    try await checkStart(run)
    let address = run.virtualAddress
    let limit = try run.silence(of: "node1") + .seconds(2)
    try await run.demand("node1 gets the address", within: limit, since: run.lab.start) {
        $0.isAddition(of: address, to: "node1")
    }
    let process = try run.lab["node1"].process(name.process)
    let family = [process.pid] + process.descendants()
    let fault = try run.lab.inject(.terminate(name)).began
    let end = try await run.expect("it ends when it is asked to (SIGTERM)", within: .seconds(8), since: fault) {
        guard $0.node == "node1", case .exited(name.process, _) = $0.kind else { return false }
        return true
    }
    guard let end, case .exited(_, let status) = end.kind else { return }
    run.check(
        "it ends when it is asked to (SIGTERM)", end.time - fault, within: .zero ... .seconds(2),
        window: fault...end.time)
    run.judge("its exit code", status == .exited(code: 0), expected: "0", observed: "\(status)")
    let left = family.filter { FileSystem.exists("/proc/\($0)") }
    run.judge(
        "no process is left", left.isEmpty, expected: "none of \(family.count)", observed: "\(left.count) left")
    let kept = try run.lab["node1"].addresses().contains { $0.prefix.address == address }
    run.judge("the address is gone", !kept, expected: "not on node1", observed: kept ? "still there" : "gone")
    try await checkStart(run)
}

private func checkStart(_ run: ScenarioRun) async throws {
    let begin = try run.start("node1")
    let ready = try await run.demand("it starts", within: .seconds(5), since: begin) {
        $0.isLine(on: "node1", containing: "Entering BACKUP STATE")
    }
    run.check("it starts", ready.time - begin, within: .zero ... .seconds(2), window: begin...ready.time)
}

private let programs = Scenario("programs", "What the later steps call", topology: alone, files: referenceFiles) {
    run in
    let uses: [(need: ProgramNeed, use: String)] = [
        (.pgrep, "the checks of steps 3 to 5"), (.killall, "the published chk_haproxy"),
        (.curl, "HTTP checks, steps 6 and 8"), (.socat, "step 6 asks HAProxy's socket"),
        (.haproxy, "the service of steps 6 and 8"), (.keepalived, "--daemon keepalived, errata"),
    ]
    for (need, use) in uses {
        guard RunningProgram.isExecutable(need.path) else {
            run.skip("\(need.name): \(use)", because: "not installed: apt-get install -y \(need.package)")
            continue
        }
        run.judge("\(need.name): \(use)", true, expected: need.path, observed: need.path)
    }
}

private let missingPrograms = Scenario(
    "programs", "The text: keepalived and iproute2 are all that step 3 needs", topology: LabNetwork.bare,
    files: asWrittenFiles, errata: [.tools]
) { run in
    try run.startServices()
    let begin = try run.start("node1")
    let limit = try run.times(of: "node1").masterDown(1) + .seconds(1)
    let first = try await run.require("node1 becomes the master", within: limit, since: begin) {
        $0.isClaim(by: "node1")
    }
    let priority = Int(first.advertisement?.0.priority ?? 0)
    let isOurs = run.isOurs("node1")
    let log = run.lab.timeline.first(after: begin) {
        $0.isLine(on: "node1", containing: "chk_haproxy") || $0.isLine(on: "node1", containing: "killall")
    }
    run.contrast(
        .tools, holds: priority == 150, isAsCatalogued: priority == (isOurs ? 100 : 120) && log != nil,
        isOurs: isOurs, observed: "priority \(priority) on the wire, neither killall nor curl on the node",
        window: begin...first.time)
}

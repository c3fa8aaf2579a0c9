import LabCourse
import LinuxSystem
import NetnsKit
import Timeline
import VRRPCore
import Wire

// The published file, whose interface exists here, so that it loads; lb2 has its mirror image.
extension CapstoneScenario {
    static let published: [Scenario] = [
        publishedScenario("haproxy", "The text: HAProxy dies, and lb2 takes over", body: checksDropped),
        publishedScenario("link", "The text: lb1 loses its link, and comes back", body: linkLost),
        publishedScenario(
            "weights", "The text, with a user that exists: three weights", { $0.replacing(unknownUser, with: "root") },
            body: weightsTie),
        publishedScenario(
            "nopreempt", "The text's two wishes together: weights that suffice, and nopreempt", bothWishes,
            body: weightsBesideNopreempt),
    ]

    private static let unknownUser = "keepalived_script"
    private static let publishedLink = LinkEnd("lb1", CapstoneNetwork.publishedInterface)

    private static func publishedScenario(
        _ id: String, _ title: String, _ change: (String) -> String = { $0 },
        body: @escaping @Sendable (ScenarioRun) async throws -> Void
    ) -> Scenario {
        let files = CapstoneFile.published.map { file in
            var changed = file
            if file.path.hasSuffix(".conf") { changed.contents = change(file.contents) }
            return changed
        }
        return Scenario(
            id, title, topology: CapstoneNetwork.published, files: files, needs: needs, body: body)
    }

    /// What is left when every single mistake but the idea itself is corrected.
    private static func bothWishes(_ text: String) -> String {
        text.replacing(unknownUser, with: "root")
            .replacing("state MASTER", with: "state BACKUP")
            .replacing("preempt_delay 30", with: "nopreempt")
            .replacing("priority 100\n    advert_int 1\n\n", with: "priority 100\n    advert_int 1\n    nopreempt\n\n")
            .replacing("weight -20", with: "weight -60")
    }

    // MARK: HAProxy dies

    private static func checksDropped(_ run: ScenarioRun) async throws {
        guard UserAccount(named: unknownUser) == nil else {
            return run.skip("the text: its script user", because: "this machine has a user \(unknownUser)")
        }
        try await run.startCapstone()
        let begin = run.lab.start
        contrastFirstSight(run)
        let fault = try run.lab.inject(.kill(service, .tree)).began
        // The process check of the text, and then lb2's whole patience.
        let limit = try .seconds(4) + run.patience(for: CapstoneNetwork.web, on: "lb2") + .seconds(2)
        let moved = try await movement(in: run, since: fault, within: limit)
        let last = lastPriority(in: run)
        let served = run.lab.timeline.count { event in
            CapstoneNetwork.balancers.contains { event.isAnswer(by: $0, since: fault + .milliseconds(100)) }
        }
        run.contrast(
            CapstoneErrata.checksDropped, holds: moved != nil,
            isAsCatalogued: moved == nil && last == 150 && served == 0,
            observed: moved.map { "lb2 took it after \(($0.time - fault).text)" }
                ?? "lb1 still has it with \(last ?? 0) after \(limit.text); the client got \(served) pages meanwhile",
            window: fault...(fault + limit))
        let calls = run.lab.timeline.events.compactMap(\.webhookCall).count
        run.contrast(
            CapstoneErrata.webhookMissing, holds: calls > 0, isAsCatalogued: calls == 0, observed: "\(calls) calls",
            window: begin...run.lab.timeline.endTime)
        let managed = run.lab.timeline.count { event in
            guard event.node == "lb1", event.isSent, case .frame(let captured) = event.kind,
                captured.interface == CapstoneNetwork.managementInterface
            else { return false }
            return event.frame?.ipPacket?.destination.family == .ipv4
        }
        run.contrast(
            CapstoneErrata.oneInterface, holds: managed > 0, isAsCatalogued: managed == 0,
            observed: "\(managed) packets of lb1 on mgmt0", window: begin...run.lab.timeline.endTime)
    }

    /// What can be seen when nothing has happened yet: the password, and the address that is not there.
    private static func contrastFirstSight(_ run: ScenarioRun) {
        let advertisement = run.lab.timeline.first(after: run.lab.start) { $0.claims(CapstoneNetwork.web, by: "lb1") }
        var password = "none"
        if case .password(let octets)? = advertisement?.advertisement?.0.authentication {
            password = String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self)
        }
        run.contrast(
            CapstoneErrata.passwordCut, holds: password == "Pr0d$ecr3t", isAsCatalogued: password == "Pr0d$ecr",
            observed: "\(password) on the wire")
        let added = run.lab.timeline.first(after: run.lab.start) { event in
            CapstoneNetwork.balancers.contains { event.isAddition(of: CapstoneNetwork.web6, to: $0) }
        }
        run.contrast(
            CapstoneErrata.ipv6Dropped, holds: added != nil, isAsCatalogued: added == nil,
            observed: added == nil ? "lb1 is the master, and no kernel has 2001:db8::100" : "it is there")
    }

    // MARK: The link

    private static func linkLost(_ run: ScenarioRun) async throws {
        try await run.startCapstone()
        let fault = try run.lab.inject(.carrierLoss(publishedLink)).began
        let patience = try run.patience(for: CapstoneNetwork.web, on: "lb2")
        let state = try? await run.lab.expect("VI_HTTP is in FAULT", within: .seconds(2), since: fault) { event in
            guard event.node == "lb1", case .output(_, _, let line) = event.kind else { return false }
            return line.contains("(VI_HTTP) Entering FAULT STATE")
        }
        run.contrast(
            CapstoneErrata.ownInterface, holds: state == nil, isAsCatalogued: state != nil,
            observed: state.map { "FAULT \(($0.time - fault).text) after the carrier went" } ?? "no FAULT",
            measured: state.map { $0.time - fault }, window: fault...(fault + .seconds(2)))
        try await run.require("lb2 takes over", within: patience + .seconds(1), since: fault) {
            $0.claims(CapstoneNetwork.web, by: "lb2")
        }
        let back = try run.lab.heal(.carrierLoss(publishedLink)).began
        let own = try run.patience(for: CapstoneNetwork.web, on: "lb1")
        let limit = own + .seconds(3)
        let taken = try? await run.lab.expect("lb1 takes the address back", within: limit, since: back) {
            $0.claims(CapstoneNetwork.web, by: "lb1")
        }
        let delay = taken.map { $0.time - back }
        run.contrast(
            CapstoneErrata.preemptive, holds: delay == nil,
            isAsCatalogued: delay.map { (own - .milliseconds(2)...own + .milliseconds(500)).contains($0) } ?? false,
            observed: delay.map { "lb1 had it back \($0.text) after its carrier" } ?? "lb2 kept it for \(limit.text)",
            measured: delay, window: back...(back + limit))
    }

    // MARK: The weights

    private static func weightsTie(_ run: ScenarioRun) async throws {
        try await run.startCapstone()
        let before = lastPriority(in: run)
        let fault = try run.lab.inject(.kill(service, .tree)).began
        // The slower check needs fall 3 x interval 5; then lb2's patience.
        let limit = try .seconds(16) + run.patience(for: CapstoneNetwork.web, on: "lb2")
        let moved = try await movement(in: run, since: fault, within: limit)
        let after = lastPriority(in: run)
        let loss = (before ?? 0) - (after ?? 0)
        run.contrast(
            CapstoneErrata.weightsTie, holds: moved != nil, isAsCatalogued: moved == nil && loss == 50,
            observed: moved.map { "lb2 took it after \(($0.time - fault).text)" }
                ?? "lb1 went from \(before ?? 0) to \(after ?? 0) and kept it for \(limit.text)",
            window: fault...(fault + limit))
    }

    private static func weightsBesideNopreempt(_ run: ScenarioRun) async throws {
        try await run.startCapstone()
        let fault = try run.lab.inject(.kill(service, .tree)).began
        let limit = try .seconds(4) + run.patience(for: CapstoneNetwork.web, on: "lb2") + .seconds(3)
        let moved = try await movement(in: run, since: fault, within: limit)
        let last = lastPriority(in: run) ?? 0
        run.contrast(
            CapstoneErrata.weightsBesideNopreempt, holds: moved != nil, isAsCatalogued: moved == nil && last < 100,
            observed: moved.map { "lb2 took it after \(($0.time - fault).text)" }
                ?? "lb1 advertises with \(last), lb2 has 100 and does not move for \(limit.text)",
            window: fault...(fault + limit))
    }

    // MARK: What is seen

    /// Watches whether lb2 takes the web address.
    private static func movement(
        in run: ScenarioRun, since fault: Instant, within limit: Duration
    ) async throws -> TimelineEvent? {
        try? await run.lab.expect("lb2 takes the web address", within: limit, since: fault) {
            $0.claims(CapstoneNetwork.web, by: "lb2")
        }
    }

    /// The priority that lb1 advertised last.
    private static func lastPriority(in run: ScenarioRun) -> Int? {
        let last = run.lab.timeline.last(before: run.lab.timeline.endTime) { $0.claims(CapstoneNetwork.web, by: "lb1") }
        return last?.advertisement.map { Int($0.0.priority) }
    }
}

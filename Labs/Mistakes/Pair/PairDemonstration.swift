import LabCourse
import NetnsKit
import Timeline
import VRRPCore
import Wire

extension Demonstration {
    /// Both nodes are masters at once, and stay so.
    ///
    /// - Parameter prepare: what is done before the daemons start.
    static func twoMasters(
        _ title: String, prepare: @escaping @Sendable (ScenarioRun) async throws -> Void = { _ in }
    ) -> Demonstration {
        Demonstration(title) { run in
            try await prepare(run)
            let begin = try run.startServicesAndRouters()
            var owned: [TimelineEvent] = []
            for node in run.routers {
                guard let address = try run.router(of: node).addresses.first?.prefix.address else { continue }
                let limit = try run.patience()
                let event = try await run.expect("\(node) takes \(address)", within: limit, since: begin) {
                    $0.isAddition(of: address, to: node)
                }
                guard let event else { return }
                owned.append(event)
            }
            guard let last = owned.map(\.time).max() else { return }
            let span = try run.longestInterval() * 3
            let routers = run.routers
            try await run.expectNever(
                "one of them yields", for: span, since: last, control: .frame(at: routers[0])
            ) { event in
                guard let node = event.node, routers.contains(node) else { return false }
                if case .addressRemoved = event.kind { return true }
                return event.isResignation(of: node)
            }
        }
    }

    /// One of the daemons does not start, and nobody would take over.
    static func missingRouter(_ title: String, _ node: String) -> Demonstration {
        Demonstration(title) { run in
            let begin = try run.startServicesAndRouters()
            let process = run.program(of: node).process
            let end = try await run.expect("\(node)'s daemon ends", within: .seconds(5), since: begin) { event in
                guard event.node == node, case .exited(process, _) = event.kind else { return false }
                return true
            }
            guard let end, case .exited(_, let status) = end.kind else { return }
            run.judge(
                "\(node)'s daemon ends with 2", status == .exited(code: 2), expected: "exit 2", observed: "\(status)")
            let others = run.routers.filter { $0 != node }
            for other in others {
                let limit = try run.patience()
                _ = try await run.expect("\(other) is alone", within: limit, since: begin) { $0.isClaim(by: other) }
            }
        }
    }

    /// Of two equal routers that meet as masters, the one with the higher address stays.
    static let addressDecides = Demonstration("The files do not decide who is the master: the addresses do") { run in
        // Apart at first: who starts a few milliseconds earlier would be the only master.
        let cut = Fault.silence(LabNetwork.node2)
        try run.lab.inject(cut)
        let begin = try run.startServicesAndRouters()
        let limit = try run.patience()
        for node in run.routers {
            try await run.require("\(node) becomes a master", within: limit, since: begin) { $0.isClaim(by: node) }
        }
        let healed = try run.lab.heal(cut).began
        let interval = try run.longestInterval()
        let yielded = try await run.expect(
            "node1, with the lower address, yields", within: interval * 2, since: healed
        ) { event in
            guard event.node == "node1", case .addressRemoved = event.kind else { return false }
            return true
        }
        guard let yielded else { return }
        try await run.expectNever(
            "node2 yields as well", for: interval * 2, since: yielded.time, control: .advertisement(from: "node2")
        ) { event in
            guard event.node == "node2", case .addressRemoved = event.kind else { return false }
            return true
        }
    }
}

extension ScenarioRun {
    /// Starts what the nodes' checks look for, and then every daemon.
    ///
    /// - Returns: the instant just before the first daemon.
    func startServicesAndRouters() throws -> Instant {
        for node in routers { try lab[node].start(LabFile.service, as: "haproxy") }
        let times = try routers.map { try start($0) }
        return times.min() ?? lab.start
    }

    func longestInterval() throws -> Duration {
        try routers.map { try times(of: $0).interval }.max() ?? .seconds(1)
    }

    /// How long a router that hears nobody waits at most, with the time that starting it takes; checks that fail may
    /// have lowered its priority.
    func patience() throws -> Duration {
        let silence = try routers.map { try times(of: $0).masterDown(1) }.max() ?? .seconds(4)
        return silence + .seconds(1)
    }
}

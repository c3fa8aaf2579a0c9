import LabCourse
import NetnsKit
import Timeline
import Wire

/// A daemon that was started with a file, and what became of it.
struct Start: Sendable {
    var node: String
    var process: String
    var begin: Instant

    /// Starts the daemon under test.
    init(_ run: ScenarioRun, on node: String, file: String) throws {
        let program = run.daemons.first
        self.node = node
        process = program.process
        begin = run.lab.step("start \(program.name) on \(node)")
        try run.lab[node].start(program.path, program.arguments(configuration: file), as: program.process)
    }

    /// Waits until it is as expected, but not for ever, and a little longer for what comes after.
    func settle(_ lab: Lab, _ expected: Seed.Fate?) async throws {
        let (node, process, begin) = (node, process, begin)
        if let expected, expected != .runs(.none) {
            _ = try? await lab.expect(
                "\(node): \(expected)", within: .seconds(5), since: begin,
                inTimeline: {
                    timeline, _ in
                    Self.standing(timeline[begin...], node, process).isLike(expected) ? timeline.events.last : nil
                })
        }
        try await lab.watch(for: .milliseconds(expected == nil ? 1500 : 400))
    }

    /// What has become of it by now.
    func fate(_ lab: Lab) -> Seed.Fate {
        var fate = Self.standing(lab.timeline[begin...], node, process)
        if case .runs(let state, let hasAddress, _) = fate {
            let isNotified = (try? lab[node].read(LabFile.notifyLog)).map { !$0.isEmpty } ?? false
            fate = .runs(state, hasAddress: hasAddress, notifies: isNotified)
        }
        return fate
    }

    private static func standing(_ timeline: Timeline, _ node: String, _ process: String) -> Seed.Fate {
        var state = Seed.State.none
        var addresses: Set<IPPrefix> = []
        for event in timeline where event.node == node {
            switch event.kind {
            case .exited(process, .exited(let code)): return .ends(code)
            case .exited(process, .signaled(let number)): return .ends(128 + number)
            case .output(process, _, let line): state = Seed.State(inLine: line) ?? state
            case .addressAdded(let prefix, _) where !prefix.address.isLinkLocal: addresses.insert(prefix)
            case .addressRemoved(let prefix, _): addresses.remove(prefix)
            default: continue
            }
        }
        return .runs(state, hasAddress: !addresses.isEmpty, notifies: false)
    }
}

extension IPAddress {
    /// The kernel gives every interface one of its own, fe80::/10, a while after the link has come up.
    fileprivate var isLinkLocal: Bool { family == .ipv6 && octets[0] == 0xfe && octets[1] & 0xc0 == 0x80 }
}

extension Seed.State {
    /// `(VI_1) Entering MASTER STATE`; keepalived says lower-case `state` when it begins in FAULT.
    fileprivate init?(inLine line: String) {
        let words = line.split(separator: " ")
        guard let verb = words.firstIndex(where: { $0.lowercased() == "entering" }), words.count > verb + 1 else {
            return nil
        }
        self.init(rawValue: String(words[verb + 1]))
    }
}

extension Seed.Fate {
    /// Whether both are the same for somebody who does not know what the script was told.
    fileprivate func isLike(_ other: Seed.Fate) -> Bool {
        switch (self, other) {
        case (.ends(let code), .ends(let other)): code == other
        case (.runs(let state, let has, _), .runs(let other, let otherHas, _)): state == other && has == otherHas
        default: false
        }
    }
}

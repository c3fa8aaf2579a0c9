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

    /// Waits until it has been as expected, but not for ever, and a little longer for what comes after.
    ///
    /// - Returns: what had become of it by then: a router alone goes on to be a master, however late somebody looks.
    func settle(_ lab: Lab, _ expected: Seed.Fate?) async throws -> Seed.Fate {
        let (node, process, begin) = (node, process, begin)
        var since = begin
        if let expected, expected != .runs(.none) {
            let reached = try? await lab.expect(
                "\(node): \(expected)", within: .seconds(5), since: begin,
                inTimeline: { timeline, _ in
                    var standing = Standing(node, process)
                    return timeline[begin...].events.first { event in
                        standing.note(event)
                        return standing.fate.isLike(expected)
                    }
                })
            since = reached?.time ?? lab.step("\(node) is not: \(expected)")
        }
        let wait: Duration = .milliseconds(expected == nil ? 1500 : 400)
        try await lab.watch(for: wait, since: since)
        return try fate(lab, at: since + wait)
    }

    private func fate(_ lab: Lab, at end: Instant) throws -> Seed.Fate {
        var standing = Standing(node, process)
        for event in lab.timeline[begin...end] { standing.note(event) }
        guard case .runs(let state, let hasAddress, _) = standing.fate else { return standing.fate }
        let told = (try? lab[node].read(LabFile.notifyLog)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return .runs(state, hasAddress: hasAddress, notifies: told.contains(state.rawValue))
    }
}

/// What a node's events say of its daemon so far.
private struct Standing {
    private let node: String
    private let process: String
    private var state = Seed.State.none
    private var addresses: Set<IPPrefix> = []
    private var end: Int32?

    init(_ node: String, _ process: String) {
        self.node = node
        self.process = process
    }

    var fate: Seed.Fate {
        end.map { .ends($0) } ?? .runs(state, hasAddress: !addresses.isEmpty, notifies: false)
    }

    mutating func note(_ event: TimelineEvent) {
        guard event.node == node, end == nil else { return }
        switch event.kind {
        case .exited(process, .exited(let code)): end = code
        case .exited(process, .signaled(let number)): end = 128 + number
        case .output(process, _, let line): state = Seed.State(inLine: line) ?? state
        case .addressAdded(let prefix, _) where !prefix.address.isLinkLocal: addresses.insert(prefix)
        case .addressRemoved(let prefix, _): addresses.remove(prefix)
        default: break
        }
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

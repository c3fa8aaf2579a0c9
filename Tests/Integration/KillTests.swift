import Chance
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("SIGKILL of a harness", .requiresNamespaces)
struct KillTests {
    private static let phases = ["bring-up", "run", "teardown"]
    private static let rounds = ThisProcess.environment("NETNSKIT_KILLS").flatMap { Int($0) } ?? 100

    /// What the machine has when nothing but its first process and this shell is left: namespaces by their inodes,
    /// links, mounts, files.
    private static let inventory = """
        while set -- /proc/[0-9]*; [ $# -gt 2 ]; do :; done
        readlink /proc/[0-9]*/ns/* | sort -u
        ls /sys/class/net
        cut -d' ' -f3- /proc/self/mountinfo
        find /run /tmp /var/log /etc/keepalived | sort
        ls -d /etc/labcycle 2>&1
        """

    @Test("at a hundred random moments of bring-up, run and teardown leaves nothing of what it had")
    func anyMoment() async throws {
        let seed = Requirements.seed ?? 1
        var chance = SeededGenerator(seed: seed)
        var hits: [String: Int] = [:]
        let groups = ControlGroups.emptyOnes()
        try await Lab.run(Machine.topology) { lab in
            let machine = lab[Machine.name]
            let before = try #require(await machine.run("/bin/sh", ["-c", Self.inventory])).lines
            #expect(before.count { $0.hasPrefix("net:[") } == 1)
            let lengths = try await Self.measure(lab)
            for round in 0..<Self.rounds {
                let phase = chance.element(of: Self.phases)
                let part = chance.number(in: 0...1000)
                let label = "harness-\(round)"
                let last = try await Self.kill(label, in: phase, after: part, of: lengths, lab)
                hits[last, default: 0] += 1
                let after = try await machine.run("/bin/sh", ["-c", Self.inventory], within: .seconds(10))
                let place = "seed \(seed), round \(round): \(phase) + \(part) per mille"
                try #require(after != nil, "\(place): processes are left")
                #expect(after?.lines == before, "\(place)")
            }
        }
        print("killed at \(hits.sorted { $0.key < $1.key }.map { "\($0.value) moments of \($0.key)" }), seed \(seed)")
        #expect(Self.rounds < 30 || Self.phases.allSatisfy { (hits[$0] ?? 0) >= Self.rounds / 10 }, "\(hits)")
        #expect(try await ControlGroups.newEmptyOnes(since: groups) == [])
    }

    /// Kills a harness at a moment of a phase: a part of how long that took in a cycle that nobody disturbed.
    ///
    /// - Returns: the phase in which it died, by its own last word.
    private static func kill(
        _ label: String, in phase: String, after part: Int, of lengths: [String: Duration], _ lab: Lab
    ) async throws -> String {
        let begin = lab.step("\(label): \(phase)")
        let process = try lab[Machine.name].start(Machine.program("labcycle"), as: label)
        let word = try await lab.expect("\(label): \(phase)", within: .seconds(20), since: begin) {
            $0.isWord(phase, of: label)
        }
        try await lab.watch(for: (lengths[phase] ?? .zero) * part / 1000, since: word.time)
        try lab.inject(.kill(ProcessName(label, on: Machine.name), .parent))
        let status = await process.exit(within: .seconds(5))
        #expect(status == .signaled(number: 9), "\(label)")
        let last = lab.timeline.last { event in phases.contains { event.isWord($0, of: label) } }
        return phases.first { last?.isWord($0, of: label) == true } ?? "none"
    }

    /// How long each phase takes: the times from one word to the next in a cycle that nobody disturbs.
    private static func measure(_ lab: Lab) async throws -> [String: Duration] {
        try lab[Machine.name].start(Machine.program("labcycle"), as: "undisturbed")
        let words = try await lab.expect(
            "a cycle", count: (phases.count + 1)..., within: .seconds(20), since: lab.start
        ) {
            if case .output("undisturbed", _, _) = $0.kind { true } else { false }
        }
        try lab.inject(.kill(ProcessName("undisturbed", on: Machine.name), .parent))
        let lengths = zip(words, words.dropFirst()).map { $1.time - $0.time }
        return Dictionary(uniqueKeysWithValues: zip(phases, lengths))
    }
}

extension TimelineEvent {
    /// Whether a harness says what it does now.
    fileprivate func isWord(_ word: String, of label: String) -> Bool {
        if case .output(label, _, word) = kind { true } else { false }
    }
}

/// Control groups below this process's own, in which nobody is: what a harness would leave.
private enum ControlGroups {
    static func emptyOnes() -> Set<String> {
        Set(
            FileSystem.systemLines(of: "/proc/self/mountinfo").flatMap { line -> [String] in
                let words = line.split(separator: " ")
                guard let dash = words.firstIndex(of: "-"), words[dash + 1].hasPrefix("cgroup") else { return [] }
                return empty(below: String(words[4]), depth: 3)
            })
    }

    private static func empty(below path: String, depth: Int) -> [String] {
        guard depth > 0 else { return [] }
        return FileSystem.names(in: path).map { "\(path)/\($0)" }.filter(FileSystem.isDirectory).flatMap { directory in
            let isEmpty = FileSystem.systemLines(of: directory + "/cgroup.procs").isEmpty
            return (isEmpty ? [directory] : []) + empty(below: directory, depth: depth - 1)
        }
    }

    /// Those that have come and stay: another lab's may be empty for a moment.
    static func newEmptyOnes(since before: Set<String>) async throws -> Set<String> {
        let deadline = MonotonicClock.now + .seconds(2)
        var found = emptyOnes().subtracting(before)
        while !found.isEmpty, MonotonicClock.now < deadline {
            await Task.yield()
            found.formIntersection(emptyOnes())
        }
        return found
    }
}

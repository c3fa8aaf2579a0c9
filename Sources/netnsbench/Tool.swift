import Glibc
import LinuxSystem
import Wire

/// Another program that builds the network, in mount and network namespaces of its own.
///
/// It is told by a line when to build and when to take down, and answers each with a line: the first is `up` and the
/// path of the namespace of its switch, as it sees it, or `-` when nobody can look there.
struct Tool: Contestant {
    var name: String
    var largest: Int
    /// Programs that it needs; the first is the one that reads the script.
    var programs: [String]
    /// What the first is given, before the number of nodes.
    var arguments: [String]

    var obstacle: String? {
        programs.first { Self.path(of: $0) == nil }.map { "\($0) is not installed" }
    }

    static func path(of program: String) -> String? {
        ProgramRequest.standardPath.split(separator: ":").map { "\($0)/\(program)" }
            .first(where: RunningProgram.isExecutable)
    }

    func round(of count: Int) async throws -> Round {
        try await withCheckedThrowingContinuation { continuation in
            startThread(named: "tool") { continuation.resume(with: Result { try run(count) }) }
        }
    }

    private func run(_ count: Int) throws -> Round {
        let conversation = try Conversation(
            ["unshare", "--mount", "--net", "sh", "-c", Self.setting, "sh"] + programs.prefix(1) + arguments
                + ["\(count)"])
        let begin = MonotonicClock.now
        let answer = try conversation.ask("up")
        let up = MonotonicClock.now
        let path = answer.split(separator: " ").last.map(String.init) ?? "-"
        let vanishing = path == "-" ? nil : try conversation.vanishing(path)
        let end = MonotonicClock.now
        try conversation.ask("down")
        let returned = MonotonicClock.now
        let gone: Instant?
        switch vanishing {
        case .some(let vanishing): gone = try vanishing.wait(for: count)
        case .none: gone = nil
        }
        return Round(up: up - begin, returned: returned - end, gone: gone.map { $0 - end })
    }

    /// Names of namespaces, and what is written elsewhere, stay inside.
    private static let setting = """
        mount -t tmpfs tmpfs /run && mount -t tmpfs tmpfs /tmp && mkdir /run/netns && ip link set lo up && exec "$@"
        """
}

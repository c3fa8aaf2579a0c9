import LinuxSystem

/// A VRRP daemon that runs where the learner's shell runs, and not in a node of a lab.
public struct StrayDaemon: Hashable, Sendable, Codable {
    /// Whom a signal ends it with: the parent, when a supervised child is the one that listens.
    public var pid: Int32
    /// As it was started, with its arguments.
    public var commandLine: String

    public init(pid: Int32, commandLine: String) {
        self.pid = pid
        self.commandLine = commandLine
    }

    private static let names: Set = ["keepalived", "vrrpd"]
    /// How the kernel writes IP protocol 112 in its lists of raw sockets.
    private static let vrrpPort = "0070"

    /// Every such daemon of this process's own PID namespace: nodes of labs have others.
    public static func survey() -> [StrayDaemon] {
        let own = FileSystem.target(ofLink: "/proc/self/ns/pid")
        let processes = ProcessIdentity.allNumbers.sorted().compactMap { ProcessIdentity($0) }.filter { process in
            names.contains(process.name) && !process.isZombie
                && FileSystem.target(ofLink: "/proc/\(process.pid)/ns/pid") == own
        }
        let known = Dictionary(processes.map { ($0.pid, $0) }) { first, _ in first }
        let heads = processes.filter { listens($0.pid) }.map { head(of: $0, known) }
        return Set(heads).sorted().map { StrayDaemon(pid: $0, commandLine: commandLine(of: $0)) }
    }

    /// A child that is killed is started again, so its parent is the one to end.
    private static func head(of process: ProcessIdentity, _ known: [Int32: ProcessIdentity]) -> Int32 {
        var head = process
        while let parent = known[head.parent] { head = parent }
        return head.pid
    }

    /// Whether one of its descriptors is a raw socket for VRRP.
    private static func listens(_ pid: Int32) -> Bool {
        let lists = ["raw", "raw6"].flatMap { FileSystem.systemLines(of: "/proc/\(pid)/net/\($0)") }
        let sockets = Set(
            lists.compactMap { line -> String? in
                // Number, address and protocol, peer, state, queues, timers, retransmissions, user, timeout, inode.
                let words = line.split(separator: " ")
                guard words.count > 9, words[1].hasSuffix(":\(vrrpPort)") else { return nil }
                return "socket:[\(words[9])]"
            })
        return FileSystem.names(in: "/proc/\(pid)/fd").contains { name in
            FileSystem.target(ofLink: "/proc/\(pid)/fd/\(name)").map(sockets.contains) ?? false
        }
    }

    private static func commandLine(of pid: Int32) -> String {
        guard let octets = try? FileSystem.readSystemFile("/proc/\(pid)/cmdline") else { return "" }
        return octets.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }
}

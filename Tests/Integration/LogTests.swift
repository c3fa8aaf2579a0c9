import Glibc
import LabCourse
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

/// A log that nobody takes must not hold up what matters.
@Suite("A log that nobody reads", .requiresNamespaces)
struct LogTests {
    @Test("A full pipe on standard error stops no advertisement")
    func pipe() async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            let daemon = Machine.program("vrrpd")
            // The other end is open, and never read.
            let script = """
                mkfifo /run/log; sleep 1000 < /run/log &
                exec \(daemon) -n -l -D -G -f \(Experiment.configurationFile) > /run/log 2>&1
                """
            try lab["node1"].write(Self.chatty.text, to: Experiment.configurationFile)
            try lab["node1"].start("/bin/sh", ["-c", script], as: "daemon")
            try experiment.start(.ours, on: "node2", InstanceText.backup.text)
            try await Self.claimPace(experiment)
        }
    }

    @Test("A system log that takes datagrams and reads none stops no advertisement")
    func systemLog() async throws {
        var topology = Segment.topology
        for index in topology.nodes.indices where topology.nodes[index].name == "node1" {
            topology.nodes[index].privateDirectories.append("/dev")
            topology.nodes[index].exposedPaths += ["/dev/null", "/dev/urandom"]
        }
        try await Experiment.run(topology) { experiment in
            let lab = experiment.lab
            // Some process of the node lends its root directory, so that the socket stands where the daemon looks.
            let lender = try lab["node1"].start("/bin/sleep", ["1000"])
            let log = try DatagramReceiver(at: lender.path(to: "/dev/log"))
            try lab["node1"].write(Self.chatty.text, to: Experiment.configurationFile)
            try lab["node1"].start(
                Machine.program("vrrpd"), ["-n", "-D", "-f", Experiment.configurationFile], as: "daemon")
            try experiment.start(.ours, on: "node2", InstanceText.backup.text)
            try await Self.claimPace(experiment)
            let lines = log.receiveAll()
            experiment.claim("it was written to", lines.count > 5, sawInstead: "\(lines)")
        }
    }

    /// Says a line for each of many addresses, again and again.
    private static var chatty: InstanceText {
        var instance = InstanceText.master
        instance.addresses += (0..<50).map { "192.168.1.\(150 + $0)/24" }
        instance.lines = ["garp_master_refresh 1", "garp_master_refresh_repeat 5"]
        return instance
    }

    private static func claimPace(_ experiment: Experiment) async throws {
        try await experiment.expectMaster("node1", heardBy: "node2")
        let begin = experiment.lab.step("node1 talks to nobody")
        // Its addresses are more than node2's, which refuses its advertisements: only node1 is looked at.
        await experiment.watch(for: .seconds(6))
        let window = begin...MonotonicClock.now
        let sent = experiment.lab.timeline[window].filter { $0.isClaim(by: "node1") }.map(\.time)
        let gap = zip(sent, sent.dropFirst()).map { $1 - $0 }.max() ?? .seconds(6)
        experiment.claim("node1 keeps its pace", gap, atMost: .milliseconds(150))
        experiment.claim("to the end", window.upperBound - (sent.last ?? begin), atMost: .milliseconds(250))
    }
}

extension NodeProcess {
    /// Where this program's file is, as seen from outside of its node.
    func path(to file: String) -> String { "/proc/\(pid)/root" + file }
}

/// A Unix datagram socket at a path: whoever writes to it is told nothing, and waits when it is full.
final class DatagramReceiver: Sendable {
    private let socket: OwnedDescriptor

    init(at path: String) throws {
        let number = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        socket = OwnedDescriptor(owning: number)
        try socket.setNonblocking()
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let octets = Array(path.utf8)
        try #require(octets.count < 108)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: octets) }
        let code = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(code == 0, "bind \(path): error \(errno)")
        unsafe chmod(path, 0o666)
    }

    /// The datagrams that have come until now.
    func receiveAll() -> [String] {
        var texts: [String] = []
        while let octets = try? socket.read() { texts.append(String(decoding: octets, as: UTF8.self)) }
        return texts
    }
}

import CLinux
import Glibc
import LinuxSystem
import Synchronization
import Wire

/// The least that a kernel can be asked for a network of nodes, as fast as two threads can ask: system calls alone, no
/// library, and neither captures nor monitors nor a wait for carriers.
struct RawLimit: Contestant {
    var name: String { "limit, raw system calls" }

    func round(of count: Int) async throws -> Round {
        try await withCheckedThrowingContinuation { continuation in
            // A thread that is thrown away: it moves into the switch's namespace.
            startThread(named: "raw-limit") {
                continuation.resume(with: Result { try Self.build(count) })
            }
        }
    }

    private static func build(_ count: Int) throws -> Round {
        let begin = MonotonicClock.now
        let hub = try RawSocket.freshNetwork()
        let hubSocket = try RawSocket(acknowledgments: 1)
        try hubSocket.send(RawMessage.bridge(index: 2))
        let nodes = Mutex<[Int32]>([])
        try concurrently(2) { half throws(SystemError) in
            let made = try buildHalf(half, of: count, hub: hub)
            nodes.withLock { $0 += made }
        }
        let up = MonotonicClock.now
        let vanishing = try Vanishing(in: NamespaceDescriptor(OwnedDescriptor(owning: dup(hub))))
        let end = MonotonicClock.now
        for descriptor in nodes.withLock({ $0 }) { close(descriptor) }
        close(hub)
        let returned = MonotonicClock.now
        let gone = try vanishing.wait(for: count)
        return Round(up: up - begin, returned: returned - end, gone: gone.map { $0 - end })
    }

    /// The nodes with even or with odd numbers.
    private static func buildHalf(_ half: Int, of count: Int, hub: Int32) throws(SystemError) -> [Int32] {
        try RawSocket.check(clinux_setns(hub, NamespaceKinds.network.rawValue), "setns")
        let hubSocket = try RawSocket(acknowledgments: 1)
        var nodes: [Int32] = []
        for number in stride(from: half + 1, through: count, by: 2) {
            let node = try RawSocket.freshNetwork()
            let socket = try RawSocket(acknowledgments: 3)
            try hubSocket.send(RawMessage.cable(number, to: node, bridge: 2))
            try socket.send(RawMessage.up(1) + RawMessage.up(2) + RawMessage.address(ofNode: number, on: 2))
            nodes.append(node)
        }
        // A thread would keep the namespace that it stands in.
        try RawSocket.check(clinux_setns(hub, NamespaceKinds.network.rawValue), "setns")
        return nodes
    }
}

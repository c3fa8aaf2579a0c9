import LinuxSystem
import Netlink
import Wire

/// Sees the ends of a network's cables go, in the namespace of its switch.
struct Vanishing: ~Copyable {
    private let monitor: RouteMonitor

    /// Listens in the namespace, which stays for as long as this does.
    init(in namespace: borrowing NamespaceDescriptor) throws {
        self.init(try RouteMonitor(.links, in: namespace))
    }

    init(_ monitor: consuming RouteMonitor) {
        monitor.setReceiveBuffer(16 << 20)
        self.monitor = monitor
    }

    /// When that many cables have gone; nil when some are still there after ten seconds.
    func wait(for count: Int) throws -> Instant? {
        let loop = try EventLoop()
        try loop.watch(monitor.descriptor, as: 0)
        let deadline = MonotonicClock.now + .seconds(10)
        var gone: Set<Int32> = []
        while try !loop.wait(until: deadline).isEmpty {
            for case .linkRemoved(let link) in try monitor.receive() where link.kind == "veth" && link.family == 0 {
                gone.insert(link.index)
            }
            if gone.count >= count { return MonotonicClock.now }
        }
        return nil
    }
}

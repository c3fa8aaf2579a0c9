import Glibc
import LinuxSystem
import Netlink
import Synchronization
import Wire

/// Verifies that nothing of one lab is left: it is told of the lab while it lives, and looks for what it was told of.
///
/// Everything is known by an identity of its own, so that labs that run at the same time never blame each other: a
/// process by its number and start, a network by its cookie, a link by its address, a descriptor by its holder.
///
///     let audit = LeakAudit()
///     try await Lab.run(topology) { lab in
///         defer { audit.note(lab) }
///         ...
///     }
///     let leaks = await audit.leaks()
public final class LeakAudit: Sendable {
    private let before: CallerState
    private let census = Mutex<LabCensus?>(nil)

    /// Remembers how it is around this process, before the lab is made.
    public init() {
        before = CallerState.now()
    }

    /// Notes what the lab has: as late as possible in its body, but inside.
    public func note(_ lab: Lab) {
        let found = LabCensus(lab)
        census.withLock { $0 = found }
    }

    /// Waits until the lab has gone, but not for ever.
    ///
    /// - Parameter limit: the kernel needs about 0.3 s for 200 nodes, and a busy machine its time.
    /// - Returns: what is left at the end of the time; empty as soon as nothing is.
    public func leaks(within limit: Duration = .seconds(5)) async -> [Leak] {
        guard let census = census.withLock({ $0 }) else { return [] }
        return await withCheckedContinuation { continuation in
            startThread(named: "lab-audit") { [before] in
                continuation.resume(returning: Self.wait(for: census, before, until: MonotonicClock.now + limit))
            }
        }
    }

    /// A thread of its own blocks here: for the ends of processes, and, because the release of a descriptor is no event
    /// for anybody, for a few milliseconds.
    private static func wait(for census: LabCensus, _ before: CallerState, until deadline: Instant) -> [Leak] {
        while true {
            let leaks = census.remains(since: before)
            let now = MonotonicClock.now
            guard !leaks.isEmpty, now < deadline, let loop = try? EventLoop() else { return leaks }
            let next = min(deadline, now + .milliseconds(5))
            // The first end wakes; what was handed to the loop is closed with it.
            let living = census.processes.keys.first { $0.isPresent }
            if let living, let handle = try? ProcessHandle(living.pid) {
                try? loop.watch(handle.descriptor, as: 0)
                _ = try? loop.wait(until: next)
            } else {
                _ = try? loop.wait(until: next)
            }
        }
    }
}

extension LabCensus {
    /// What of the lab can be found now.
    func remains(since before: CallerState) -> [Leak] {
        let after = CallerState.now()
        return remainingProcesses + remainingNetworks + remainingParts
            + after.links.values.filter { link in
                before.links[link.index] != link && link.macAddress.map(macAddresses.contains) ?? false
            }.map { Leak(.link, "\($0.name) (index \($0.index)) in the network of this process") }
            + after.mounts.filter { number, point in before.mounts[number] == nil && mountPoints.contains(point) }
            .map { Leak(.mount, "\($0.value) (number \($0.key))") }
            + CallerState.controlGroupRoots.flatMap { root in controlGroups.map { root + $0 } }
            .filter(FileSystem.isDirectory).map { Leak(.controlGroup, $0) }
    }

    private var remainingProcesses: [Leak] {
        processes.filter { $0.key.isPresent }.sorted { $0.key.pid < $1.key.pid }.map { process, node in
            Leak(.process, "\(process.name) (\(process.pid)) of node \(node)")
        }
    }

    /// Networks that a process still stands in, or that this process holds open.
    private var remainingNetworks: [Leak] {
        let own = FileSystem.names(in: "/proc/self/fd").map { "/proc/self/fd/\($0)" }
        let threads = FileSystem.names(in: "/proc/self/task").map { "/proc/self/task/\($0)/ns/net" }
        let others = ProcessIdentity.allNumbers.map { "/proc/\($0)/ns/net" }
        return (own + threads + others).compactMap { path in
            guard let link = FileSystem.target(ofLink: path), let network = networks.first(where: { $0.link == link }),
                let holder = try? OwnedDescriptor.open(path, O_RDONLY),
                (try? NamespaceDescriptor(holder).cookie()) == network.cookie
            else { return nil }
            return Leak(.namespace, "\(network.link) of \(network.owner), held by \(path)")
        }
    }

    private var remainingParts: [Leak] {
        parts.filter { $0.object != nil }.map { Leak(.descriptor, "\($0.name) is still referred to by this process") }
    }
}

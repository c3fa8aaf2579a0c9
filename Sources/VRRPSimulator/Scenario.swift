import Chance
import Timeline
import VRRPCore
import Wire

/// A whole story before it is played: the hosts, the segment between them, and what befalls them.
///
/// Everything is drawn from one seed; what is changed afterwards is somebody's own story.
public struct Scenario: Hashable, Sendable {
    /// When faults come, and with that, what can be asked.
    public enum Mode: String, Hashable, Sendable, CaseIterable {
        /// All the time: what must always hold is asked under the worst.
        case safety
        /// In spells, each followed by quiet: what must come true in the end is asked there. Faults that never end heal
        /// by chance, and hide that something does not heal by itself.
        case liveness
    }

    public var seed: UInt64
    public var mode: Mode
    /// How long it is played.
    public var duration: Duration
    public var version: VRRPVersion
    /// The advertisement interval of every host.
    public var interval: Duration
    /// What each host claims at first; its length is the number of hosts, 2...8.
    public var priorities: [UInt8]
    /// The hosts without `nopreempt`.
    public var preempting: HostSet
    /// The segment's quality outside of spells of noise.
    public var quality: LinkQuality
    /// How late a host may serve a deadline of its router.
    public var timerLateness: Duration
    /// The faults that this seed draws from.
    public var kinds: [FaultKind]
    public var schedule: FaultSchedule
    /// What was given instead of drawn, as the options of `labrun simulate`.
    private var options = ""

    /// Priorities that people give, few enough that two hosts often have the same.
    static let customaryPriorities: [UInt8] = [1, 50, 100, 100, 101, 150, 200, 254]

    /// Draws everything from a seed; what is given is not drawn.
    public init(
        seed: UInt64, hosts: Int? = nil, duration: Duration = .seconds(60), mode: Mode? = nil
    ) {
        var generator = SeededGenerator(seed: SeededGenerator.scrambled(seed))
        self.seed = seed
        self.duration = duration
        options = (hosts.map { " --hosts \($0)" } ?? "") + (mode.map { " --mode \($0.rawValue)" } ?? "")
        let drawn = generator.element(of: Mode.allCases)
        self.mode = mode ?? drawn
        let count = generator.element(of: [2, 3, 3, 4, 5])
        version = generator.element(of: [.v2, .v3])
        interval = .seconds(generator.element(of: [1, 2, 3, 5, 10]))
        priorities = (1...(hosts ?? count)).map { _ in generator.element(of: Self.customaryPriorities) }
        preempting = generator.element(of: [.first(8), .first(8), [], HostSet(rawValue: 0b0101_0101)])
        let longest = generator.element(of: [interval / 10_000, interval / 500, interval / 50, interval / 5])
        quality = LinkQuality(
            delay: longest / generator.element(of: [1, 2, 10])...longest, reorders: generator.isHit(percent: 30),
            duplicationPercent: generator.element(of: [0, 0, 0, 10]))
        timerLateness = generator.element(of: [.zero, .zero, interval / 1000, interval / 20])
        let rate = generator.element(of: [50, 80, 100])
        kinds = FaultKind.allCases.filter { _ in generator.isHit(percent: rate) }
        schedule = FaultSchedule([])
        var faults = FaultGenerator(self, generator.fork())
        schedule = faults.schedule()
    }

    /// A story that a person tells: hosts with these priorities on a sound segment, started together, and what befalls
    /// them.
    public init(
        priorities: [UInt8], version: VRRPVersion = .v2, interval: Duration = .seconds(1), preempts: Bool = true,
        duration: Duration, _ schedule: [FaultSchedule.Entry]
    ) {
        (seed, mode, timerLateness, kinds) = (0, .liveness, .zero, [])
        (self.priorities, self.version, self.interval, self.duration) = (priorities, version, interval, duration)
        preempting = preempts ? .first(priorities.count) : []
        quality = LinkQuality(delay: .microseconds(100) ... .microseconds(100))
        self.schedule = FaultSchedule(
            (1...priorities.count).map { FaultSchedule.Entry(.zero, .start($0)) } + schedule)
    }

    public var hostCount: Int { priorities.count }

    /// How to see it again.
    public var command: String {
        "labrun simulate --seed \(seed) --duration \(duration.components.seconds)\(options)"
    }
}

// MARK: - What hosts are told

extension Scenario {
    /// The one virtual router's address.
    public static let address = IPAddress.v4(IPv4Address(192, 168, 1, 100))
    /// The name of the virtual router on every host.
    static let routerName = "VI_1"
    /// The name of every host's interface.
    static let interface = "eth0"

    /// As in a lab: `node1` has 192.168.1.11; a higher number means a higher address.
    static func address(of host: Int) -> IPv4Address {
        IPv4Address(192, 168, 1, UInt8(10 + host))
    }

    /// What the daemon of a host reads, with a priority that may have changed.
    func configuration(of host: Int, priority: UInt8) -> RouterConfiguration {
        var router = VirtualRouterConfiguration(
            name: Self.routerName, version: version, interface: Self.interface, virtualRouterID: 51,
            priority: Priority(priority) ?? .standard)
        router.advertisementInterval = interval
        router.preempts = preempting.includes(host)
        router.addresses = [VirtualAddress(IPPrefix(host: Self.address), interface: Self.interface)]
        return RouterConfiguration(virtualRouters: [router])
    }
}

// MARK: - The times from which bounds are made

extension Scenario {
    /// L: from a deadline to the moment at which everybody has heard of it.
    public var latency: Duration {
        let qualities = schedule.entries.compactMap { entry -> LinkQuality? in
            if case .quality(let quality) = entry.fault { quality } else { nil }
        }
        let delays = qualities.map(\.delay.upperBound) + [quality.delay.upperBound]
        return (delays.max() ?? .zero) + timerLateness
    }

    /// Skew_Time of a priority: RFC 9568 §6.1 in parts of the interval, RFC 3768 §6.1 in parts of a second.
    public func skewTime(_ priority: UInt8) -> Duration {
        (version == .v3 ? interval : .seconds(1)) * (256 - Int(priority)) / 256
    }

    /// MDI_max: the longest silence that any host tolerates, at the lowest priority that anybody ever has.
    public var longestDownInterval: Duration {
        let changes = schedule.entries.compactMap { entry -> UInt8? in
            if case .priority(_, let priority) = entry.fault { priority } else { nil }
        }
        return interval * 3 + skewTime((priorities + changes).min() ?? 1)
    }

    /// MDI_max + 4L: after this long without change, hosts that hear each other have one master among them.
    public var settlingTime: Duration { longestDownInterval + latency * 4 }
}

extension Scenario {
    /// What the seed chose, in lines for people.
    public var lines: [String] {
        let lateness = (timerLateness * 1000).decimalSeconds(digits: 1)
        let patient = HostSet.first(hostCount).subtracting(preempting)
        return [
            "VRRPv\(version.rawValue), every \(interval.text), every deadline up to \(lateness) ms late",
            "priorities of node1 to node\(hostCount): " + priorities.map(String.init).joined(separator: ", "),
            "nopreempt: \(patient)",
            "\(quality)",
            "faults: " + (kinds.isEmpty ? "none" : kinds.map(\.rawValue).joined(separator: ", ")),
        ]
    }
}

/// What faults have made of the hosts and of the ways between them: who runs, who hears whom, who claims how much.
///
/// The simulation acts on its changes, and the invariants judge by it: there is one opinion of what a fault does.
public struct Circumstances: Hashable, Sendable {
    /// Hosts with a daemon, standing still or not.
    public private(set) var running: HostSet = []
    public private(set) var paused: HostSet = []
    public private(set) var unplugged: HostSet = []
    /// Hosts whose daemon was killed: their kernels may still have addresses.
    public private(set) var abandoned: HostSet = []
    /// For each host, from the first, those whose frames do not reach it.
    public private(set) var deafTo: [HostSet]
    /// What each host's configuration says.
    public private(set) var priorities: [UInt8]
    public private(set) var quality: LinkQuality

    /// Nobody runs, every way is open.
    public init(priorities: [UInt8], quality: LinkQuality) {
        self.priorities = priorities
        self.quality = quality
        deafTo = Array(repeating: [], count: priorities.count)
    }

    /// Changes what a fault changes; false when it changes nothing, such as the pause of a host that is not running.
    public mutating func apply(_ fault: SimulatedFault) -> Bool {
        let former = self
        switch fault {
        case .start(let host): start(.host(host))
        case .stop(let host): if !paused.includes(host) { running.remove(.host(host)) }
        case .crash(let host): end(.host(host))
        case .kill(let host):
            if running.includes(host) { abandoned.insert(.host(host)) }
            end(.host(host), powerLoss: false)
        case .pause(let host): if running.includes(host) { paused.insert(.host(host)) }
        case .resume(let host): paused.remove(.host(host))
        case .unplug(let host): unplugged.insert(.host(host))
        case .plug(let host): unplugged.remove(.host(host))
        case .cut(let sender, let receiver): deafTo[receiver - 1].insert(.host(sender))
        case .mend(let sender, let receiver): deafTo[receiver - 1].remove(.host(sender))
        case .split(let hosts): split(hosts)
        case .mendAll: deafTo = Array(repeating: [], count: deafTo.count)
        case .priority(let host, let priority): priorities[host - 1] = priority
        case .quality(let quality): self.quality = quality
        }
        return self != former
    }

    private mutating func start(_ host: HostSet) {
        running.formUnion(host)
        abandoned.subtract(host)
    }

    private mutating func end(_ host: HostSet, powerLoss: Bool = true) {
        running.subtract(host)
        paused.subtract(host)
        if powerLoss { abandoned.subtract(host) }
    }

    private mutating func split(_ hosts: HostSet) {
        let others = everybody.subtracting(hosts)
        for index in deafTo.indices {
            deafTo[index].formUnion(hosts.includes(index + 1) ? others : hosts)
        }
    }
}

extension Circumstances {
    public var everybody: HostSet { .first(priorities.count) }

    /// Hosts that take part: they run, go on, and have a carrier.
    public var live: HostSet { running.subtracting(paused).subtracting(unplugged) }

    /// Whether frames may be lost at random.
    public var isLossy: Bool { quality.lossPercent > 0 }

    /// Whether every one of these hosts hears every other, as far as cuts go.
    func areConnected(_ hosts: HostSet) -> Bool {
        hosts.numbers.allSatisfy { deafTo[$0 - 1].isDisjoint(with: hosts) }
    }

    /// Whether all that take part hear each other, without loss: what VRRP's promises rest on.
    public var areClique: Bool { !isLossy && areConnected(live) }

    /// Whether nothing worse than power and carriers come and go: no way is cut or lossy, nobody stands still or has
    /// left addresses behind.
    var areBenign: Bool {
        !isLossy && paused.isEmpty && abandoned.isEmpty && areConnected(everybody)
    }

    /// Whether the first host's frames reach the second, as far as cuts and loss go.
    func carries(from sender: Int, to receiver: Int) -> Bool {
        !isLossy && !deafTo[receiver - 1].includes(sender)
    }
}

import Chance
import VRRPCore
import Wire

/// A machine with a daemon: it owns the very router that vrrpd runs, a socket, and what its kernel has of addresses.
struct SimulatedHost: Sendable {
    let number: Int
    let name: String
    let address: IPv4Address
    /// Nil while no daemon runs.
    private(set) var router: Router?
    /// Whether the kernel has the virtual address.
    var hasAddress = false
    /// What the kernel received while the daemon stood still.
    var socket: [Datagram] = []
    /// When the host serves its router's next deadline.
    private(set) var wakeAt: Instant?
    /// The deadline for which `wakeAt` was chosen.
    private var deadline: Instant?
    /// What the daemon was told last of its link and its configuration.
    private(set) var toldCarrier = false
    private(set) var toldPriority: UInt8 = 0
    private var generator: SeededGenerator

    init(number: Int, _ generator: SeededGenerator) {
        self.number = number
        name = "node\(number)"
        address = Scenario.address(of: number)
        self.generator = generator
    }

    /// Begins with a configuration; the host must tell `interface` and `start` next.
    mutating func load(_ configuration: RouterConfiguration, priority: UInt8) {
        router = Router(configuration)
        toldPriority = priority
        socket = []
    }

    mutating func handle(_ event: RouterEvent, at now: Instant) -> [RouterAction] {
        if case .interface(_, let state) = event { toldCarrier = state.isUp }
        return router?.handle(event, at: now) ?? []
    }

    mutating func reload(_ configuration: RouterConfiguration, priority: UInt8, at now: Instant) -> [RouterAction] {
        toldPriority = priority
        return router?.reconfigure(configuration, at: now) ?? []
    }

    /// The daemon is no more, in good order or not.
    mutating func end() {
        router = nil
        socket = []
        wakeAt = nil
        deadline = nil
    }

    /// Chooses when the next deadline is served; one that stays is served when it was to be.
    mutating func chooseWake(lateness: Duration, delay: Duration) {
        let next = router?.nextDeadline
        guard next != deadline else { return }
        deadline = next
        wakeAt = next.map { next in
            next + delay + (lateness > .zero ? generator.duration(in: .zero...lateness) : .zero)
        }
    }

    /// A deadline that stays although it was served is served again later: time must go on whatever a router does.
    mutating func postponeWake(served now: Instant) {
        if let wakeAt, wakeAt <= now { self.wakeAt = now + .milliseconds(1) }
    }

    func interfaceState(carrier: Bool) -> InterfaceState {
        InterfaceState(isUp: carrier, primaryIPv4: address)
    }
}

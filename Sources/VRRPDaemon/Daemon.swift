import KeepalivedConfiguration
import LinuxSystem
import Netlink
import VRRPCore
import Wire

/// The shell around the routers: one thread that waits, hears, tells them, and does what they answer.
///
/// Everything that happens becomes a `RouterEvent`, everything that is done was a `RouterAction`; decisions about the
/// protocol are made in neither direction here.
struct Daemon: ~Copyable {
    static let version = "0.1.0"

    let options: Options
    let log: Log
    let loop: EventLoop
    private let signals: SignalDescriptor

    var configuration = DaemonConfiguration()
    var prepared: PreparedScripts
    var router = Router(RouterConfiguration())
    var interfaces: InterfaceTable
    var addresses: AddressInstaller
    var sockets = AdvertisementSockets()
    var announcer = Announcer()
    var routing: RouteInstaller
    var virtualInterfaces: VirtualInterfaces
    var shields = Shields()
    /// Settings of interfaces that are ours for as long as we run.
    var settings = KernelSettings()
    var scripts = ScriptRunner()
    var pipes = NotificationPipes()
    var mail = Mailer()
    var files = TrackedFiles()
    var processes = TrackedProcesses()
    var supervisor = Supervisor()
    /// The configuration as it was read before the daemon took its place.
    var firstReading: ConfigurationResult?
    let place: RunningPlace
    /// What the routers were last told of each interface.
    var toldInterfaces: [String: InterfaceState] = [:]
    /// The interfaces that the configuration names.
    var interfaceNames: Set<String> = []
    /// When the namespace is looked at again, because it would not hold still.
    var lookAgainAt: Instant?
    /// When sockets that the kernel refused are asked for again.
    var listenAgainAt: Instant?
    private var isStopping = false

    init(
        _ options: Options, _ log: Log, _ signals: consuming SignalDescriptor, at place: RunningPlace? = nil,
        _ firstReading: ConfigurationResult? = nil
    ) throws(DaemonError) {
        let loop = try insisting { () throws(SystemError) in try EventLoop() }
        let interfaces = try insisting { () throws(NetlinkError) in try InterfaceTable() }
        let addresses = try insisting { () throws(NetlinkError) in try AddressInstaller() }
        let routing = try insisting { () throws(NetlinkError) in try RouteInstaller() }
        let virtualInterfaces = try insisting { () throws(NetlinkError) in try VirtualInterfaces() }
        self.routing = routing
        self.virtualInterfaces = virtualInterfaces
        self.options = options
        self.log = log
        self.signals = signals
        self.loop = loop
        self.interfaces = interfaces
        self.addresses = addresses
        prepared = PreparedScripts(configuration)
        self.place = place ?? RunningPlace(options, FileLayout(), temporaryDirectory: nil)
        self.firstReading = firstReading
    }

    /// Works until a signal ends it. `whenUp` is called once, when the daemon has taken its place.
    mutating func run(whenUp: () -> Void) throws(DaemonError) {
        do {
            try start()
            whenUp()
            while !isStopping { try turn() }
        } catch {
            leaveNetwork()
            _ = scripts.stop(loop)
            throw error
        }
    }

    private mutating func start() throws(DaemonError) {
        try adopt(load())
        try insisting { () throws(SystemError) in
            try loop.watch(signals.descriptor, as: EventSource.signals.token)
            try loop.watch(interfaces.descriptor, as: EventSource.interfaces.token)
            try loop.watch(routing.descriptor, as: EventSource.routing.token)
        }
        if let address = configuration.router.virtualRouters.flatMap(\.allAddresses).first {
            try insisting { () throws(NetlinkError) in try addresses.prove(address, among: interfaces.interfaces) }
        }
        enterNetwork()
        try insisting { () throws(SystemError) in
            try sockets.match(configuration.router.virtualRouters, interfaces.interfaces, loop)
        }
        router = Router(configuration.router)
        startServices()
        tellInterfaces()
        tell(.start)
        for line in sockets.descriptions { log.notice(line) }
        log.notice("Startup complete")
        supervisor.ready(at: MonotonicClock.now)
        ThisProcess.returnFreeMemory()
        if options.dumpsConfiguration { log.notice(lines: stateDump.text) }
    }

    /// One round: everything that is ready is heard before a deadline is concluded to have passed in silence.
    private mutating func turn() throws(DaemonError) {
        let deadline = [router.nextDeadline, nextServiceDeadline, networkDeadline].compactMap(\.self).min()
        let ready = try insisting { () throws(SystemError) in try loop.wait(until: deadline) }
        for source in ready.sorted().compactMap({ EventSource(token: $0) }) where !isStopping {
            try handle(source)
        }
        if !isStopping { try meetDeadlines() }
    }

    private mutating func handle(_ source: EventSource) throws(DaemonError) {
        switch source {
        case .signals:
            obey(try insisting { () throws(SystemError) in try signals.receive() })
        case .interfaces:
            hearInterfaces()
        case .routing:
            hearRouting()
        case .packets(let index):
            hearPackets(interfaceIndex: index)
        case .process(let pid):
            take(scripts.collect(pid, at: MonotonicClock.now, loop))
        case .trackedFiles, .trackedProcess, .mail, .nameLookup:
            serve(source)
        }
    }

    private mutating func meetDeadlines() throws(DaemonError) {
        let now = MonotonicClock.now
        if let due = router.nextDeadline, due <= now {
            try hearAllPackets()
            tell(.deadline)
        }
        if let due = nextServiceDeadline, due <= now { meetServiceDeadlines(at: now) }
        meetNetworkDeadlines(at: now)
    }

    mutating func stop() {
        isStopping = true
        log.notice("Stopping")
        supervisor.stopping()
        // Neighbors first, and scripts last: whoever is told about the stop may take its time. What is in place goes at
        // once, which takes fewer calls than to take it away for one router after the other.
        let actions = router.handle(.stop, at: MonotonicClock.now)
        perform(actions.filter(\.isMessage))
        if !options.leavesAddresses { leaveNetwork() }
        perform(actions.filter(\.isTransition))
        endServices()
        log.notice("Stopped Vrrpd v\(Self.version)")
    }
}

// MARK: - Events

extension Daemon {
    mutating func tell(_ event: RouterEvent) {
        perform(router.handle(event, at: MonotonicClock.now))
    }

    mutating func take(_ outcome: ScriptRunner.Outcome) {
        for entry in outcome.log { log.write(entry) }
        for event in outcome.events { tell(event) }
    }
}

// MARK: - Actions

extension Daemon {
    /// Does what the routers decided, in their order.
    mutating func perform(_ actions: [RouterAction]) {
        for action in actions {
            switch action {
            case .transition(let transition):
                announce(transition)
            case .log(let entry):
                log.write(entry)
            case .transmit, .install, .remove, .announce, .announceSource, .installRoutes, .removeRoutes, .shield,
                .unshield:
                performOnNetwork(action)
            }
        }
    }
}

extension RouterAction {
    fileprivate var isTransition: Bool {
        if case .transition = self { true } else { false }
    }

    /// Is for neighbors and for the log.
    fileprivate var isMessage: Bool {
        switch self {
        case .transmit, .log: true
        default: false
        }
    }
}

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
    private var announcer = Announcer()
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
    /// When each router last changed its state.
    var transitions: [String: Instant] = [:]
    /// When the namespace is looked at again, because it would not hold still.
    private var lookAgainAt: Instant?
    private var isStopping = false

    init(
        _ options: Options, _ log: Log, _ signals: consuming SignalDescriptor, at place: RunningPlace? = nil,
        _ firstReading: ConfigurationResult? = nil
    ) throws(DaemonError) {
        let loop = try insisting { () throws(SystemError) in try EventLoop() }
        let interfaces = try insisting { () throws(NetlinkError) in try InterfaceTable() }
        let addresses = try insisting { () throws(NetlinkError) in try AddressInstaller() }
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
            addresses.removeAll(among: interfaces.interfaces)
            _ = scripts.stop(loop)
            throw error
        }
    }

    private mutating func start() throws(DaemonError) {
        try adopt(load())
        try insisting { () throws(SystemError) in
            try loop.watch(signals.descriptor, as: EventSource.signals.token)
            try loop.watch(interfaces.descriptor, as: EventSource.interfaces.token)
        }
        if let address = configuration.router.virtualRouters.flatMap(\.allAddresses).first {
            try insisting { () throws(NetlinkError) in try addresses.prove(address, among: interfaces.interfaces) }
        }
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
        let deadline = [router.nextDeadline, nextServiceDeadline, lookAgainAt].compactMap(\.self).min()
        let ready = try insisting { () throws(SystemError) in try loop.wait(until: deadline) }
        for source in ready.sorted().compactMap({ EventSource(token: $0) }) where !isStopping {
            try handle(source)
        }
        if !isStopping { meetDeadlines() }
    }

    private mutating func handle(_ source: EventSource) throws(DaemonError) {
        switch source {
        case .signals:
            obey(try insisting { () throws(SystemError) in try signals.receive() })
        case .interfaces:
            let names = configuration.interfaceNames
            if try insisting({ () throws(NetlinkError) in try interfaces.hear(about: names) }) { lookAround() }
        case .packets(let index):
            hear(sockets.receive(interfaceIndex: index))
        case .process(let pid):
            take(scripts.collect(pid, at: MonotonicClock.now, loop))
        case .trackedFiles, .trackedProcess, .mail, .nameLookup:
            serve(source)
        }
    }

    private mutating func meetDeadlines() {
        let now = MonotonicClock.now
        if let due = router.nextDeadline, due <= now {
            // A process that was held up may have missed what waits in its sockets: silence is proven by listening.
            hear(sockets.receive())
            tell(.deadline)
        }
        if let due = nextServiceDeadline, due <= now { meetServiceDeadlines(at: now) }
        if let due = lookAgainAt, due <= now { lookAround() }
    }

    mutating func stop() {
        isStopping = true
        log.notice("Stopping")
        supervisor.stopping()
        // Neighbors first: whoever is told about the stop may take its time.
        let actions = router.handle(.stop, at: MonotonicClock.now)
        perform(actions.filter { !$0.isTransition && !(options.leavesAddresses && $0.isRemoval) })
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

    private mutating func hear(_ datagrams: [Datagram]) {
        for datagram in datagrams { tell(.datagram(datagram)) }
    }

    mutating func take(_ outcome: ScriptRunner.Outcome) {
        for entry in outcome.log { log.write(entry) }
        for event in outcome.events { tell(event) }
    }

    /// Compares the namespace with what the routers know and with what was installed.
    private mutating func lookAround() {
        let former = interfaces.interfaces
        do {
            try interfaces.refresh()
            lookAgainAt = nil
            if options.logsAddresses { logAddresses(since: former) }
        } catch {
            log.notice("\(error)")
            lookAgainAt = MonotonicClock.now + .seconds(1)
            return
        }
        let missing = addresses.missing(from: interfaces.interfaces)
        rematchSockets(for: configuration.router.virtualRouters)
        tellInterfaces()
        // The routers may just have given up some of these themselves.
        for address in missing where addresses.holds(address) {
            tell(.addressLost(address.prefix.address, interface: address.interface))
        }
    }

    /// Opens and closes sockets as interfaces and routers come and go.
    mutating func rematchSockets(for routers: [VirtualRouterConfiguration]) {
        do {
            try sockets.match(routers, interfaces.interfaces, loop)
        } catch {
            log.notice("cannot listen for advertisements: \(error)")
        }
    }

    /// Tells the routers what they must know of each interface that they name, as far as it is news.
    mutating func tellInterfaces() {
        let states = interfaceStates()
        let news = states.filter { toldInterfaces[$0.key] != $0.value }
        toldInterfaces = states
        for (name, state) in news.sorted(by: { $0.key < $1.key }) { tell(.interface(name, state)) }
    }

    /// Addresses that should be, or still are, a virtual router's are no source for advertisements.
    private func interfaceStates() -> [String: InterfaceState] {
        let places = addresses.places.union(configuration.router.virtualRouters.flatMap(\.allAddresses).map(\.place))
        let virtual = Dictionary(grouping: places, by: \.interface).mapValues { Set($0.map(\.address)) }
        return Dictionary(
            uniqueKeysWithValues: configuration.interfaceNames.map { name in
                (name, interfaces.interfaces[name]?.state(without: virtual[name] ?? []) ?? .absent)
            })
    }
}

// MARK: - Actions

extension Daemon {
    /// Does what the routers decided, in their order.
    mutating func perform(_ actions: [RouterAction]) {
        for action in actions {
            switch action {
            case .transmit(let transmission):
                sockets.send(transmission).map(log.write)
            case .install(let list, let router):
                addresses.install(list, for: router, among: interfaces.interfaces).forEach(log.write)
            case .remove(let list, let router):
                addresses.remove(list, for: router, among: interfaces.interfaces).forEach(log.write)
            case .announce(let list, let count, let router):
                announcer.announce(list, count: count, for: router, among: interfaces.interfaces).forEach(log.write)
            case .announceSource, .installRoutes, .removeRoutes, .shield, .unshield:
                break
            case .transition(let transition):
                announce(transition)
            case .log(let entry):
                log.write(entry)
            }
        }
    }
}

extension RouterAction {
    fileprivate var isTransition: Bool {
        if case .transition = self { true } else { false }
    }

    /// Takes something away from the machine.
    fileprivate var isRemoval: Bool {
        switch self {
        case .remove, .removeRoutes: true
        default: false
        }
    }
}

extension DaemonConfiguration {
    /// Every interface on which something is sent, installed or watched.
    fileprivate var interfaceNames: Set<String> {
        Set(
            router.virtualRouters.flatMap { router in
                [router.interface] + router.trackedInterfaces.map(\.name) + router.allAddresses.map(\.interface)
            })
    }
}

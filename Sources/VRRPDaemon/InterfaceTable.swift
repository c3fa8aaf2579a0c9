import LinuxSystem
import Netlink
import VRRPCore
import Wire

/// The interfaces of the namespace, kept up with the kernel's notifications; they are listed only at the start, and
/// when the kernel had more to say than it could.
struct InterfaceTable: ~Copyable {
    /// What a round of notifications was about.
    struct News {
        /// Interfaces whose links changed, came or went, by name; a renamed one under both names.
        var links: Set<String> = []
        /// Interfaces with other addresses than before, those that were told to be virtual aside.
        var addresses: Set<String> = []
        /// Addresses that somebody took away; they may be there again.
        var removed: Set<VirtualAddress.Place> = []
        /// Everything was read anew, so anything may have changed.
        var isComplete = false

        var isEmpty: Bool { links.isEmpty && addresses.isEmpty && removed.isEmpty && !isComplete }
    }

    /// By name.
    private(set) var interfaces: [String: Interface] = [:]
    private var names: [Int32: String] = [:]
    private var routes: RouteSocket
    private let monitor: RouteMonitor
    /// A listing has failed: until one succeeds, what is known may be wrong.
    private var isStale = false

    init() throws(NetlinkError) {
        // First the ear, then the look: nothing can change unnoticed in between.
        let monitor = try RouteMonitor([.links, .addresses])
        monitor.setReceiveBuffer(Self.bufferSize)
        let routes = try RouteSocket()
        self.monitor = monitor
        self.routes = routes
    }

    /// Some thousand notifications.
    private static let bufferSize = 8 << 20

    /// Readable when something changed.
    var descriptor: Int32 { monitor.descriptor }

    /// Lets this many octets of notifications wait.
    func setReceiveBuffer(_ octets: Int) {
        monitor.setReceiveBuffer(octets)
    }

    /// Takes in the notifications that wait.
    ///
    /// - Parameter isVirtual: tells addresses that are no news when they come.
    mutating func hear(isVirtual: (VirtualAddress.Place) -> Bool) throws(NetlinkError) -> News {
        var news = News()
        var budget = 10_000
        while budget > 0, Readiness.canRead(monitor.descriptor) {
            for notification in try monitor.receive() {
                budget -= 1
                note(notification, &news, isVirtual)
            }
            // Everything is looked at anew: what waits behind the hole would only keep from that.
            if news.isComplete { monitor.discard() }
        }
        if news.isComplete || isStale {
            try refresh()
            news.isComplete = true
        }
        return news
    }

    private mutating func note(
        _ notification: RouteNotification, _ news: inout News, _ isVirtual: (VirtualAddress.Place) -> Bool
    ) {
        switch notification {
        case .link(let link): note(link, &news)
        case .linkRemoved(let link): forget(link, &news)
        case .address(let record):
            guard let name = names[record.interfaceIndex] else { return }
            interfaces[name]?.note(record)
            let place = VirtualAddress.Place(interface: name, address: record.prefix.address)
            if !isVirtual(place) { news.addresses.insert(name) }
        case .addressRemoved(let record):
            guard let name = names[record.interfaceIndex] else { return }
            interfaces[name]?.forget(record)
            let place = VirtualAddress.Place(interface: name, address: record.prefix.address)
            news.removed.insert(place)
            if !isVirtual(place) { news.addresses.insert(name) }
        case .overflow: news.isComplete = true
        case .route, .routeRemoved, .neighbor, .neighborRemoved, .forwarding, .forwardingRemoved: break
        }
    }

    private mutating func note(_ link: LinkRecord, _ news: inout News) {
        guard link.family == 0 else { return }
        let formerName = names.updateValue(link.name, forKey: link.index)
        var interface = Interface(link)
        if let formerName, let former = interfaces[formerName], former.index == link.index {
            interface = former
            interface.update(to: link)
            if interface == former, formerName == link.name { return }
            if formerName != link.name {
                interfaces[formerName] = nil
                news.links.insert(formerName)
            }
        }
        interfaces[link.name] = interface
        news.links.insert(link.name)
    }

    /// A bridge tells the end of a port like that of an interface; one that is only no port any more stays.
    private mutating func forget(_ link: LinkRecord, _ news: inout News) {
        guard link.family == 0, let name = names.removeValue(forKey: link.index) else { return }
        guard interfaces[name]?.index == link.index else { return }
        interfaces[name] = nil
        news.links.insert(name)
    }

    /// Looks at the namespace anew.
    mutating func refresh() throws(NetlinkError) {
        isStale = true
        var found: [String: Interface] = [:]
        var names: [Int32: String] = [:]
        for link in try routes.links() {
            names[link.index] = link.name
            found[link.name] = Interface(link)
        }
        for record in try routes.addresses() {
            guard let name = names[record.interfaceIndex] else { continue }
            found[name]?.note(record)
        }
        self.names = names
        interfaces = found
        isStale = false
    }
}

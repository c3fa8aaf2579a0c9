import LinuxSystem
import Netlink
import Synchronization
import Wire

extension FaultInjector {
    func injectIntoLink(_ fault: Fault) throws(LabError) -> Inverse? {
        switch fault {
        case .linkDown(let end): return try setDown(end)
        case .removal(let end): return try remove(end)
        case .carrierLoss(let end):
            try coupling.setCarrier(of: end, isUp: false)
            return { [coupling] () throws(LabError) in try coupling.setCarrier(of: end, isUp: true) }
        case .flap(let end, let down, let up): return try flap(end, down, up, fault)
        case .silence(let end):
            let fabric = try fabrics.fabric(of: end)
            try fabric.setPort(of: end, isPlugged: false)
            return { () throws(LabError) in try fabric.setPort(of: end, isPlugged: true) }
        case .mute(let end, let number):
            return try drop(DropRule(.incoming, ipProtocol: number), at: end, "mute", number)
        case .deaf(let end, let number):
            return try drop(DropRule(.outgoing, ipProtocol: number), at: end, "deaf", number)
        case .filter(let end, let number): return try filter(number, at: end)
        default: return nil
        }
    }

    /// In the node's namespace, behind its interface.
    private func filter(_ number: UInt8, at end: LinkEnd) throws(LabError) -> Inverse {
        let node = try interface(at: end).node
        let name = "filter \(end) \(number)"
        try translated { () throws(NetlinkError) in
            var filter = try PacketFilter(in: node.namespace)
            try filter.install(DropRule(.incoming, ipProtocol: number), named: name, on: end.interface)
        }
        return { () throws(LabError) in
            try translated { () throws(NetlinkError) in
                var filter = try PacketFilter(in: node.namespace)
                try filter.remove(named: name)
            }
        }
    }

    private func drop(
        _ rule: DropRule, at end: LinkEnd, _ word: String, _ number: UInt8?
    ) throws(LabError) -> Inverse {
        let name = "\(word) \(end) \(number.map { String($0) } ?? "all")"
        let fabric = try fabrics.fabric(of: end)
        try fabric.drop(rule, at: end, name: name)
        return { () throws(LabError) in try fabric.undrop(name: name) }
    }

    /// The kernel takes routes and IPv6 addresses with the link; those that the node was given come back with it.
    private func setDown(_ end: LinkEnd) throws(LabError) -> Inverse {
        let (node, index) = try interface(at: end)
        let prefixes = node.interfaces.first { $0.name == end.interface }?.prefixes ?? []
        let (addresses, routes) = try node.withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in
            let addresses = try routes.savedAddresses(of: index).filter { prefixes.contains($0.prefix) }
            let given = try routes.savedRoutes().filter { $0.isGiven(over: index) }
            try routes.setLink(index, isUp: false)
            return (addresses, given)
        }
        try coupling.refresh(end, of: node)
        return { [coupling] () throws(LabError) in
            try node.withRoutes { (socket: inout RouteSocket) throws(NetlinkError) in
                try socket.setLink(index, isUp: true)
                try socket.restore(addresses)
                try socket.restore(routes)
            }
            try coupling.refresh(end, of: node)
        }
    }

    private func remove(_ end: LinkEnd) throws(LabError) -> Inverse {
        let (node, index) = try interface(at: end)
        let routes = try node.withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in
            let given = try routes.savedRoutes().filter { $0.isGiven(over: index) }
            try routes.deleteLink(index)
            return given
        }
        try coupling.refresh(end, of: node)
        return { () throws(LabError) in
            try restore(end, of: node)
            let index = try node.interfaceIndex(of: end.interface)
            try node.withRoutes { (socket: inout RouteSocket) throws(NetlinkError) in
                try socket.restore(routes, over: index)
            }
        }
    }

    /// Both ends of the cable have gone, and with them what had listened there.
    private func restore(_ end: LinkEnd, of node: Node) throws(LabError) {
        guard let interface = node.interfaces.first(where: { $0.name == end.interface }) else {
            throw .noSuchInterface(end.interface, node: end.node)
        }
        try fabrics.plug([interface], of: node)
        try coupling.noteReplacement(of: end)
        try node.configure([interface])
        try coupling.refresh(end, of: node)
    }

    private func flap(_ end: LinkEnd, _ down: Duration, _ up: Duration, _ fault: Fault) throws(LabError) -> Inverse {
        guard down >= .milliseconds(1), up >= .milliseconds(1) else {
            throw .impossible(fault, because: "a link cannot flap faster than once in a millisecond")
        }
        let node = try node(end.node)
        try coupling.setCarrier(of: end, isUp: false)
        let begin = MonotonicClock.now
        let isUp = Mutex(false)
        let pacer: Pacer
        do {
            pacer = try Pacer(named: "lab-flap", every: Self.step(down, up)) { [coupling] _ in
                // By the clock: after the host stood still, nothing is made up for.
                let phase = (MonotonicClock.now - begin).nanoseconds % (down + up).nanoseconds
                let isTurn = phase >= down.nanoseconds
                try isUp.withLock { isUp in
                    guard isUp != isTurn else { return }
                    try coupling.setCarrier(of: end, isUp: isTurn)
                    isUp = isTurn
                }
            }
        } catch {
            try? coupling.setCarrier(of: end, isUp: true)
            throw .system(error)
        }
        node.keep(pacer)
        return { [coupling] () throws(LabError) in
            pacer.stop()
            try coupling.setCarrier(of: end, isUp: true)
        }
    }

    /// The longest pace that meets every change, but at least a millisecond.
    private static func step(_ down: Duration, _ up: Duration) -> Duration {
        var (first, second) = (down.nanoseconds, up.nanoseconds)
        while second != 0 { (first, second) = (second, first % second) }
        return max(.nanoseconds(first), .milliseconds(1))
    }

    // MARK: Segments

    /// The first group keeps the segment's own bridge together with everyone whom no group names.
    func part(_ segment: String, _ groups: [[String]]) throws(LabError) -> Inverse {
        let fabric = fabrics.fabric(ofSegment: segment)
        let ends = try fabric.ends(of: segment)
        try require(groups.flatMap(\.self), among: ends)
        let rejoin: Inverse = { () throws(LabError) in
            for end in try fabric.ends(of: segment) { try fabric.move(end, toBridge: segment) }
        }
        do {
            for (number, group) in groups.enumerated().dropFirst() {
                for end in ends where group.contains(end.node) {
                    try fabric.move(end, toBridge: "\(segment), part \(number + 1)")
                }
            }
        } catch {
            try? rejoin()
            throw error
        }
        return rejoin
    }

    /// By port and not by address, so that it also holds for who changes his own.
    func silence(_ senders: [String], to receivers: [String], on segment: String) throws(LabError) -> Inverse {
        let fabric = fabrics.fabric(ofSegment: segment)
        let ends = try fabric.ends(of: segment)
        try require(senders + receivers, among: ends)
        let name = "one way on \(segment): \(senders.joined(separator: " ")) to \(receivers.joined(separator: " "))"
        try fabric.drop(
            from: ends.filter { senders.contains($0.node) }, to: ends.filter { receivers.contains($0.node) }, name: name
        )
        return { () throws(LabError) in try fabric.undropPaths(name: name) }
    }

    private func require(_ names: [String], among ends: [LinkEnd]) throws(LabError) {
        for name in names where !ends.contains(where: { $0.node == name }) { throw .noSuchNode(name) }
    }
}

extension SavedRoute {
    /// Whether an administrator made it, as opposed to the kernel or a daemon, which see to theirs themselves.
    func isGiven(over index: Int32) -> Bool {
        let boot: UInt8 = 3
        let fixed: UInt8 = 4
        return interfaceIndex == index && [boot, fixed].contains(origin)
    }
}

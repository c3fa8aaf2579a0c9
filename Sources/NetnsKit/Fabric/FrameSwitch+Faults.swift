import Chance
import Glibc
import LinuxSystem
import Netlink
import Synchronization
import Timeline

extension FrameSwitch {
    func ends(of segment: String) throws(LabError) -> [LinkEnd] {
        let ends = state.withLock { state in state.engine.ports.filter { $0.segment == segment }.map(\.end) }
        guard !ends.isEmpty else { throw .noSuchSegment(segment) }
        return ends
    }

    func setPort(of end: LinkEnd, isUp: Bool) throws(LabError) {
        let device = try change(end) { engine, number in engine.change(number) { $0.isUp = isUp } }
        guard let device else { return }
        // An interface that is being removed has no carrier to lose.
        let namespace: NamespaceDescriptor
        do throws(SystemError) {
            namespace = try device.namespace()
        } catch {
            guard error.code != EBADFD else { return }
            throw .system(error)
        }
        do throws(NetlinkError) {
            var routes = try RouteSocket(in: namespace)
            try routes.setCarrier(of: device.interfaceIndex, isOn: isUp)
        } catch {
            guard error.code != ENODEV else { return }
            throw .netlink(error)
        }
    }

    func setPort(of end: LinkEnd, isPlugged: Bool) throws(LabError) {
        try change(end) { engine, number in engine.change(number) { $0.isPlugged = isPlugged } }
    }

    func move(_ end: LinkEnd, toBridge name: String) throws(LabError) {
        try change(end) { engine, number in engine.move(number, toBridge: name) }
    }

    func drop(_ rule: DropRule, at end: LinkEnd, name: String) throws(LabError) {
        try change(end) { engine, number in engine.change(number) { $0.drops[name] = rule } }
    }

    func undrop(name: String) throws(LabError) {
        state.withLock { state in
            for number in state.engine.ports.indices { state.engine.change(number) { $0.drops[name] = nil } }
        }
    }

    func drop(from senders: [LinkEnd], to receivers: [LinkEnd], name: String) throws(LabError) {
        state.withLock { state in
            let sources = senders.compactMap(state.engine.number(of:))
            let targets = receivers.compactMap(state.engine.number(of:))
            let paths = sources.flatMap { from in targets.map { SwitchEngine.Path(from: from, to: $0) } }
            state.engine.closedPaths[name] = Set(paths)
        }
    }

    func undropPaths(name: String) throws(LabError) {
        state.withLock { $0.engine.closedPaths[name] = nil }
    }

    func impair(
        _ end: LinkEnd, _ direction: CapturedFrame.Direction, _ impairment: Impairment
    ) throws(LabError) {
        try change(end) { engine, number in engine.impair(number, direction, impairment) }
    }

    func repair(
        _ end: LinkEnd, _ direction: CapturedFrame.Direction, _ impairment: Impairment
    ) throws(LabError) {
        try change(end) { engine, number in
            engine.repair(number, direction, impairment, at: MonotonicClock.now)
        }
        // A frame that was held back goes on now.
        wakeup.signal()
    }

    /// Changes the port of an end between two frames.
    ///
    /// - Returns: the interface, unless it is no more.
    @discardableResult
    private func change(
        _ end: LinkEnd, _ body: (inout SwitchEngine, _ number: Int) -> Void
    ) throws(LabError) -> TapDevice? {
        let device = state.withLock { state -> (TapDevice?)? in
            guard let number = state.engine.number(of: end) else { return nil }
            body(&state.engine, number)
            return .some(state.devices[number])
        }
        guard let device else { throw .noSuchInterface(end.interface, node: end.node) }
        return device
    }
}

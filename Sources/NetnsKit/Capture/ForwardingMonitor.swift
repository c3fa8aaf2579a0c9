import LinuxSystem
import Netlink
import Synchronization
import Timeline
import Wire

/// Tells the timeline behind which cable the bridges of a lab believe each station to be.
final class ForwardingMonitor: Sendable {
    private let monitor: RouteMonitor
    private let wiring: Wiring
    private let recorder: Recorder
    private let ports = Mutex<[Station: SwitchPort]>([:])

    /// Segments may have stations of the same address: virtual routers do.
    private struct Station: Hashable {
        var macAddress: MACAddress
        var bridgeIndex: Int32
    }

    /// Listens, and reads what the bridges have learned so far: only changes to that are told.
    init(_ wiring: Wiring, recorder: Recorder) throws(LabError) {
        monitor = try translated { () throws(NetlinkError) in
            try RouteMonitor([.neighbors], in: wiring.namespace)
        }
        self.wiring = wiring
        self.recorder = recorder
        try learn()
    }

    private func learn() throws(LabError) {
        let records = try wiring.forwardingTable()
        ports.withLock { ports in
            ports = [:]
            for record in records where !record.isPermanent {
                ports[Self.station(record)] = wiring.switchPort(ofIndex: record.interfaceIndex)
            }
        }
    }

    func start(on watcher: Watcher) throws(SystemError) {
        try watcher.watch(monitor.descriptor) { [self] awake in
            guard let reports = try? monitor.receiveOriginals() else {
                recorder.append(TimelineEvent(at: MonotonicClock.now, .lost(source: "bridges", count: nil)))
                return .ended
            }
            let now = MonotonicClock.now
            let uncertainty = Receipt.uncertainty(awake: awake, read: now)
            for report in reports {
                guard let kind = translate(report.notification) else { continue }
                let octets = report.octets.isEmpty ? nil : report.octets
                recorder.append(TimelineEvent(at: now, uncertainty: uncertainty, kind, netlink: octets))
            }
            return .drained
        }
    }

    private func translate(_ notification: RouteNotification) -> TimelineEvent.Kind? {
        switch notification {
        case .forwarding(let record):
            change(record, to: wiring.switchPort(ofIndex: record.interfaceIndex))
        case .forwardingRemoved(let record):
            change(record, to: nil)
        case .overflow:
            // What is known is given up: the next word on a station is told as if it were the first.
            forgetAll()
        case .link, .linkRemoved, .address, .addressRemoved, .route, .routeRemoved, .neighbor, .neighborRemoved:
            nil
        }
    }

    private func forgetAll() -> TimelineEvent.Kind {
        ports.withLock { $0 = [:] }
        return .lost(source: "bridges", count: nil)
    }

    /// Refreshed entries, and the ports' own, are no change.
    private func change(_ record: ForwardingRecord, to port: SwitchPort?) -> TimelineEvent.Kind? {
        guard !record.isPermanent else { return nil }
        let station = Self.station(record)
        let before = ports.withLock { ports in
            let before = ports[station]
            ports[station] = port
            return before
        }
        guard before != port else { return nil }
        return .forwarding(record.macAddress, ForwardingChange(before: before, now: port))
    }

    private static func station(_ record: ForwardingRecord) -> Station {
        Station(macAddress: record.macAddress, bridgeIndex: record.bridgeIndex)
    }
}

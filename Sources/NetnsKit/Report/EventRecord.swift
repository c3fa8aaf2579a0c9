import Timeline
import Wire

/// An event of a timeline as machines read it: one JSON object with only those fields that mean something.
public struct EventRecord: Encodable, Sendable {
    /// The version of the format; it changes only when a reader of the old one would be misled.
    var v = 1
    var kind = "event"
    /// Seconds since the lab was ready.
    var t: Double
    /// The event happened at most so many seconds before `t`.
    var uncertainty: Double?
    /// Who reports: wire, kernel, process, client, scenario, verdict or host.
    var src: String
    var node: String?
    /// What happened, in one word.
    var what: String
    var interface: String?
    var direction: String?
    /// A frame in one line for people.
    var summary: String?
    var address: String?
    /// An Ethernet address: of a neighbor, or of the station that a bridge forwards to.
    var mac: String?
    /// Where it leads and by what way.
    var route: String?
    /// Of a bridge, by the interface that is plugged in; absent when the station is behind none that is known.
    var port: String?
    /// The Ethernet address or the port before.
    var before: String?
    /// Whom a client asked.
    var service: String?
    /// Of the client's request, from 0 on.
    var number: Int?
    /// Who answered, as far as the answer tells.
    var responder: String?
    /// From a request to its end, in seconds.
    var after: Double?
    var process: String?
    var stream: String?
    var text: String?
    var status: String?
    /// Where a crash left the program's memory.
    var core: String?
    /// Of a verdict; missing when it is neither.
    var passed: Bool?
    /// Of a verdict: passed, inconclusive or failed.
    var outcome: String?
    /// Of a stall, in seconds.
    var length: Double?
    var count: Int?
    /// What became of an impaired frame: its class, its number in that class, the effects, and for how many seconds it
    /// was to be delayed, and was.
    var frameClass: String?
    var ordinal: Int?
    var effects: [String]?
    var bit: Int?
    var intendedDelay: Double?
    var actualDelay: Double?

    /// Translates an event; its time becomes seconds since `origin`.
    public init(_ event: TimelineEvent, origin: Instant) {
        t = (event.time - origin).inSeconds
        uncertainty = event.uncertainty == .zero ? nil : event.uncertainty.inSeconds
        src = event.category.rawValue
        node = event.node
        what = ""
        describe(event)
    }

    private mutating func describe(_ event: TimelineEvent) {
        switch event.kind {
        case .frame(let frame):
            what = "frame"
            (interface, direction, summary) = (frame.interface, frame.direction.rawValue, event.frame?.summary)
        case .impaired(let frame): describe(frame)
        case .link(let name, let isUp): (what, interface) = (isUp ? "link-up" : "link-down", name)
        case .addressAdded(let prefix, let name): (what, address, interface) = ("address-added", "\(prefix)", name)
        case .addressRemoved(let prefix, let name): (what, address, interface) = ("address-removed", "\(prefix)", name)
        case .routeAdded(let added): (what, route, interface) = ("route-added", "\(added)", added.interface)
        case .routeRemoved(let removed): (what, route, interface) = ("route-removed", "\(removed)", removed.interface)
        case .neighbor(let neighbor, let change, let name):
            (address, interface) = ("\(neighbor)", name)
            describe(change)
        case .forwarding(let station, let change):
            (what, mac) = (change.now == nil ? "station-forgotten" : "station-found", "\(station)")
            (port, before) = (change.now?.description, change.before?.description)
        case .request(let request): describe(request, at: event.time)
        case .started(let name, let arguments):
            (what, process, text) = ("started", name, arguments.joined(separator: " "))
        case .output(let name, let source, let line):
            (what, process, stream, text) = ("output", name, source.rawValue, line)
        case .exited(let name, let end): (what, process, status) = ("exited", name, "\(end)")
        case .crashed(let name, let crash):
            (what, process, text, core) = ("crashed", name, crash.text, crash.core?.path)
        case .fault(let name): (what, text) = ("fault", name)
        case .healed(let name): (what, text) = ("healed", name)
        case .step(let name): (what, text) = ("step", name)
        case .verdict(let claim, let outcome):
            (what, text, self.outcome) = ("verdict", claim, outcome.rawValue)
            passed = outcome == .inconclusive ? nil : outcome == .passed
        case .stall(let duration): (what, length) = ("stall", duration.inSeconds)
        case .lost(let source, let number): (what, text, count) = ("lost", source, number)
        }
    }

    private mutating func describe(_ change: NeighborChange) {
        switch change {
        case .found(let station, let old): (what, mac, before) = ("neighbor-found", "\(station)", old?.description)
        case .failed: what = "neighbor-failed"
        case .forgotten: what = "neighbor-forgotten"
        }
    }

    private mutating func describe(_ request: ClientRequest, at time: Instant) {
        (service, number, after) = (request.service, request.number, (time - request.asked).inSeconds)
        switch request.outcome {
        case .answered(let name): (what, responder) = ("answered", name)
        case .failed(let reason): (what, text) = ("unanswered", reason)
        }
    }

    private mutating func describe(_ frame: ImpairedFrame) {
        (what, interface, direction, summary) = ("impaired", frame.interface, frame.direction.rawValue, "\(frame)")
        (frameClass, ordinal, bit) = (frame.frameClass.rawValue, frame.ordinal, frame.corruptedBit)
        effects = frame.effects.map(\.rawValue)
        intendedDelay = frame.intendedDelay.inSeconds
        actualDelay = frame.actualDelay.inSeconds
    }
}

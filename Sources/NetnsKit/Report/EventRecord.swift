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
    /// Who reports: wire, kernel, process, scenario, verdict or host.
    var src: String
    var node: String?
    /// What happened, in one word.
    var what: String
    var interface: String?
    var direction: String?
    /// A frame in one line for people.
    var summary: String?
    var address: String?
    var process: String?
    var stream: String?
    var text: String?
    var status: String?
    var passed: Bool?
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
        case .started(let name, let arguments):
            (what, process, text) = ("started", name, arguments.joined(separator: " "))
        case .output(let name, let source, let line):
            (what, process, stream, text) = ("output", name, source.rawValue, line)
        case .exited(let name, let end): (what, process, status) = ("exited", name, "\(end)")
        case .fault(let name): (what, text) = ("fault", name)
        case .healed(let name): (what, text) = ("healed", name)
        case .step(let name): (what, text) = ("step", name)
        case .verdict(let claim, let holds): (what, text, passed) = ("verdict", claim, holds)
        case .stall(let duration): (what, length) = ("stall", duration.inSeconds)
        case .lost(let source, let number): (what, text, count) = ("lost", source, number)
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

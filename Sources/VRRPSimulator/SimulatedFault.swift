import Timeline
import Wire

/// One thing that befalls a simulated network, or is taken back; hosts by their numbers, from 1.
public enum SimulatedFault: Hashable, Sendable {
    /// A daemon begins, with the priority that its configuration has by then.
    case start(Int)
    /// The daemon is asked to end, and resigns.
    case stop(Int)
    /// The machine loses its power, and its addresses with it.
    case crash(Int)
    /// The daemon dies; its kernel keeps the addresses until the daemon begins again.
    case kill(Int)
    /// The daemon stands still; its kernel goes on, and its socket fills.
    case pause(Int)
    case resume(Int)
    /// The host's link loses its carrier, and the host is told.
    case unplug(Int)
    case plug(Int)
    /// One way only, and without anybody being told.
    case cut(from: Int, to: Int)
    case mend(from: Int, to: Int)
    /// Both ways between these hosts and all others.
    case split(HostSet)
    /// Every cut is gone.
    case mendAll
    /// A reload with another priority.
    case priority(Int, UInt8)
    /// The segment carries frames better or worse.
    case quality(LinkQuality)
}

extension SimulatedFault: CustomStringConvertible {
    /// A few words, as timelines and schedules show them.
    public var description: String {
        switch self {
        case .start(let host): "start node\(host)"
        case .stop(let host): "stop node\(host)"
        case .crash(let host): "crash node\(host)"
        case .kill(let host): "kill the daemon of node\(host)"
        case .pause(let host): "pause node\(host)"
        case .resume(let host): "resume node\(host)"
        case .unplug(let host): "unplug node\(host)"
        case .plug(let host): "plug node\(host)"
        case .cut(let sender, let receiver): "cut node\(sender) to node\(receiver)"
        case .mend(let sender, let receiver): "mend node\(sender) to node\(receiver)"
        case .split(let hosts): "split off \(hosts)"
        case .mendAll: "mend all cuts"
        case .priority(let host, let priority): "priority of node\(host) becomes \(priority)"
        case .quality(let quality): "\(quality)"
        }
    }

    /// The same as Swift code.
    public var code: String {
        switch self {
        case .start(let host): ".start(\(host))"
        case .stop(let host): ".stop(\(host))"
        case .crash(let host): ".crash(\(host))"
        case .kill(let host): ".kill(\(host))"
        case .pause(let host): ".pause(\(host))"
        case .resume(let host): ".resume(\(host))"
        case .unplug(let host): ".unplug(\(host))"
        case .plug(let host): ".plug(\(host))"
        case .cut(let sender, let receiver): ".cut(from: \(sender), to: \(receiver))"
        case .mend(let sender, let receiver): ".mend(from: \(sender), to: \(receiver))"
        case .split(let hosts): ".split([\(hosts.numbers.map { ".host(\($0))" }.joined(separator: ", "))])"
        case .mendAll: ".mendAll"
        case .priority(let host, let priority): ".priority(\(host), \(priority))"
        case .quality(let quality): ".quality(\(quality.code))"
        }
    }

    /// How a timeline shows it; a start shows itself.
    var announcement: TimelineEvent.Kind? {
        switch self {
        case .start: nil
        case .resume, .plug, .mend, .mendAll: .healed("\(self)")
        case .stop, .crash, .kill, .pause, .unplug, .cut, .split, .priority: .fault("\(self)")
        case .quality(let quality): quality.lossPercent == 0 ? .healed("\(self)") : .fault("\(self)")
        }
    }
}

extension LinkQuality {
    fileprivate var code: String {
        let range = "\(delay.lowerBound.nanoseconds)) ... .nanoseconds(\(delay.upperBound.nanoseconds)"
        return "LinkQuality(delay: .nanoseconds(\(range)), reorders: \(reorders), "
            + "lossPercent: \(lossPercent), duplicationPercent: \(duplicationPercent))"
    }
}

import LinuxSystem
import Timeline
import Wire

/// Frames as lines: when, how long after the sender's last of the kind, who sent it, and what it says.
struct CaptureText {
    /// Nanoseconds since 1970 minus the lab's clock.
    private let realTimeOffset: Int64
    private var last: [String: Instant] = [:]

    static let heading = "time             since last  sender frame"

    init(realTimeOffset: Int64) {
        self.realTimeOffset = realTimeOffset
    }

    /// The line of a frame or a mark.
    mutating func line(_ event: TimelineEvent) -> String {
        let time = Self.clock(event.time.nanoseconds + realTimeOffset)
        guard case .frame = event.kind, let node = event.node else { return "\(time)  -- \(event.summary)" }
        let kind = "\(node) \(Self.kind(of: event))"
        let delta = last.updateValue(event.time, forKey: kind).map { "+" + (event.time - $0).decimalSeconds(digits: 4) }
        let padding = String(repeating: " ", count: max(10 - (delta?.count ?? 0), 0))
        return "\(time) \(padding)\(delta ?? "")  " + Terminal.column(node, 7) + Self.words(of: event)
    }

    /// What people look for fits the line; the rest is told as everywhere.
    private static func words(of event: TimelineEvent) -> String {
        guard let frame = event.frame else { return "a frame that makes no sense" }
        switch frame.content {
        case .vrrp(let packet, let carrier):
            let claim = packet.priority == 0 ? "resigns" : "priority \(packet.priority)"
            let peer = frame.ethernet.destination.isMulticast ? "" : " to \(carrier.destination)"
            let list = packet.addresses.map(\.description).joined(separator: " ")
            return "VRRPv\(packet.version) \(packet.virtualRouterID)\(peer) \(claim): \(list)"
        case .arp(let packet) where packet.isGratuitous:
            return "ARP \(packet.senderAddress) is at \(packet.senderMAC), all!"
        case .tcp(let segment, let carrier):
            let ends = "\(carrier.source) \(segment.sourcePort) > \(carrier.destination) \(segment.destinationPort)"
            return "TCP \(ends) [\(segment.flags)]"
                + (segment.payload.isEmpty ? "" : " \(segment.payload.count) octets")
        default: return frame.summary
        }
    }

    /// Frames of one kind follow one another: advertisements of a router, announcements, what is asked and answered.
    private static func kind(of event: TimelineEvent) -> String {
        switch event.frame?.content {
        case .vrrp(let packet, let carrier): "vrrp \(packet.virtualRouterID) \(carrier.source.family)"
        case .arp(let packet): packet.isGratuitous ? "announcement" : "arp"
        case .icmp: "icmp"
        case .tcp: "tcp"
        case .udp: "udp"
        case .neighborAdvertisement, .neighborSolicitation: "nd"
        default: "other"
        }
    }

    /// As tcpdump has it: hours, minutes, seconds and microseconds of the machine's time.
    private static func clock(_ nanoseconds: Int64) -> String {
        let time = LocalTime(secondsSince1970: nanoseconds / 1_000_000_000)
        let micro = nanoseconds % 1_000_000_000 / 1000
        let pad = { (number: Int64, width: Int) in
            String(repeating: "0", count: max(width - "\(number)".count, 0)) + "\(number)"
        }
        return [time.hour, time.minute, time.second].map { pad(Int64($0), 2) }.joined(separator: ":") + "."
            + pad(micro, 6)
    }
}

import NetnsKit
import Wire

/// What `labrun break` can do to a node, as people call it.
enum FaultWord: String, CaseIterable {
    case crash, parent, child, term, stop, hang, linkdown, carrier, mute, deaf, filter, silence, fill, service

    /// For the list of words.
    var meaning: String {
        switch self {
        case .crash: "SIGKILL the daemon and its children: the address stays"
        case .parent: "SIGKILL the daemon's parent process alone"
        case .child: "SIGKILL the daemon's children: the parent starts them again"
        case .term: "SIGTERM the daemon: it resigns and removes the address"
        case .stop: "SIGSTOP the daemon and its children"
        case .hang: "the same without a signal (control group)"
        case .linkdown: "set the interface down"
        case .carrier: "pull the cable: the interface sees it"
        case .mute: "no VRRP leaves the node; everything else does"
        case .deaf: "no VRRP reaches the node; everything else does"
        case .filter: "the node's packet filter keeps VRRP from its daemon"
        case .silence: "nothing passes in either direction, the carrier stays"
        case .fill: "/run is full"
        case .service: "SIGKILL the service that the checks watch (haproxy)"
        }
    }

    /// Whether a program has to be started again afterwards, because there is nothing to take back.
    var needsRestart: Bool {
        switch self {
        case .crash, .parent, .term, .service: true
        default: false
        }
    }

    /// Reads `linkdown`, or `linkdown:mgmt0` for another interface than the one on which the node's router talks.
    static func parse(_ text: String) throws -> (word: FaultWord, interface: String?) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let word = FaultWord(rawValue: parts[0]) else {
            throw SessionRefusal(
                "'\(parts[0])' is no way to break a node: the ways are \(list)", .usage)
        }
        guard parts.count == 1 || word.concernsLink else {
            throw SessionRefusal("'\(word.rawValue)' concerns no interface: leave out ':\(parts[1])'", .usage)
        }
        return (word, parts.count == 1 ? nil : parts[1])
    }

    static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }

    private var concernsLink: Bool {
        switch self {
        case .linkdown, .carrier, .mute, .deaf, .filter, .silence: true
        default: false
        }
    }

    /// What it means for a node.
    func faults(on target: FaultTarget, interface: String?) throws -> [Fault] {
        switch self {
        case .crash: [.kill(try target.runningDaemon(for: self), .tree)]
        case .parent: [.kill(try target.runningDaemon(for: self), .parent)]
        case .child: [.kill(try target.runningDaemon(for: self), .children)]
        case .term: [.terminate(try target.runningDaemon(for: self))]
        case .stop: [.pause(try target.runningDaemon(for: self))]
        case .hang: [.hang(try target.runningDaemon(for: self))]
        case .linkdown: [.linkDown(try target.end(interface))]
        case .carrier: [.carrierLoss(try target.end(interface))]
        case .mute: [.mute(try target.end(interface), ipProtocol: VRRPPacket.protocolNumber)]
        case .deaf: [.deaf(try target.end(interface), ipProtocol: VRRPPacket.protocolNumber)]
        case .filter: [.filter(try target.end(interface), ipProtocol: VRRPPacket.protocolNumber)]
        case .silence: [.silence(try target.end(interface))]
        case .fill: [.full(directory: "/run", node: target.node)]
        case .service: try target.runningServices().map { .kill($0, .tree) }
        }
    }
}

/// A node as the words of `labrun break` see it.
struct FaultTarget {
    var node: String
    /// The daemon's process; nil for a node that runs none.
    var daemon: String?
    /// Programs beside the daemon that run.
    var services: [String]
    /// Its interfaces; the one on which its router talks is the first.
    var interfaces: [String]

    func runningDaemon(for word: FaultWord) throws -> ProcessName {
        guard let daemon else {
            throw SessionRefusal("\(node) runs no daemon: \(word.rawValue) is for those that do")
        }
        return ProcessName(daemon, on: node)
    }

    func runningServices() throws -> [ProcessName] {
        guard !services.isEmpty else { throw SessionRefusal("\(node) runs no service") }
        return services.map { ProcessName($0, on: node) }
    }

    func end(_ interface: String?) throws -> LinkEnd {
        guard let name = interface ?? interfaces.first, interfaces.contains(name) else {
            throw SessionRefusal(
                "\(node) has no interface '\(interface ?? "")': it has \(interfaces.joined(separator: ", "))", .usage)
        }
        return LinkEnd(node, name)
    }
}

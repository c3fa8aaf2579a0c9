import KeepalivedConfiguration
import LabCourse
import NetnsKit
import VRRPCore
import Wire

/// An instance of a node's file, with the lines in which it is written.
struct PairedRouter {
    var node: String
    var interfaces: [InterfaceDescription]
    var reading: ConfigurationReading
    var router: VirtualRouterConfiguration

    /// The addresses of the node itself.
    var nodeAddresses: [IPAddress] { interfaces.flatMap(\.prefixes).map(\.address) }

    /// From where its advertisements come: what the file says, or else the first address of the interface.
    var source: IPAddress? {
        if let source = router.sourceAddress { return source }
        let interface = interfaces.first { $0.name == router.interface }
        return interface?.prefixes.map(\.address).first { $0.family == router.family }
    }

    var priority: Int { Int(router.priority.rawValue) }
    var interval: Duration { router.advertisementInterval }
    var isUnicast: Bool { !router.unicastPeers.isEmpty || router.lacksPeers }
    /// What travels in the advertisements.
    var advertised: Set<IPAddress> { Set(router.addresses.map(\.prefix.address)) }

    /// The line of the instance that says something: the first of these keywords, or the head of the instance.
    func place(_ keywords: [String]) -> Diagnosis.Place {
        guard let head else { return Diagnosis.Place(file: reading.file.path) }
        let found = keywords.lazy.compactMap { Self.find($0, in: head.block ?? []) }.first
        return Self.place(of: (found ?? head).keyword.location)
    }

    private var head: Directive? {
        reading.outline.first { $0.keyword.text == "vrrp_instance" && $0.arguments.first?.text == router.name }
    }

    private static func find(_ keyword: String, in block: [Directive]) -> Directive? {
        for directive in block {
            if directive.keyword.text == keyword { return directive }
            if let found = find(keyword, in: directive.block ?? []) { return found }
        }
        return nil
    }

    static func place(of location: SourceLocation) -> Diagnosis.Place {
        let blanks: Set<Character> = [" ", "\t"]
        let text = String(location.text.drop(while: blanks.contains))
        return Diagnosis.Place(file: location.file, line: location.line > 0 ? location.line : nil, text: text)
    }
}

/// Two instances that are meant to be one virtual router, on two nodes.
struct Counterparts {
    var first: PairedRouter
    var second: PairedRouter

    /// Every pair that a submission has; a node is never paired with itself.
    static func all(in submission: Submission) -> [Counterparts] {
        let nodes = submission.routers
        return nodes.indices.flatMap { index in
            nodes[(index + 1)...].flatMap { pairs(nodes[index], $0) }
        }
    }

    private static func pairs(_ one: Submission.Router, _ other: Submission.Router) -> [Counterparts] {
        var rest = instances(of: other)
        return instances(of: one).compactMap { instance in
            let ways: [(PairedRouter) -> Bool] = [
                { $0.router.name == instance.router.name && $0.router.family == instance.router.family },
                { $0.isSameGroup(as: instance) },
                { !$0.advertised.isDisjoint(with: instance.advertised) },
            ]
            let found = ways.lazy.compactMap { way in rest.firstIndex(where: way) }.first
            return found.map { Counterparts(first: instance, second: rest.remove(at: $0)) }
        }
    }

    private static func instances(of router: Submission.Router) -> [PairedRouter] {
        router.reading.routers.map {
            PairedRouter(
                node: router.node, interfaces: router.interfaces, reading: router.reading, router: $0)
        }
    }

    var both: [PairedRouter] { [first, second] }

    func places(_ keywords: [String]) -> [Diagnosis.Place] { both.map { $0.place(keywords) } }
}

extension PairedRouter {
    /// Whether a packet of the one is meant for the other.
    fileprivate func isSameGroup(as other: PairedRouter) -> Bool {
        router.virtualRouterID == other.router.virtualRouterID && router.family == other.router.family
    }
}

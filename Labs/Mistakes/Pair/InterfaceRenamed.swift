import KeepalivedConfiguration
import LabCourse
import NetnsKit
import Timeline
import Wire

extension Mistake {
    static let interfaceRenamed = Mistake(
        .interfaceRenamed, "interface has another name here", .error,
        symptom: "The daemon ends at its start with status 2, and its node is no backup for the other.",
        reason: """
            A file that was written for another machine names that machine's interfaces. The published step 8 uses \
            bond0 on its load balancers; the lab's nodes have data0 and mgmt0, and eth0 in the other steps. A daemon \
            does not start without the interface of an instance, and the other node does not notice.
            """,
        wrong: "interface bond0\n192.168.1.100/24 dev bond0",
        right: "interface eth0\n192.168.1.100/24 dev eth0",
        message: "WARNING - interface bond0 for vrrp_instance VI_1 doesn't exist",
        inFiles: { submission in
            submission.routers.compactMap { node in
                let names = node.interfaces.map(\.name)
                let lines = ForeignInterface.lines(in: node.reading.outline, besides: names)
                guard let first = lines.first else { return nil }
                return ForeignInterface.diagnosis(node.node, first.name, names, at: lines.map(\.place))
            }
        },
        onWire: { observation in
            observation.submission.routers.compactMap { node in
                guard let sight = observation.line(saying: ["doesn't exist"], of: node.node),
                    let name = ForeignInterface.name(inMessage: sight.text)
                else { return nil }
                let names = node.interfaces.map(\.name)
                let places = ForeignInterface.lines(in: node.reading.outline, besides: names).map(\.place)
                return ForeignInterface.diagnosis(node.node, name, names, at: places, sights: [sight])
            }
        },
        specimens: [
            .pair("VR210-backup", [.replacing("eth0\n", with: "bond0\n", in: LabFile.backup), device(LabFile.backup)]),
            .pair(
                "VR210-master", [.replacing("eth0\n", with: "bond0\n", in: LabFile.master)], isFoundOnWire: false),
        ],
        demonstration: .missingRouter("node2's daemon does not start, and node1 has no backup", "node2"))
}

private func device(_ path: String) -> Specimen.Change {
    .replacing("dev eth0 label eth0:vip", with: "dev bond0 label bond0:vip", in: path)
}

/// Interfaces of the published text that no node of the lab has.
///
/// Any other name that a node has not, such as `eth1`, is `noSuchInterface`.
enum ForeignInterface {
    static let names: Set = ["bond0"]

    /// Whether a name is that of another machine's interface.
    static func isForeign(_ name: String) -> Bool { names.contains(name) }

    /// Every line that names one, but for those that a node has.
    static func lines(in outline: [Directive], besides known: [String]) -> [(name: String, place: Diagnosis.Place)] {
        outline.flatMap { directive -> [(name: String, place: Diagnosis.Place)] in
            let words = [directive.keyword] + directive.arguments
            let named = zip(words, words.dropFirst()).first { keyword, value in
                ["interface", "dev"].contains(keyword.text) && isForeign(value.text) && !known.contains(value.text)
            }
            let own = named.map { [(name: $0.1.text, place: PairedRouter.place(of: directive.keyword.location))] } ?? []
            return own + lines(in: directive.block ?? [], besides: known)
        }
    }

    /// The interface that a daemon's log misses.
    static func name(inMessage line: String) -> String? {
        let words = line.split(separator: " ").map(String.init)
        return words.first(where: isForeign)
    }

    static func diagnosis(
        _ node: String, _ name: String, _ known: [String], at places: [Diagnosis.Place], sights: [Diagnosis.Sight] = []
    ) -> Diagnosis {
        Diagnosis(
            .interfaceRenamed, .error, at: places,
            "\(node) has no \(name): that is the name of an interface on another machine.",
            remedy: "write \(known.joined(separator: " or ")) in its place",
            message: "WARNING - interface \(name) for vrrp_instance VI_1 doesn't exist", sights: sights)
    }
}

import LabCourse
import NetnsTesting
import Testing

/// A daemon that the experiments run: what ours does is judged, what the others do beside it is printed.
enum Implementation: String, Sendable, CaseIterable, CustomTestStringConvertible {
    case ours
    case keepalived

    var testDescription: String { rawValue }

    /// Those that this machine can run, ours first; all when CI demands them.
    static var available: [Implementation] {
        Pair.hasKeepalived || Requirements.areStrict ? allCases : [.ours]
    }

    /// Of its own on both nodes.
    var pair: Pair { self == .ours ? .ours : .keepalived }

    func program() throws -> DaemonProgram { try DaemonPair(parsing: rawValue).first }
}

extension Pair {
    /// Who runs on node1 and on node2.
    var implementations: (first: Implementation, second: Implementation) {
        switch self {
        case .ours: (.ours, .ours)
        case .keepalived: (.keepalived, .keepalived)
        case .oursFirst: (.ours, .keepalived)
        case .keepalivedFirst: (.keepalived, .ours)
        }
    }
}

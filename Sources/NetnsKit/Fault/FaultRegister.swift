import Synchronization

/// The faults of a lab that are in force, each with what takes it back.
final class FaultRegister: Sendable {
    /// Made when a fault is injected, so that it knows what was there before.
    typealias Inverse = @Sendable () throws(LabError) -> Void

    private let entries: Mutex<[(fault: Fault, inverse: Inverse)]> = Mutex([])
    private let attempts = Mutex<[Fault]>([])

    /// In the order in which they were injected.
    var faults: [Fault] { entries.withLock { $0.map(\.fault) } }

    /// Everything that was ever to be injected, in that order.
    var history: [Fault] { attempts.withLock { $0 } }

    /// Lets a fault happen and keeps its inverse, one fault at a time.
    ///
    /// - Parameter injection: returns nil for a fault that has no inverse.
    func inject(_ fault: Fault, _ injection: () throws(LabError) -> Inverse?) throws(LabError) {
        try entries.withLock { entries throws(LabError) in
            guard !entries.contains(where: { $0.fault == fault }) else { throw .alreadyInForce(fault) }
            if let other = entries.map(\.fault).first(where: { $0.excludes(fault) }) {
                throw .impossible(fault, because: "'\(other)' is in force: heal it first")
            }
            attempts.withLock { $0.append(fault) }
            if let inverse = try injection() { entries.append((fault, inverse)) }
        }
    }

    /// Takes a fault back; when that fails, it stays in force.
    ///
    /// - Parameter begin: called just before, when there is anything to take back.
    func heal(_ fault: Fault, _ begin: () -> Void) throws(LabError) {
        try entries.withLock { entries throws(LabError) in
            guard let index = entries.lastIndex(where: { $0.fault == fault }) else {
                if fault.isMomentary { return }
                throw .notInForce(fault)
            }
            begin()
            try entries[index].inverse()
            entries.remove(at: index)
        }
    }
}

extension Fault {
    /// Whether both want the same control over the same thing, so that the inverse of one would undo the other.
    fileprivate func excludes(_ other: Fault) -> Bool {
        guard let control, control == other.control else { return false }
        return self != other
    }

    /// What it alone holds while it is in force.
    private enum Control: Hashable {
        case group(ProcessName)
        case descriptors(ProcessName)
        case carrier(LinkEnd)
        case wiring(String)
        case directory(String, node: String)
    }

    private var control: Control? {
        switch self {
        case .hang(let process), .slow(let process, _): .group(process)
        case .noDescriptors(let process): .descriptors(process)
        case .carrierLoss(let end), .flap(let end, _, _): .carrier(end)
        case .partition(let segment, _): .wiring(segment)
        case .full(let directory, let node), .readOnly(let directory, let node): .directory(directory, node: node)
        default: nil
        }
    }
}

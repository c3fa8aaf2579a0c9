/// An entry of the catalogue: what people get wrong, how it shows, and what is right.
public struct Mistake: Sendable {
    public var code: MistakeCode
    /// In a few words, such as `notify command not quoted`.
    public var name: String
    public var severity: Diagnosis.Severity
    /// What somebody sees who has made it.
    public var symptom: String
    /// Why it is so, in about three lines.
    public var reason: String
    /// The fewest lines that are wrong, and the same lines right.
    public var wrong: String
    public var right: String
    /// keepalived's own message; nil when it has none.
    public var message: String?
    /// Finds it in files alone.
    public var inFiles: @Sendable (Submission) -> [Diagnosis]
    /// Finds it in what a run saw.
    public var onWire: @Sendable (Observation) -> [Diagnosis]
    /// Finds it in what was found out about the machine.
    public var onMachine: @Sendable (MachineState) -> [Diagnosis]
    /// Files that have this mistake and no other.
    public var specimens: [Specimen]
    /// Runs a specimen and judges that its symptom is there; nil for a mistake of the machine.
    public var demonstration: Demonstration?

    public init(
        _ code: MistakeCode, _ name: String, _ severity: Diagnosis.Severity, symptom: String, reason: String,
        wrong: String, right: String, message: String? = nil,
        inFiles: @escaping @Sendable (Submission) -> [Diagnosis] = { _ in [] },
        onWire: @escaping @Sendable (Observation) -> [Diagnosis] = { _ in [] },
        onMachine: @escaping @Sendable (MachineState) -> [Diagnosis] = { _ in [] },
        specimens: [Specimen] = [], demonstration: Demonstration? = nil
    ) {
        self.code = code
        self.name = name
        self.severity = severity
        self.symptom = symptom
        self.reason = reason
        self.wrong = wrong
        self.right = right
        self.message = message
        self.inFiles = inFiles
        self.onWire = onWire
        self.onMachine = onMachine
        self.specimens = specimens
        self.demonstration = demonstration
    }
}

/// The broken files of a mistake: a step's solution with a few changes.
public struct Specimen: Sendable {
    /// Unique in the catalogue, such as `VR104-master`.
    public var id: String
    /// Whose solution is changed, such as `step5`.
    public var step: String
    public var changes: [Change]
    /// Where the mistake can be told from: a specimen that shows only when run is not found in files.
    public var isFoundInFiles: Bool
    public var isFoundOnWire: Bool
    /// What shows it when the mistake's own demonstration does not fit this way of making it.
    public var demonstration: Demonstration?

    /// One change to one file.
    public struct Change: Sendable {
        public var path: String
        public var make: @Sendable (SourceFile) -> SourceFile?
        /// The file as it is made where there is none of that path.
        public var addition: SourceFile?

        /// - Parameter make: the file as it should be; nil takes it away.
        public init(_ path: String, _ make: @escaping @Sendable (SourceFile) -> SourceFile?) {
            self.path = path
            self.make = make
            addition = nil
        }
    }

    public init(
        _ id: String, in step: String, _ changes: [Change], isFoundInFiles: Bool = true, isFoundOnWire: Bool = false,
        demonstration: Demonstration? = nil
    ) {
        self.id = id
        self.step = step
        self.changes = changes
        self.isFoundInFiles = isFoundInFiles
        self.isFoundOnWire = isFoundOnWire
        self.demonstration = demonstration
    }
}

extension Specimen.Change {
    /// Puts a text in the place of another; the other must be there exactly as written.
    public static func replacing(_ old: String, with new: String, in path: String) -> Self {
        Self(path) { file in
            var changed = file
            let parts = file.text.split(separator: old, omittingEmptySubsequences: false)
            precondition(parts.count > 1, "\(path) has no '\(old)'")
            changed.contents = Array(parts.joined(separator: new).utf8)
            return changed
        }
    }

    /// Sets permission bits.
    public static func mode(_ mode: UInt32, of path: String) -> Self {
        Self(path) { file in
            var changed = file
            changed.mode = mode
            return changed
        }
    }

    /// Puts a file where the step has its learner write none, or in the place of one.
    public static func adding(_ file: SourceFile) -> Self {
        var change = Self(file.path) { _ in file }
        change.addition = file
        return change
    }

    /// Takes a file away.
    public static func removing(_ path: String) -> Self {
        Self(path) { _ in nil }
    }
}

/// An experiment that shows a mistake's symptom on a specimen's files.
public struct Demonstration: Sendable {
    /// One sentence: what will be seen.
    public var title: String
    /// Its checks pass when the symptom is there.
    public var body: @Sendable (ScenarioRun) async throws -> Void

    public init(_ title: String, _ body: @escaping @Sendable (ScenarioRun) async throws -> Void) {
        self.title = title
        self.body = body
    }
}

import LabCourse

/// Every mistake that the course knows by name.
public enum Catalogue {
    /// In the order of their codes.
    public static let mistakes: [Mistake] = (machineMistakes + fileMistakes + pairMistakes).sorted {
        $0.code.rawValue < $1.code.rawValue
    }

    /// The entry of a code such as `VR104`, in any case.
    public static func mistake(_ code: String) -> Mistake? {
        mistakes.first { $0.code.rawValue == code.uppercased() }
    }

    /// The mistakes that files show by themselves, the worst first.
    public static func diagnose(_ submission: Submission) -> [Diagnosis] {
        sorted(mistakes.flatMap { $0.inFiles(submission) })
    }

    /// The mistakes that a run of these files showed, the worst first.
    public static func diagnose(_ observation: Observation) -> [Diagnosis] {
        sorted(mistakes.flatMap { $0.onWire(observation) })
    }

    /// The mistakes of a machine, the worst first.
    public static func diagnose(_ machine: MachineState) -> [Diagnosis] {
        sorted(mistakes.flatMap { $0.onMachine(machine) })
    }

    private static func sorted(_ diagnoses: [Diagnosis]) -> [Diagnosis] {
        diagnoses.sorted { ($1.severity, $0.code.rawValue) < ($0.severity, $1.code.rawValue) }
    }
}

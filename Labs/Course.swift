import LabCourse

/// The course: every step that there is, in the order in which they are learned.
public enum Course {
    public static let steps: [LabStep] = [.step2, .step3, .step4, .step7]

    /// The step of that id, such as `step4`.
    public static func step(_ id: String) -> LabStep? {
        steps.first { $0.id == id }
    }
}

import LabCourse

/// The course: every step that there is, in the order in which they are learned.
public enum Course {
    public static let steps: [LabStep] = [
        .step1, .step2, .step3, .step4, .step5, .step6, .step7, .step8,
    ]

    /// The step of that id, such as `step4`.
    public static func step(_ id: String) -> LabStep? {
        steps.first { $0.id == id }
    }
}

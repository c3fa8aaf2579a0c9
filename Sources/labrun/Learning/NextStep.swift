import LabCourse
import Labs

/// What a learner is told to do next.
enum NextStep {
    /// One line after the word `Next:`.
    ///
    /// - Parameter written: the learner's files.
    static func line(_ progress: Progress, _ written: [SourceFile]) -> String {
        guard let step = progress.next(of: Course.steps) else {
            return "everything has passed; labrun all runs it again"
        }
        return line(for: step, written)
    }

    /// How to go on with a step.
    static func line(for step: LabStep, _ written: [SourceFile]) -> String {
        guard !step.files.isEmpty else { return "labrun describe \(step.id), then labrun \(step.id)" }
        let missing = step.missing(from: written)
        if missing.isEmpty { return "labrun check \(step.id)" }
        return
            "labrun describe \(step.id), write the file\(missing.count == 1 ? "" : "s"), then labrun check \(step.id)"
    }

    /// The step that comes after one; nil after the last.
    static func after(_ step: LabStep) -> LabStep? {
        guard let index = Course.steps.firstIndex(where: { $0.id == step.id }) else { return nil }
        return Course.steps[(index + 1)...].first
    }
}

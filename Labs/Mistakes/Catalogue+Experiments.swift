import LabCourse

extension Catalogue {
    /// A specimen that can be run: the scenario, and what a look at the files alone has to go on.
    public struct Experiment: Sendable {
        public var mistake: Mistake
        public var specimen: Specimen
        public var job: Runner.Job
        public var submission: Submission
    }

    /// The experiment that shows a mistake on one of its specimens: network and surroundings are those of the step,
    /// the files are the specimen's, and what happens is the demonstration.
    ///
    /// - Parameter machine: what the files refer to.
    /// - Returns: nil when the mistake has no demonstration, or the course has no such step.
    public static func experiment(
        _ mistake: Mistake, on specimen: Specimen, machine: MachineFacts = .present
    ) -> Experiment? {
        guard let step = Course.step(specimen.step), let scenario = practice(mistake, specimen) else { return nil }
        return Experiment(
            mistake: mistake, specimen: specimen, job: Runner.Job(step: step.id, scenario: scenario),
            submission: step.submission(step.files(of: specimen), machine: machine))
    }
}

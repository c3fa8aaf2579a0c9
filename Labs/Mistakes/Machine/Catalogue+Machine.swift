import LabCourse

extension Catalogue {
    /// Mistakes of the machine and of the run.
    static let machineMistakes: [Mistake] = [
        .notInstalled, .notPrivileged, .strayDaemon, .hostStalled, .somethingLeaked,
    ]
}

import LabCourse

extension Catalogue {
    /// Mistakes that show when two files meet.
    static let pairMistakes: [Mistake] = []
}

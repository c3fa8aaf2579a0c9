import LabCourse

extension Catalogue {
    /// Mistakes that one file can have.
    static let fileMistakes: [Mistake] = []
}

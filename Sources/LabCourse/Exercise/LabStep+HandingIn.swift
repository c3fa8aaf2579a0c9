// Which of somebody's files is which.
extension LabStep {
    /// What the step asks for and somebody has not written.
    public func missing(from written: [SourceFile]) -> [LearnerFile] {
        files.filter { file in !written.contains { $0.path == file.path } }
    }

    /// The file of the step that one at hand stands for: the one of its name, or else the only one of its kind.
    ///
    /// - Parameters:
    ///   - name: without a directory.
    ///   - node: who is to get it; nil when nobody said.
    /// - Returns: nil when it cannot be told.
    public func place(of name: String, _ text: String, on node: String? = nil) -> LearnerFile? {
        let candidates = files.filter { file in node.map(file.nodes.contains) ?? true }
        if let named = candidates.first(where: { $0.solved.name == name }) { return named }
        let role = text.hasPrefix("#!") ? LearnerFile.Role.script : .configuration
        let alike = candidates.filter { $0.role == role }
        return alike.count == 1 ? alike[0] : nil
    }
}

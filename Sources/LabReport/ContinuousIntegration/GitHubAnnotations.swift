import LabCourse

/// What of a run stands beside a job at GitHub: mistakes in files at their lines, then what did not pass.
public struct GitHubAnnotations {
    /// So many are shown of a step; more would be dropped without a word.
    public static let limit = 10

    /// The commands, one each.
    public let lines: [String]
    /// How many more there would be.
    public let dropped: Int

    /// - Parameter workspace: the directory of the checkout; files below it are named from there.
    public init(_ document: RunDocument, workspace: String? = nil) {
        let all =
            document.diagnoses.filter { $0.severity == .error }.map { Self.line($0, document.files, workspace) }
            + document.problems.map(Self.line)
        lines = Array(all.prefix(Self.limit))
        dropped = all.count - lines.count
    }

    private static func line(_ diagnosis: Diagnosis, _ files: [FileRecord], _ workspace: String?) -> String {
        let place = diagnosis.places.first
        var file = files.first { $0.path == place?.file }?.place ?? place?.file
        if let workspace, let path = file, path.hasPrefix(workspace + "/") {
            file = String(path.dropFirst(workspace.count + 1))
        }
        return GitHubCommand.annotation(
            .error, "\(diagnosis.sentence)\n\(diagnosis.remedy)", title: diagnosis.code.rawValue, file: file,
            line: place?.line)
    }

    private static func line(_ problem: Problem) -> String {
        var answers = [problem.what, "expected \(problem.expected)", "observed \(problem.observed)"]
        if let why = problem.why { answers.append(why) }
        answers.append("again: \(problem.again)")
        return GitHubCommand.annotation(
            problem.verdict == .fail ? .error : .warning, answers.joined(separator: "\n"), title: problem.label)
    }
}

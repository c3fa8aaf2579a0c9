import NetnsKit

extension LabStep {
    /// Where the nodes' daemons start when the files are somebody else's.
    static let wrapper = "/run/labrun.conf"

    /// The scenarios of a variant, at a pace.
    ///
    /// - Parameter files: the learner's, for `yours`.
    public func scenarios(
        _ variant: LabVariant, pace: Pace = .real, files: [SourceFile] = []
    ) -> [Scenario] {
        let contents = variants[variant] ?? (variant == .yours ? variants[.reference] : nil)
        guard let contents else { return [] }
        let scenarios = contents.scenarios.map { variant == .yours ? handedIn($0, files) : $0 }
        guard pace == .fast else { return scenarios }
        return scenarios.map { scenario in
            var faster = scenario
            for index in faster.files.indices where faster.isConfiguration(faster.files[index]) {
                faster.files[index].contents = pace.applied(to: faster.files[index].contents)
            }
            return faster
        }
    }

    /// A scenario with somebody's files in the place of the course's own.
    ///
    /// No file is changed: the daemon starts with one of ours that includes theirs and makes it more talkative.
    public func handedIn(_ scenario: Scenario, _ written: [SourceFile]) -> Scenario {
        // A step that asks for no file is not about the learner's, unless it takes whatever is there.
        guard !files.isEmpty || variants[.yours] != nil else { return scenario }
        let own = Set(files.map(\.path))
        var result = scenario
        result.files.removeAll { own.contains($0.path) }
        let routers = scenario.topology.nodes.map(\.name).filter { scenario.configurations[$0] != nil }
        for node in routers {
            let theirs = written.filter { file in
                files.first { $0.path == file.path }.map { $0.nodes.contains(node) } ?? true
            }
            result.files += theirs.map { file in
                NodeFile(file, on: node, isConfiguration: isConfiguration(file.path))
            }
            let configuration = files.first { $0.role == .configuration && $0.nodes.contains(node) }
            // A scenario may give a node a file that the learner does not write.
            guard let path = configuration?.path else { continue }
            let text = "global_defs {\n    log_unknown_vrids\n}\ninclude \(path)\n"
            result.files.append(NodeFile(Self.wrapper, on: node, text))
            result.configurations[node] = Self.wrapper
        }
        return result
    }

    /// What somebody hands in, and what the step itself brings beside it.
    ///
    /// - Parameters:
    ///   - files: the learner's.
    ///   - machine: what the files refer to.
    public func submission(_ files: [SourceFile], machine: MachineFacts = .present) -> Submission {
        let scenario = (variants[.yours] ?? variants[.reference])?.scenarios.first
        let topology = scenario?.topology
        let written = Set((files + self.files.map(\.solved)).map(\.path))
        let supplied = (scenario?.files ?? []).map(\.source).filter { !written.contains($0.path) }
        let routers = (topology?.nodes ?? []).compactMap { node -> Submission.Router? in
            let path = self.files.first { $0.role == .configuration && $0.nodes.contains(node.name) }?.path
            guard let file = files.first(where: { $0.path == path }) else { return nil }
            return Submission.Router(
                node: node.name, interfaces: node.interfaces,
                reading: ConfigurationReading(file, including: files))
        }
        return Submission(
            step: id, routers: routers, files: files + supplied, machine: machine,
            interfaces: topology?.nodes.flatMap(\.interfaces))
    }

    /// The files of a specimen: the step's solution with its changes made.
    public func files(of specimen: Specimen) -> [SourceFile] {
        specimen.changes.reduce(files.map(\.solved)) { files, change in
            if let addition = change.addition, !files.contains(where: { $0.path == change.path }) {
                return files + [addition]
            }
            return files.flatMap { file in
                file.path == change.path ? change.make(file).map { [$0] } ?? [] : [file]
            }
        }
    }

    private func isConfiguration(_ path: String) -> Bool {
        files.contains { $0.path == path && $0.role == .configuration }
    }
}

extension Scenario {
    func isConfiguration(_ file: NodeFile) -> Bool { configurations[file.node] == file.path }
}

extension NodeFile {
    /// Somebody's file in a node; an executable configuration would not be included, so it is none there.
    fileprivate init(_ file: SourceFile, on node: String, isConfiguration: Bool) {
        self.init(
            file.path, on: node, file.text, mode: isConfiguration ? file.mode & ~0o111 : file.mode,
            owner: file.owner, group: file.group)
    }
}

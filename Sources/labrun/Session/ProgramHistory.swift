import Timeline
import Wire

/// The programs that were started in a lab, each as it was started last.
struct ProgramHistory {
    struct Program {
        var name: String
        var node: String
        /// The program's path, and what follows.
        var words: [String]
        var started: Instant
        /// How it ended, such as `exit 1` or `signal 9`; nil while it runs.
        var end: String?
        var ended: Instant?
        /// What it wrote last.
        var lastLines: [String] = []
    }

    private var programs: [Program] = []

    init(_ timeline: Timeline) {
        for event in timeline {
            guard let node = event.node else { continue }
            switch event.kind {
            // The harness's own errands have a number in their name.
            case .started(let name, let words) where !name.contains("#"):
                let program = Program(name: name, node: node, words: words, started: event.time)
                if let index = index(name, node) { programs[index] = program } else { programs.append(program) }
            case .exited(let name, let status):
                guard let index = index(name, node) else { continue }
                (programs[index].end, programs[index].ended) = ("\(status)", event.time)
            case .output(let name, _, let line):
                guard let index = index(name, node) else { continue }
                programs[index].lastLines = programs[index].lastLines.suffix(11) + [line]
            default: continue
            }
        }
    }

    private func index(_ name: String, _ node: String) -> Int? {
        programs.firstIndex { $0.name == name && $0.node == node }
    }

    /// In the order in which they were first started.
    func programs(of node: String) -> [Program] { programs.filter { $0.node == node } }

    func program(_ name: String, on node: String) -> Program? { index(name, node).map { programs[$0] } }
}

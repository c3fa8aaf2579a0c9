/// What a standing lab is, and what runs in it.
struct LabStatus: Codable, Sendable {
    var name: String
    /// What was asked for: step, variant, daemons, pace.
    var plan: SessionPlan
    /// In seconds since 1970.
    var since: Int64
    /// For so many seconds.
    var age: Double
    var nodes: [Node]
    /// In the order in which they began.
    var faults: [String]

    struct Node: Codable, Sendable {
        var name: String
        /// By interface, such as `eth0 192.168.1.11/24 192.168.1.100/24`.
        var addresses: [String]
        var programs: [Program]
        /// The file that its daemon reads; nil for a node without one.
        var configuration: String?
    }

    struct Program: Codable, Sendable {
        var name: String
        /// How it ended; nil while it runs.
        var end: String?
    }
}

/// What `labrun up` was asked for.
struct SessionPlan: Codable, Sendable {
    var step: String
    var variant: String
    /// As `--daemon` had it.
    var daemon: String
    var isFast: Bool
    /// Where the learner's files were read.
    var etc: String

    /// In a few words, for the first line of everything.
    var text: String {
        ([step, variant, daemon] + (isFast ? ["fast"] : [])).joined(separator: ", ")
    }
}

extension LabStatus {
    /// A line for each node, and for each further interface.
    var lines: [String] {
        nodes.flatMap { node in
            let programs = node.programs.map { program in
                program.name + (program.end.map { " (ended: \($0))" } ?? "")
            }
            let text = programs.isEmpty ? "no daemon" : programs.joined(separator: ", ")
            let margin = String(repeating: " ", count: Self.margin)
            let head = "  " + Terminal.column(node.name, 9) + text
            let others = node.addresses.map { margin + $0 }
            guard head.count < Self.margin, let first = node.addresses.first else { return [head] + others }
            return [Terminal.column(head, Self.margin) + first] + others.dropFirst()
        }
    }

    /// Where addresses begin.
    private static let margin = 38

    /// For people: what it is, since when, what runs, what is broken.
    var text: [String] {
        let age = Duration.seconds(self.age).ageText
        var lines = ["\(name): \(plan.text); up for \(age)"] + self.lines
        lines.append(faults.isEmpty ? "  no fault is in force" : "  in force: " + faults.joined(separator: "; "))
        return lines
    }
}

extension Duration {
    /// As people say how old something is: `7 s`, `12 min`, `3 h 5 min`.
    var ageText: String {
        let seconds = Int(components.seconds)
        if seconds < 120 { return "\(seconds) s" }
        let minutes = seconds / 60
        return minutes < 120 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
    }
}

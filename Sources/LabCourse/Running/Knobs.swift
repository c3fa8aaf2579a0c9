import NetnsKit

/// Values of its own that a run of a step takes instead of those of its files.
public struct Knobs: Hashable, Sendable {
    /// Seconds from one advertisement to the next; as the files say when nil.
    public var advertisementInterval: Int?
    /// The nodes' priorities, in the order of the topology; as the files say when empty.
    public var priorities: [Int]

    public init(advertisementInterval: Int? = nil, priorities: [Int] = []) {
        self.advertisementInterval = advertisementInterval
        self.priorities = priorities
    }

    /// Whether they change nothing.
    public var areNeutral: Bool { self == Knobs() }

    /// A scenario with these values in its configurations.
    public func applied(to scenario: Scenario) -> Scenario {
        var result = scenario
        let routers = scenario.topology.nodes.map(\.name).filter { scenario.configurations[$0] != nil }
        for index in result.files.indices where result.isConfiguration(result.files[index]) {
            let file = result.files[index]
            var text = file.contents
            if let interval = advertisementInterval { text = Self.setting("advert_int", to: "\(interval)", in: text) }
            if let place = routers.firstIndex(of: file.node), priorities.indices.contains(place) {
                text = Self.setting("priority", to: "\(priorities[place])", in: text)
            }
            result.files[index].contents = text
        }
        return result
    }

    /// A configuration in which every line of a keyword has another value.
    ///
    /// It takes files that have a line for each keyword, as the course's own have.
    public static func setting(_ keyword: String, to value: String, in text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard line.split(separator: " ").first == Substring(keyword) else { return String(line) }
            return line.prefix { $0 == " " } + "\(keyword) \(value)"
        }.joined(separator: "\n")
    }
}

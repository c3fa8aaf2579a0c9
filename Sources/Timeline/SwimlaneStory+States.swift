import Wire

/// What routers were: in their own words, or else as the wire shows it.
extension SwimlaneStory {
    mutating func note(_ sign: Swimlanes.Sign, _ event: TimelineEvent) {
        guard let node = event.node else { return }
        switch sign {
        case .state(let word, let router):
            guard case .output(let process, _, _) = event.kind else { return }
            let open = states.lastIndex { $0.node == node && $0.router == router && $0.until == nil }
            if let open {
                guard states[open].word != word else { return }
                states[open].until = event.time
            }
            states.append(
                State(node: node, router: router, word: word, from: event.time, until: nil, source: process))
        case .told(let text): told.append(Moment(node: node, time: event.time, text: text))
        case .result(let text, let isGood):
            results.append((Moment(node: node, time: event.time, text: text), isGood))
        }
    }

    /// What has ended is in no state.
    mutating func endStates(of process: String, _ node: String, _ time: Instant) {
        for index in states.indices where states[index].until == nil && states[index].node == node {
            // A name may have a number: the second program of one name.
            let isIt = process == states[index].source || process == "node"
            if isIt { states[index].until = time }
        }
    }

    /// Of a node that says nothing of itself: a master as long as it advertises.
    static func statesOnTheWire(_ advertisements: [Advertisement], besides known: Set<String>) -> [State] {
        var states: [State] = []
        var open: [RouterKey: [String: Int]] = [:]
        for advertisement in advertisements where !known.contains(advertisement.node) {
            let (router, node) = (advertisement.router, advertisement.node)
            let end = advertisement.time + (advertisement.priority == 0 ? .zero : advertisement.interval)
            let last = open[router]?[node]
            // Three intervals without a word are what a backup takes for the master's end.
            if let last, let until = states[last].until, advertisement.time <= until + advertisement.interval * 2 {
                states[last].until = end
                if advertisement.priority == 0 { open[router]?[node] = nil }
            } else if advertisement.priority > 0 {
                open[router, default: [:]][node] = states.count
                states.append(
                    State(
                        node: node, router: "", word: "MASTER", from: advertisement.time, until: end, source: "the wire"
                    ))
            }
        }
        return states
    }
}

import VRRPCore

/// The programs that are told of the states of a virtual router or a sync group.
struct Notifications: Hashable, Sendable {
    var specific: [NotifiedState: PreparedScript] = [:]
    /// Runs for every state, after the specific one.
    var generic: PreparedScript?

    /// What is to be started, in this order.
    func programs(for transition: Transition) -> [NotificationQueue.Entry] {
        // A weaker neighbor may speak at any rate, so only those who ask for it hear of it, and never of a backlog.
        let isFleeting = transition.state == .receivedLowerPriority
        guard !isFleeting || specific[transition.state] != nil else { return [] }
        var programs: [(NotificationQueue.Lane.Kind, PreparedScript)] = []
        if let script = specific[transition.state] { programs.append((.specific, script)) }
        if var generic {
            generic.arguments += [
                transition.subject.rawValue, transition.router, transition.state.rawValue,
                String(transition.priority),
            ]
            programs.append((.generic, generic))
        }
        return programs.map { kind, script in
            let lane = NotificationQueue.Lane(subject: transition.subject, name: transition.router, kind: kind)
            return NotificationQueue.Entry(lane: lane, script: script, replacesItsLike: isFleeting)
        }
    }
}

import Wire

/// A master that hears another router: the higher priority wins, between equals the higher address.
///
/// The winner announces its addresses after the loser's last word, again soon after, and a second later; the loser says
/// nothing any more. Answers are so rare that nobody can use a master to fill the link.
extension VirtualRouter {
    /// At most a hundred answers a second, and ten between two advertisements.
    private static let shortestPause: Duration = .milliseconds(10)

    mutating func defend(
        _ active: Active, against heard: Advertisement, at now: Instant
    ) -> [RouterAction] {
        guard let source else { return [] }
        guard let theirs = heard.priority else { return outlast(active, at: now) }
        let ours = effectivePriority
        if theirs == ours && heard.source == source {
            return logPeer(
                "WARNING - equal priority advert received from remote host with our IP address.", at: now)
        }
        let isWeaker = (theirs, heard.source) < (ours, source)
        let actions = isWeaker ? outdo(active, heard, of: theirs, at: now) : yield(to: heard, of: theirs, at: now)
        guard theirs.isOwner && ours.isOwner, actions.contains(where: \.isLog) else { return actions }
        let error = "CONFIGURATION ERROR: local instance and a remote instance are both configured as address owner"
        return actions + [log(.notice, error)]
    }

    /// Advertises at once, and the next time a full interval from now.
    mutating func reassert(_ active: inout Active, at now: Instant) -> [RouterAction] {
        active.advertiseAt = now + configuration.advertisementInterval
        return advertise(effectivePriority)
    }

    /// Another member of the sync group heard a weaker master.
    mutating func announceAgain(_ active: Active, at now: Instant) -> [RouterAction] {
        var active = active
        let count = active.announcement.answerContest(at: now, under: configuration.announcement)
        state = .active(active)
        return announce(count)
    }

    /// Leaves the addresses to somebody else because its sync group does.
    mutating func stepDown(at now: Instant) -> [RouterAction] {
        let interval = configuration.advertisementInterval
        let lastWords = configuration.sendsLastAdvertisement ? advertise(effectivePriority) : []
        state = .backup(Backup(activeDownAt: now + timers(interval).activeDownInterval, masterInterval: interval))
        return lastWords + [log(.notice, "Entering BACKUP STATE")] + release() + [transition(.backup)]
    }

    /// Whether others get an answer now. Where advertisements are as frequent as answers may be, they are the answer.
    private func mayAnswer(_ active: inout Active, at now: Instant) -> Bool {
        let interval = configuration.advertisementInterval
        guard now >= active.answersAt, interval >= Self.shortestPause * 2 else { return false }
        active.answersAt = now + max(interval / 10, Self.shortestPause)
        return true
    }

    /// Another router resigned: until just now it had the addresses too.
    private mutating func outlast(_ active: Active, at now: Instant) -> [RouterAction] {
        var active = active
        let answer = mayAnswer(&active, at: now) ? reassert(&active, at: now) : []
        let count = active.announcement.answerContest(at: now, under: configuration.announcement)
        state = .active(active)
        return answer + announce(count)
            + (answer.isEmpty ? [] : [log(.detail, "Master received priority 0 advertisement")])
    }

    /// Answers a weaker master, and wins its neighbors back.
    private mutating func outdo(
        _ active: Active, _ heard: Advertisement, of theirs: Priority, at now: Instant
    ) -> [RouterAction] {
        var active = active
        let isAnswered = mayAnswer(&active, at: now)
        var actions: [RouterAction] = []
        if isAnswered && configuration.answersLowerPriority { actions = reassert(&active, at: now) }
        let count = active.announcement.answerContest(at: now, under: configuration.announcement)
        state = .active(active)
        guard isAnswered else { return announce(count) }
        let claim = "with lower priority \(theirs), ours \(effectivePriority)"
        let reaction = configuration.answersLowerPriority ? ", forcing new election" : ""
        return actions + logPeer("Received advert from \(heard.source) \(claim)\(reaction)", at: now)
            + announce(count) + [transition(.receivedLowerPriority)]
    }

    /// Goes with a last advertisement of its own: the winner sees a weaker master and announces its addresses again.
    ///
    /// Otherwise a winner that never heard of this router would not know that its neighbors have been misled.
    /// keepalived speaks these last words with `higher_prio_send_advert` only.
    private mutating func yield(
        to heard: Advertisement, of theirs: Priority, at now: Instant
    ) -> [RouterAction] {
        let ours = effectivePriority
        let claim =
            theirs > ours
            ? "with higher priority \(theirs), ours \(ours)"
            : "with same priority \(theirs) but higher IP address than ours"
        let lastWords = configuration.sendsLastAdvertisement ? advertise(ours) : []
        state = .backup(follow(heard, of: theirs, at: now))
        return lastWords + [
            log(.notice, "Master received advert from \(heard.source) \(claim)"),
            log(.notice, "Entering BACKUP STATE"),
        ] + release() + [transition(.backup)]
    }
}

extension RouterAction {
    fileprivate var isLog: Bool {
        if case .log = self { true } else { false }
    }
}

import Wire

extension VirtualRouter {
    /// The timers and memories of a backup.
    public struct Backup: Hashable, Sendable {
        /// Active_Down_Timer: when silence has lasted too long.
        public internal(set) var activeDownAt: Instant
        /// Active_Adver_Interval: what the master advertised; until one was heard, our own interval.
        public internal(set) var masterInterval: Duration
        /// The sender of the last advertisement that counted.
        public internal(set) var master: Master?
        /// The end of `preempt_delay`, once a lower-priority master was heard; it stays when it has passed.
        public internal(set) var preemptAt: Instant?
        /// A weaker router was heard since the wait began: it has the addresses too.
        var isContested = false
        /// Its wait is over, and it only waits for the rest of its sync group.
        var wantsToBeActive = false
    }

    /// Another router, holding the addresses.
    public struct Master: Hashable, Sendable {
        /// The source of its advertisements.
        public let address: IPAddress
        /// As it advertised; weights may have moved it.
        public let priority: Priority
    }
}

/// RFC 9568 §6.4.2.
extension VirtualRouter {
    mutating func expire(_ backup: Backup, at now: Instant) -> [RouterAction] {
        guard backup.activeDownAt <= now else { return [] }
        let reason = [log(.detail, "Receive advertisement timeout")]
        guard membership != nil else {
            return becomeActive(at: now, because: reason, isContested: backup.isContested)
        }
        var backup = backup
        backup.wantsToBeActive = true
        backup.activeDownAt = now + timers(backup.masterInterval).activeDownInterval
        state = .backup(backup)
        return reason
    }

    /// A stronger master re-arms the timer, a resigning one cuts it short, a weaker one does neither: the timer that
    /// runs on is the preemption.
    mutating func listen(_ backup: Backup, to heard: Advertisement, at now: Instant) -> [RouterAction] {
        var backup = backup
        guard let priority = heard.priority else {
            backup.activeDownAt = now + timers(backup.masterInterval).skewTime
            backup.isContested = false
            state = .backup(backup)
            return [log(.detail, "Backup received priority 0 advertisement")]
        }
        var notes: [RouterAction] = []
        if priority < effectivePriority {
            switch backup.judgeLowerPriority(under: configuration, at: now) {
            case .honor: break
            case .honorFromNowOn:
                notes.append(log(.detail, "start preempt delay (\(configuration.preemptDelay.inSeconds))"))
            case .ignore:
                backup.isContested = true
                state = .backup(backup)
                return logPeer(
                    "received lower priority (\(priority)) advert from \(heard.source) - discarding", at: now)
            }
        } else if backup.stopPreemptDelay() {
            notes.append(log(.detail, "stop preempt delay"))
        }
        let follower = follow(heard, of: priority, preemptAt: backup.preemptAt, at: now)
        state = .backup(follower)
        return notes + noteInterval(follower.masterInterval, insteadOf: backup.masterInterval)
    }

    /// A backup of the router that was just heard, with its interval as far as that is learned.
    func follow(
        _ heard: Advertisement, of priority: Priority, preemptAt: Instant? = nil, at now: Instant
    ) -> Backup {
        let interval = configuration.learned(heard.interval)
        return Backup(
            activeDownAt: now + timers(interval).activeDownInterval, masterInterval: interval,
            master: Master(address: heard.source, priority: priority), preemptAt: preemptAt)
    }

    /// A new priority moves the running deadline by the difference that it makes to the skew; any other change of the
    /// timers makes the silence count anew.
    mutating func adjust(
        _ backup: Backup, to conditions: Conditions, as told: VirtualRouterConfiguration? = nil, at now: Instant
    ) -> [RouterAction] {
        var backup = backup
        let former = configuration
        let timersBefore = timers(backup.masterInterval)
        let notes = adopt(conditions, as: told)
        guard !conditions.areFaulty else { return notes + block(on: conditions.blockers) }
        if backup.master == nil || configuration.version == .v2 {
            backup.masterInterval = configuration.advertisementInterval
        }
        backup.masterInterval = configuration.learned(backup.masterInterval)
        if configuration.preemptDelay != former.preemptDelay { backup.preemptAt = nil }
        let timers = timers(backup.masterInterval)
        if timers.differOnlyInPriority(from: timersBefore) {
            backup.activeDownAt = backup.activeDownAt + (timers.skewTime - timersBefore.skewTime)
        } else {
            backup.activeDownAt = now + timers.activeDownInterval
        }
        state = .backup(backup)
        return notes
    }

    private func noteInterval(_ interval: Duration, insteadOf former: Duration) -> [RouterAction] {
        guard interval != former else { return [] }
        let (old, new) = (former.nanoseconds / 1_000_000, interval.nanoseconds / 1_000_000)
        return [log(.detail, "advertisement interval updated from \(old)ms to \(new)ms by master")]
    }
}

extension VirtualRouterConfiguration {
    /// The interval of a master as far as it is believed: otherwise one packet could make a backup wait for minutes.
    fileprivate func learned(_ interval: Duration) -> Duration {
        guard version == .v3, let learnedIntervalCap else { return interval }
        return min(interval, advertisementInterval * max(learnedIntervalCap, 1))
    }
}

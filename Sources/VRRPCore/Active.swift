import Wire

extension VirtualRouter {
    /// The timers of a master.
    public struct Active: Hashable, Sendable {
        /// Adver_Timer: when the next advertisement is due.
        public internal(set) var advertiseAt: Instant
        var announcement: Announcement
        /// Other routers get no answer before this.
        var answersAt: Instant
        var restoration = Restoration()

        var nextDeadline: Instant {
            var next = advertiseAt
            if let announceAt = announcement.nextDeadline { next = min(next, announceAt) }
            if let restoreAt = restoration.nextDeadline { next = min(next, restoreAt) }
            return next
        }
    }
}

/// RFC 9568 §6.4.3.
extension VirtualRouter {
    /// The advertisement leaves first, so that rivals stop waiting; then the addresses come.
    mutating func becomeActive(
        at now: Instant, because reason: [RouterAction] = [], isContested: Bool = false
    ) -> [RouterAction] {
        statistics.becameMaster += 1
        let policy = configuration.announcement
        state = .active(
            Active(
                advertiseAt: now + configuration.advertisementInterval,
                announcement: Announcement(beginningAt: now, under: policy, isContested: isContested),
                answersAt: now))
        return advertise(effectivePriority) + reason + [log(.notice, "Entering MASTER STATE")] + putInPlace()
            + announce(policy.repeatCount) + [transition(.master)]
    }

    /// Sends whatever is due.
    mutating func keepUp(_ active: Active, at now: Instant) -> [RouterAction] {
        var active = active
        var actions: [RouterAction] = []
        if active.advertiseAt <= now {
            active.advertiseAt = active.advertiseAt.nextBeat(every: configuration.advertisementInterval, after: now)
            actions = advertise(effectivePriority)
        }
        if let announceAt = active.announcement.nextDeadline, announceAt <= now {
            let policy = configuration.announcement
            for count in active.announcement.burstsDue(at: now, under: policy) { actions += announce(count) }
            if active.announcement.otherRefreshIsDue(at: now, under: policy) {
                actions += announce(configuration.allAddresses.filter { $0.interface != configuration.home }, 1)
            }
        }
        actions += putBack(active.restoration.due(at: now))
        state = .active(active)
        return actions
    }

    /// A new priority shows in the next advertisement; a blocker ends the reign at once.
    mutating func persist(under conditions: Conditions, at now: Instant) -> [RouterAction] {
        let notes = adopt(conditions)
        guard conditions.areFaulty else { return notes }
        // keepalived resigns twice here, against loss; on a dead interface there is no point.
        var farewell: [RouterAction] = []
        if !conditions.blockers.contains(.interfaceDown) {
            farewell = conditions.followsAnother ? resign() : resign() + resign()
        }
        return notes + farewell + release() + block(on: conditions.blockers)
    }

    /// The neighbors on an interface learn its new MAC address.
    mutating func relocate(_ active: Active, on interface: String, at now: Instant) -> [RouterAction] {
        let addresses = configuration.allAddresses.filter { $0.interface == interface }
        guard !addresses.isEmpty else { return [] }
        var active = active
        active.announcement.addedAddresses(at: now, under: configuration.announcement)
        state = .active(active)
        return announce(addresses, configuration.announcement.repeatCount)
    }

    mutating func resign() -> [RouterAction] {
        let farewell = advertise(nil)
        guard !farewell.isEmpty else { return [] }
        statistics.priorityZeroSent += 1
        return farewell + [log(.detail, "sent 0 priority")]
    }

    mutating func release() -> [RouterAction] {
        statistics.releasedMaster += 1
        return takeAway()
    }
}

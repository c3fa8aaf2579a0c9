import Wire

extension VirtualRouter {
    /// The timers of a master.
    public struct Active: Hashable, Sendable {
        /// Adver_Timer: when the next advertisement is due.
        public internal(set) var advertiseAt: Instant
        var announcement: Announcement

        var nextDeadline: Instant {
            announcement.nextDeadline.map { min($0, advertiseAt) } ?? advertiseAt
        }
    }
}

/// RFC 9568 §6.4.3.
extension VirtualRouter {
    /// The advertisement leaves first, so that rivals stop waiting; then the addresses come.
    mutating func becomeActive(at now: Instant, because reason: [RouterAction] = []) -> [RouterAction] {
        statistics.becameMaster += 1
        state = .active(
            Active(
                advertiseAt: now + configuration.advertisementInterval,
                announcement: Announcement(beginningAt: now, under: configuration.announcement)))
        return advertise(effectivePriority) + reason + [
            log(.notice, "Entering MASTER STATE"),
            log(.detail, "setting VIPs."),
            .install(configuration.allAddresses, router: configuration.name),
        ] + announce(configuration.announcement.repeatCount) + [transition(.master)]
    }

    /// Sends whatever is due.
    mutating func keepUp(_ active: Active, at now: Instant) -> [RouterAction] {
        var active = active
        var actions: [RouterAction] = []
        if active.advertiseAt <= now {
            active.advertiseAt = active.advertiseAt.nextBeat(every: configuration.advertisementInterval, after: now)
            actions += advertise(effectivePriority)
        }
        for count in active.announcement.burstsDue(at: now, under: configuration.announcement) {
            actions += announce(count)
        }
        state = .active(active)
        return actions
    }

    /// The higher priority wins, between equals the higher address.
    mutating func defend(
        _ active: Active, against heard: Advertisement, at now: Instant
    ) -> [RouterAction] {
        guard let source else { return [] }
        guard let theirs = heard.priority else {
            return reassert(active, at: now) + [log(.detail, "Master received priority 0 advertisement")]
        }
        let ours = effectivePriority
        if theirs == ours && heard.source == source {
            return [log(.notice, "WARNING - equal priority advert received from remote host with our IP address.")]
        }
        let isWeaker = (theirs, heard.source) < (ours, source)
        let actions = isWeaker ? outdo(active, heard, of: theirs, at: now) : yield(to: heard, of: theirs, at: now)
        guard theirs.isOwner && ours.isOwner else { return actions }
        let error = "CONFIGURATION ERROR: local instance and a remote instance are both configured as address owner"
        return actions + [log(.notice, error)]
    }

    /// A new priority shows in the next advertisement; a blocker ends the reign at once.
    mutating func persist(under conditions: Conditions) -> [RouterAction] {
        let notes = adopt(conditions)
        guard conditions.areFaulty else { return notes }
        // keepalived resigns twice here, against loss; on a dead interface there is no point.
        let farewell = conditions.blockers.contains(.interfaceDown) ? [] : resign() + resign()
        return notes + farewell + release() + block(on: conditions.blockers)
    }

    /// An address that somebody took away is put back; keepalived would step down and come again.
    func restore(_ address: IPAddress, on interface: String) -> [RouterAction] {
        let lost = configuration.allAddresses.filter { $0.prefix.address == address && $0.interface == interface }
        guard !lost.isEmpty else { return [] }
        return [
            log(.notice, "Netlink reflector reports IP \(address) removed from \(interface)"),
            .install(lost, router: configuration.name),
            .announce(lost, count: configuration.announcement.repeatCount, router: configuration.name),
        ]
    }

    mutating func resign() -> [RouterAction] {
        let farewell = advertise(nil)
        guard !farewell.isEmpty else { return [] }
        statistics.priorityZeroSent += 1
        return farewell + [log(.detail, "sent 0 priority")]
    }

    mutating func release() -> [RouterAction] {
        statistics.releasedMaster += 1
        return removeAddresses()
    }
}

extension VirtualRouter {
    /// Advertises at once, and the next time a full interval from now.
    mutating func reassert(_ active: Active, at now: Instant) -> [RouterAction] {
        var active = active
        active.advertiseAt = now + configuration.advertisementInterval
        state = .active(active)
        return advertise(effectivePriority)
    }

    /// Answers a weaker master, and wins its neighbors back.
    private mutating func outdo(
        _ active: Active, _ heard: Advertisement, of theirs: Priority, at now: Instant
    ) -> [RouterAction] {
        var active = active
        active.announcement.answeredLowerPriority(at: now, under: configuration.announcement)
        let claim = "with lower priority \(theirs), ours \(effectivePriority), forcing new election"
        return reassert(active, at: now)
            + [log(.notice, "Received advert from \(heard.source) \(claim)")]
            + announce(configuration.announcement.lowerPriorityCount)
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
        let lastWords = advertise(ours)
        state = .backup(follow(heard, of: theirs, at: now))
        return lastWords + [
            log(.notice, "Master received advert from \(heard.source) \(claim)"),
            log(.notice, "Entering BACKUP STATE"),
        ] + release() + [transition(.backup)]
    }

    private mutating func advertise(_ priority: Priority?) -> [RouterAction] {
        guard let source else { return [] }
        statistics.advertisementsSent += 1
        return [.transmit(configuration.transmission(from: source, priority: priority))]
    }

    func announce(_ count: Int) -> [RouterAction] {
        guard count > 0 else { return [] }
        return [.announce(configuration.allAddresses, count: count, router: configuration.name)]
    }
}

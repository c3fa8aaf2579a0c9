import Timeline
import Wire

// MARK: - Never two for long

extension Invariant {
    /// When nothing but a cut is mended, those who both owned the address no longer do after one interval and L.
    ///
    /// While the cut lasts, VRRP must have an owner on each side.
    public static let mastersMeetAfterCut = Invariant("masters that hear each other again become one") { history in
        let limit = history.scenario.interval + history.latency
        return history.reunions(within: limit) { former, stretch in
            let onlyMended = stretch.causes.allSatisfy { cause in
                switch cause {
                case .mend, .mendAll: true
                default: false
                }
            }
            return onlyMended && !former.isLossy && former.paused.isEmpty && former.abandoned.isEmpty
        }
    }

    /// A host that stood still with the address and goes on shares it with a successor for 2L at most.
    ///
    /// While it stands still there must be two owners, once MDI has passed. That the rest takes only 2L needs a host
    /// that hears what waits in its socket before it believes its clock.
    public static let mastersMeetAfterPause = Invariant("a master that stood still meets its successor") { history in
        history.reunions(within: history.latency * 2) { former, stretch in
            let onlyResumed = stretch.causes.allSatisfy { cause in
                if case .resume = cause { true } else { false }
            }
            let start = stretch.from - history.scenario.interval - history.latency * 2
            return onlyResumed
                && history.held(from: start, until: stretch.from) { circumstances in
                    !circumstances.isLossy && circumstances.abandoned.isEmpty
                        && circumstances.areConnected(circumstances.everybody)
                        && circumstances.unplugged == stretch.circumstances.unplugged
                }
        }
    }

    /// Where nothing worse happens than that hosts and carriers come and go, two owners last for 2L at most, and for 3L
    /// when a priority changes meanwhile.
    ///
    /// Two timers that run out within L of each other cannot know of each other: equal priorities, or a delay longer
    /// than the difference of the skew times.
    public static let briefOverlap = Invariant("two owners only for as long as a frame travels") { history in
        history.overlaps.compactMap { overlap in
            let start = overlap.lowerBound - history.settlingTime
            var priorities: Set<[UInt8]> = []
            let isJudged = history.held(from: start, until: overlap.upperBound) { circumstances in
                priorities.insert(circumstances.priorities)
                return circumstances.areBenign
            }
            let length = overlap.upperBound - overlap.lowerBound
            let limit = history.latency * (priorities.count > 1 ? 3 : 2)
            guard isJudged, length > limit else { return nil }
            let owners = history.eras[history.era(at: overlap.lowerBound)].owners
            let text = "\(owners) owned together for \(length.text), allowed \(limit.text)"
            return Violation(at: overlap.lowerBound, text, window: overlap)
        }
    }
}

// MARK: - Nobody for not too long

extension Invariant {
    /// A host that takes part, while nobody who takes part owns the address, takes it within MDI_max + L.
    ///
    /// The time counts anew when somebody gives way: the last words of a master that stood still, and then heard of one
    /// that has died since, are an advertisement like any other.
    public static let noVacancy = Invariant("no vacancy longer than a backup waits") { history in
        let limit = history.scenario.longestDownInterval + history.latency
        var waitingSince: [Int: Instant] = [:]
        var violations: [Violation] = []
        for (position, era) in history.eras.enumerated() {
            let live = history.circumstances(ofEra: position).live
            let isVacant = era.owners.isDisjoint(with: live)
            let former = history.eras[max(position - 1, 0)].owners
            if !former.subtracting(era.owners).isDisjoint(with: live) { waitingSince = [:] }
            for host in 1...history.scenario.hostCount {
                guard isVacant, live.includes(host) else {
                    waitingSince[host] = nil
                    continue
                }
                let start = waitingSince[host] ?? era.from
                waitingSince[host] = start
                let end = history.end(ofEra: position)
                guard end - start > limit, era.from - start <= limit else { continue }
                let text = "nobody owned for \((end - start).text) while it was there, allowed \(limit.text)"
                violations.append(Violation(at: start + limit, node: "node\(host)", text, window: start...end))
            }
        }
        return violations
    }

    /// After an owner's resignation the best of the others owns within its skew time and L.
    ///
    /// Not asked where frames overtake each other: an advertisement that comes after the resignation revives the dead.
    public static let successionAfterResignation = Invariant("a resignation is followed at once") { history in
        guard !history.scenario.quality.reorders else { return [] }
        return history.stretches.indices.dropFirst().compactMap { position in
            let stretch = history.stretches[position]
            guard case .stop(let host)? = stretch.causes.first, stretch.causes.count == 1 else { return nil }
            let live = stretch.circumstances.live
            let start = stretch.from - history.latency * 2
            let former = history.stretches[position - 1].circumstances
            guard former.areClique, former.live.includes(host), history.stretches[position - 1].from <= start,
                history.owned(by: .host(host), from: start, until: stretch.from),
                let best = live.numbers.map({ stretch.circumstances.priorities[$0 - 1] }).max()
            else { return nil }
            let limit = history.scenario.skewTime(best) + history.latency
            let time = stretch.from + limit
            guard time < stretch.until, history.eras[history.era(at: time)].owners.isDisjoint(with: live) else {
                return nil
            }
            let text = "nobody owned \(limit.text) after node\(host) resigned"
            return Violation(at: time, text, window: stretch.from...time)
        }
    }
}

// MARK: - Only who may

extension Invariant {
    /// A running host has the address exactly while its router is the master, and none without a carrier.
    ///
    /// Within an instant here; a real kernel takes up to 10 ms. A daemon that was killed leaves the address behind:
    /// nobody is left to remove it.
    public static let addressFollowsState = Invariant("a host has the address while it is the master") { history in
        history.eras.indices.compactMap { position in
            let era = history.eras[position]
            let circumstances = history.circumstances(ofEra: position)
            let excused = circumstances.abandoned
            let window = era.from...history.end(ofEra: position)
            let owners = era.owners.subtracting(excused)
            guard owners == era.masters else {
                return Violation(at: era.from, "owners: \(owners), masters: \(era.masters)", window: window)
            }
            let mute = owners.intersection(circumstances.unplugged).subtracting(circumstances.paused)
            guard mute.isEmpty else {
                return Violation(at: era.from, "\(mute) owns without a carrier", window: window)
            }
            return nil
        }
    }

    /// Nobody takes the address from a sole owner that it hears, unless it preempts and claims more.
    ///
    /// Late timers and pauses of the taker are no excuse; with `nopreempt` nothing is. A lossy way is: see the rate of
    /// false takeovers, p³(1 - p) per interval.
    public static let noUsurper = Invariant("nobody takes over from a master that it hears") { history in
        let interval = history.scenario.interval
        return history.eras.indices.dropFirst().flatMap { position -> [Violation] in
            let era = history.eras[position]
            let former = history.eras[position - 1].owners
            guard former.count == 1, let owner = former.numbers.first else { return [] }
            return era.owners.subtracting(former).numbers.compactMap { taker in
                let before = era.from - .nanoseconds(1)
                let hearing = era.from - interval - history.latency * 2
                guard history.owned(by: former, from: era.from - history.settlingTime, until: before),
                    history.held(
                        from: hearing, until: before,
                        { circumstances in
                            circumstances.live.includes(owner) && circumstances.carries(from: owner, to: taker)
                        }),
                    history.held(
                        from: era.from - history.settlingTime, until: before,
                        { circumstances in
                            !history.scenario.preempting.includes(taker)
                                || circumstances.priorities[taker - 1] <= circumstances.priorities[owner - 1]
                        })
                else { return nil }
                let text = "took over although it heard node\(owner)"
                return Violation(at: era.from, node: "node\(taker)", text, window: hearing...era.from)
            }
        }
    }
}

extension History {
    /// The times with more than one owner.
    fileprivate var overlaps: [ClosedRange<Instant>] {
        var overlaps: [ClosedRange<Instant>] = []
        var begin: Instant?
        for era in eras {
            if era.owners.count > 1 {
                begin = begin ?? era.from
            } else if let start = begin {
                overlaps.append(start...era.from)
                begin = nil
            }
        }
        if let begin { overlaps.append(begin...end) }
        return overlaps
    }

    /// Looks for hosts that owned together when a change made them hear each other, and still do after a limit.
    fileprivate func reunions(
        within limit: Duration, _ isJudged: (Circumstances, Stretch) -> Bool
    ) -> [Violation] {
        stretches.indices.dropFirst().compactMap { position in
            let stretch = stretches[position]
            let owners = eras[stretch.firstEra].owners.intersection(stretch.circumstances.live)
            let time = stretch.from + limit
            guard owners.count > 1, time < stretch.until, stretch.circumstances.areClique,
                isJudged(stretches[position - 1].circumstances, stretch)
            else { return nil }
            let rest = eras[era(at: time)].owners.intersection(owners)
            guard rest.count > 1 else { return nil }
            let text = "\(rest) still owned \(limit.text) after they could hear each other again"
            return Violation(at: time, text, window: stretch.from...time)
        }
    }
}

import Timeline
import Wire

/// Something that must have come about in some story, or the stories prove less than they seem to.
public enum Situation: String, Hashable, Sendable, CaseIterable {
    case takeoverAfterCrash = "a takeover after a crash"
    case takeoverAfterUnplugging = "a takeover from a host without a carrier"
    case takeoverAfterResignation = "a takeover after a resignation"
    case takeoverFromPaused = "a takeover from a master that stands still"
    case takeoverAcrossCut = "a takeover because of a cut"
    case takeoverOneWay = "a takeover by a host that does not hear a master that hears it"
    case takeoverInNoise = "a takeover because of random loss"
    case preemption = "a preemption"
    case mastersMet = "two masters that met and became one"
    case threeMasters = "three masters at once"
    case tie = "two masters of one priority"
    case lastingSplit = "two masters that a third host hears, for longer than MDI_max + 4L"
    case longPauseOfMaster = "a master that stood still longer than MDI_max"
    case longPauseOfBackup = "a backup that stood still longer than MDI_max and took nothing over"
    case leftBehind = "an address that a dead daemon left behind"
    case returnWithoutPreemption = "a stronger host that let a weaker master be"
    case lastHost = "one host left"
    case nobody = "no host left"
    case quiet = "a quiet time after everything had settled"
    case duplicate = "a frame that arrived twice"
    case overtaking = "a frame that overtook another"

    /// How often each came about.
    public typealias Counts = [Situation: Int]
}

extension History {
    /// How often each situation came about, as far as owners and faults show it.
    public var situations: Situation.Counts {
        var counts: Situation.Counts = [:]
        for position in eras.indices.dropFirst() {
            for situation in situations(ofEra: position) { counts[situation, default: 0] += 1 }
        }
        for position in stretches.indices {
            for situation in situations(ofStretch: position) { counts[situation, default: 0] += 1 }
        }
        return counts
    }

    private func situations(ofEra position: Int) -> [Situation] {
        let (before, era) = (eras[position - 1], eras[position])
        var found: [Situation] = []
        for taker in era.owners.subtracting(before.owners).numbers {
            if let owner = before.owners.numbers.first {
                found += takeover(by: taker, from: owner, at: position)
            } else if let reason = vacancy(endingAt: position) {
                found.append(reason)
            }
        }
        if era.owners.count >= 3, before.owners.count < 3 { found.append(.threeMasters) }
        let circumstances = circumstances(ofEra: position)
        if era.owners.count == 1, before.owners.count > 1, circumstances.live.isSuperset(of: before.owners) {
            found.append(.mastersMet)
        }
        let priorities = era.owners.intersection(circumstances.live).numbers.map { circumstances.priorities[$0 - 1] }
        if era.owners != before.owners, Set(priorities).count < priorities.count { found.append(.tie) }
        return found
    }

    private func takeover(by taker: Int, from owner: Int, at position: Int) -> [Situation] {
        let circumstances = circumstances(ofEra: position)
        if circumstances.paused.includes(owner) { return [.takeoverFromPaused] }
        let isHeard = !circumstances.deafTo[taker - 1].includes(owner)
        let hears = !circumstances.deafTo[owner - 1].includes(taker)
        guard isHeard else { return hears ? [.takeoverAcrossCut, .takeoverOneWay] : [.takeoverAcrossCut] }
        if circumstances.isLossy { return [.takeoverInNoise] }
        let isStronger = circumstances.priorities[taker - 1] > circumstances.priorities[owner - 1]
        return isStronger && scenario.preempting.includes(taker) ? [.preemption] : []
    }

    /// Why nobody owned before a takeover; nil when nobody had ever owned.
    private func vacancy(endingAt position: Int) -> Situation? {
        guard let last = eras[..<position].lastIndex(where: { !$0.owners.isEmpty }) else { return nil }
        let end = eras[last + 1]
        let stretch = stretches[end.stretch]
        guard stretch.from == end.from, let cause = stretch.causes.first else { return nil }
        switch cause {
        case .crash: return .takeoverAfterCrash
        case .stop: return .takeoverAfterResignation
        case .unplug: return .takeoverAfterUnplugging
        case .start, .kill, .pause, .resume, .plug, .cut, .mend, .split, .mendAll, .priority, .quality: return nil
        }
    }

    private func situations(ofStretch position: Int) -> [Situation] {
        let stretch = stretches[position]
        let circumstances = stretch.circumstances
        var found: [Situation] = []
        let live = circumstances.live
        if live.count == 1 { found.append(.lastHost) }
        if position > 0, live.isEmpty { found.append(.nobody) }
        let last = eras[eras(from: stretch.from, until: stretch.until).upperBound - 1]
        if !last.owners.isDisjoint(with: circumstances.abandoned) { found.append(.leftBehind) }
        if stretch.until - stretch.from > settlingTime {
            found += lastingSituations(stretch, last)
        }
        return found + pauses(endingAt: position)
    }

    private func lastingSituations(_ stretch: Stretch, _ last: Era) -> [Situation] {
        let circumstances = stretch.circumstances
        let live = circumstances.live
        var found: [Situation] = []
        if circumstances.areClique, !live.isEmpty { found.append(.quiet) }
        let owners = last.owners.intersection(live)
        if owners.count == 2, !circumstances.isLossy {
            let witnesses = live.subtracting(owners).numbers.filter { circumstances.deafTo[$0 - 1].isEmpty }
            if !witnesses.isEmpty { found.append(.lastingSplit) }
        }
        if circumstances.areClique, owners.count == 1, let owner = owners.numbers.first {
            let isOutranked = live.numbers.contains {
                circumstances.priorities[$0 - 1] > circumstances.priorities[owner - 1]
            }
            if isOutranked { found.append(.returnWithoutPreemption) }
        }
        return found
    }

    /// Pauses that end with a stretch, judged by who owned before.
    private func pauses(endingAt position: Int) -> [Situation] {
        guard position > 0 else { return [] }
        let stretch = stretches[position]
        return stretch.causes.compactMap { cause in
            guard case .resume(let host) = cause,
                let begin = stretches[..<position].last(where: { $0.causes.contains(.pause(host)) }),
                stretch.from - begin.from > scenario.longestDownInterval
            else { return nil }
            let before = eras[max(begin.firstEra - 1, 0)].owners.includes(host)
            let after = eras[stretch.firstEra].owners.includes(host)
            return before ? .longPauseOfMaster : after ? nil : .longPauseOfBackup
        }
    }
}

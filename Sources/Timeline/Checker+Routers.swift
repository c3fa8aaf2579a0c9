import Wire

// Claims about routers. What concerns a state holds *during* a window; what concerns a change is looked for *after* an
// instant.

// MARK: - Addresses

extension Checker {
    /// Never do two kernels have an address for longer than a handover may take.
    ///
    /// Only what is certain counts: an overlap that may have been short enough, given how late kernels report, is
    /// allowed.
    public static func atMostOneOwner(of address: IPAddress, overlapAllowed: Duration) -> Checker {
        Checker("at most one owner of \(address)") { timeline in
            timeline.sharedOwnership(of: address).compactMap { shared in
                let end = shared.until ?? timeline.endTime
                let length = end - shared.from
                guard length - shared.uncertainty > overlapAllowed else { return nil }
                let owners = shared.nodes.joined(separator: " and ")
                let rest = shared.until == nil ? ", and still at the end" : ""
                return Violation(
                    at: shared.from,
                    "\(owners) had \(address) together for \(length.text)\(rest), allowed \(overlapAllowed.text)",
                    window: shared.from...end)
            }
        }
    }

    /// A node that takes an address over announces it to the neighbors, so often within a time.
    ///
    /// The time counts from the first sign of the takeover at or after an instant: an advertisement with the address,
    /// or the address in the kernel. Gratuitous ARP counts for IPv4, unsolicited neighbor advertisements for IPv6.
    public static func announcement(
        of address: IPAddress, by node: String, count: Int, within limit: Duration, after start: Instant
    ) -> Checker {
        Checker("\(node) announces \(address)") { timeline in
            let takeover = timeline.first(after: start) { event in
                event.isAddition(of: address, to: node) || event.isAdvertisement(from: node, for: address)
            }
            guard let takeover else {
                return [absence(of: "\(node) did not take over \(address)", node, after: start, in: timeline)]
            }
            let window = takeover.earliestTime...takeover.time + limit
            let seen = timeline[window].count { $0.isAnnouncement(of: address, from: node) }
            guard seen < count else { return [] }
            let text = "\(node) announced \(address) \(seen) times within \(limit.text) of taking it, expected \(count)"
            return [Violation(at: window.upperBound, node: node, text, window: window)]
        }
    }
}

// MARK: - Advertisements

extension Checker {
    /// One node takes an address over from another: the time from the last advertisement that it heard to the first
    /// that it sends, at or after an instant, lies within bounds.
    public static func failover(
        of address: IPAddress, from old: String, to new: String, after start: Instant,
        within bounds: ClosedRange<Duration>
    ) -> Checker {
        Checker("failover of \(address) from \(old) to \(new)") { timeline in
            guard let takeover = timeline.takeover(of: address, from: old, to: new, after: start) else {
                return [absence(of: "\(new) did not take over \(address)", new, after: start, in: timeline)]
            }
            guard let lastHeard = takeover.lastHeard, let delay = takeover.delay else {
                let text = "\(new) took over \(address) without having heard \(old)"
                return [Violation(at: takeover.first.time, node: new, text)]
            }
            guard !bounds.contains(delay) else { return [] }
            let text = """
                \(new) took over \(address) \(delay.text) after the last advertisement that it heard from \(old), \
                allowed \(bounds.text)
                """
            let window = lastHeard.time...takeover.first.time
            return [Violation(at: takeover.first.time, node: new, text, window: window)]
        }
    }

    /// A node sends no advertisement, for one address or for any.
    public static func silence(
        of node: String, for address: IPAddress? = nil, during window: some RangeExpression<Instant> & Sendable
    ) -> Checker {
        never("an advertisement from \(node)", during: window) { $0.isAdvertisement(from: node, for: address) }
    }

    /// A node never pauses for longer than a limit between its advertisements, nor at either end of the window.
    public static func noGap(
        inAdvertisementsFrom node: String, for address: IPAddress? = nil, longerThan limit: Duration,
        during window: ClosedRange<Instant>
    ) -> Checker {
        Checker("no gap in the advertisements from \(node)") { timeline in
            let sent = timeline[window].filter { $0.isAdvertisement(from: node, for: address) }.map(\.time)
            let marks = [window.lowerBound] + sent + [window.upperBound]
            return zip(marks, marks.dropFirst()).filter { $1 - $0 > limit }.map {
                let text = "\(node) sent no advertisement for \(($1 - $0).text), allowed \(limit.text)"
                return Violation(at: $1, node: node, text, window: $0...$1)
            }
        }
    }

    /// The median of the times between a node's advertisements lies within bounds; a single late one does not count.
    public static func advertisementInterval(
        of node: String, for address: IPAddress? = nil, median bounds: ClosedRange<Duration>,
        during window: ClosedRange<Instant>
    ) -> Checker {
        Checker("advertisement interval of \(node)") { timeline in
            let sent = timeline[window].filter { $0.isAdvertisement(from: node, for: address) }.map(\.time)
            let intervals = zip(sent, sent.dropFirst()).map { $1 - $0 }.sorted()
            guard !intervals.isEmpty else {
                let text = "\(node) sent \(sent.count) advertisements: no interval to measure"
                return [Violation(at: window.upperBound, node: node, text, window: window)]
            }
            let middle = intervals.count / 2
            let median =
                intervals.count.isMultiple(of: 2) ? (intervals[middle - 1] + intervals[middle]) / 2 : intervals[middle]
            guard !bounds.contains(median) else { return [] }
            let text = "\(node) advertised every \(median.text) (median), allowed \(bounds.text)"
            return [Violation(at: window.upperBound, node: node, text, window: window)]
        }
    }

    /// What should have happened, and had not by the end of the record.
    private static func absence(
        of text: String, _ node: String, after start: Instant, in timeline: Timeline
    ) -> Violation {
        let end = Swift.max(start, timeline.endTime)
        return Violation(at: end, node: node, text, window: start...end)
    }
}

extension ClosedRange<Duration> {
    fileprivate var text: String { "\(lowerBound.decimalSeconds())...\(upperBound.text)" }
}

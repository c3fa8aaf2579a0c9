import KeepalivedConfiguration
import LabCourse
import VRRPCore

/// What a configuration makes of a check: how often it is asked, how many answers count, and what follows.
struct CheckPlan: Hashable, Sendable {
    /// Of the `vrrp_script`.
    var name: String
    /// From one start to the next.
    var interval: Duration
    /// How long a run may take; then it has failed.
    var timeout: Duration
    /// Answers in a row that change the verdict.
    var fall: Int
    var rise: Int
    /// As the virtual router counts it: 0 means that a failure is a fault.
    var weight: Int

    /// How much earlier than the protocol says something may be seen: a run that was under way when the cause came may
    /// count already.
    static let early: Duration = .milliseconds(100)
    /// How much later: waking up, starting programs.
    static let late: Duration = .milliseconds(250)

    init(
        name: String, interval: Duration = .seconds(1), timeout: Duration = .seconds(1), fall: Int = 1, rise: Int = 1,
        weight: Int = 0
    ) {
        self.name = name
        self.interval = interval
        self.timeout = timeout
        self.fall = fall
        self.rise = rise
        self.weight = weight
    }

    /// The check by which a virtual router runs a program.
    init(
        running path: String, for router: VirtualRouterConfiguration, in configuration: DaemonConfiguration
    ) throws(Gap) {
        let scripts = configuration.scripts.filter { script in
            // Also within a shell's command line.
            script.command.arguments.contains { $0.contains(path) }
        }
        guard let first = scripts.first else { throw .notRun(path) }
        let tracked = scripts.lazy.compactMap { script in
            router.trackedScripts.first { $0.name == script.name }.map { (script, $0) }
        }
        guard let (script, item) = tracked.first else { throw .notTracked(first.name, router.name) }
        let counted = configuration.router.scripts.first { $0.name == script.name } ?? .init(name: script.name)
        self.init(
            name: script.name, interval: script.interval, timeout: script.timeout ?? script.interval,
            fall: counted.fall, rise: counted.rise, weight: item.weight)
    }

    /// Why a check does nothing.
    enum Gap: Error, Hashable, CustomStringConvertible {
        case notRun(String)
        case notTracked(String, String)

        var description: String {
            switch self {
            case .notRun(let path): "no vrrp_script runs \(path)"
            case .notTracked(let name, let router): "\(name) is not in the track_script of \(router)"
            }
        }
    }

    // MARK: Times

    /// From a cause to the verdict that the check has failed.
    ///
    /// - Parameter isSlow: whether runs may last as long as they are allowed to. A start that finds the run before it
    ///   still going is left out, so that such runs are further apart than the interval.
    func failing(isSlow: Bool = false) -> ClosedRange<Duration> {
        let rest = (isSlow ? period : interval) * (fall - 1)
        return interval * (fall - 1) - Self.early...interval + rest + timeout
    }

    /// From the end of the cause to the verdict that all is well.
    func recovering(isSlow: Bool = false) -> ClosedRange<Duration> {
        // The last bad run may still be going.
        let rest = isSlow ? timeout : .zero
        return interval * (rise - 1) - Self.early...interval * rise + rest + timeout
    }

    /// How far apart runs start that are always ended by the timeout.
    private var period: Duration {
        var period = interval
        while period <= timeout { period += interval }
        return period
    }

    /// From a cause to the other node's first advertisement.
    ///
    /// - Parameters:
    ///   - times: of the node that takes over.
    ///   - priority: its effective one.
    func move(to times: ProtocolTimes, priority: Int, isSlow: Bool = false) -> ClosedRange<Duration> {
        let verdict = failing(isSlow: isSlow)
        guard weight != 0 else {
            let skew = times.skew(priority)
            return verdict.lowerBound + skew...verdict.upperBound + skew + Self.late
        }
        let down = times.masterDown(priority)
        return verdict.lowerBound + down - times.interval...verdict.upperBound + down + Self.late
    }

    /// From the end of the cause to the first advertisement of the node that is well again.
    ///
    /// - Parameters:
    ///   - router: that node's virtual router.
    ///   - lowest: its effective priority while the check failed, from which the time it was waiting may come.
    func comeback(of router: VirtualRouterConfiguration, lowest: Int, isSlow: Bool = false) -> ClosedRange<Duration> {
        let times = ConfigurationReading.times(of: router)
        let verdict = recovering(isSlow: isSlow)
        let priority = Int(router.priority.rawValue)
        let early = max(times.masterDown(priority) - times.interval, router.preemptDelay - times.interval)
        let late = times.interval * 3 + times.skew(min(lowest, priority)) + router.preemptDelay
        let extra = router.preemptDelay == .zero ? .zero : times.interval
        return verdict.lowerBound + early...verdict.upperBound + late + extra + Self.late
    }
}

extension VirtualRouterConfiguration {
    /// What the router advertises while some of its scripts have failed: its priority and the weights that count.
    ///
    /// A positive weight counts while its script is well, a negative one while it is not. Nil is a fault: a failed
    /// script without a weight.
    func effectivePriority(failing: Set<String> = []) -> Int? {
        if priority.isOwner { return 255 }
        var total = Int(priority.rawValue)
        for item in trackedScripts {
            let isGood = !failing.contains(item.name)
            if item.weight == 0 {
                if isGood == item.isReversed { return nil }
            } else {
                let counts = item.weight > 0 ? isGood : !isGood
                if counts { total += item.isReversed ? -item.weight : item.weight }
            }
        }
        return Int(Priority(clamping: total).rawValue)
    }
}

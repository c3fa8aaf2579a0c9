import Glibc
import LinuxSystem
import Synchronization
import Timeline
import Wire

extension FaultInjector {
    func injectIntoProcess(_ fault: Fault) throws(LabError) -> Inverse? {
        switch fault {
        case .kill(let name, let scope): try kill(try running(name), scope)
        case .terminate(let name): try running(name).send(signal: SIGTERM)
        case .pause(let name):
            let process = try running(name)
            try signalTree(process, SIGSTOP)
            return { () throws(LabError) in try signalTree(process, SIGCONT) }
        case .hang(let name): return try hang(try running(name), fault)
        case .slow(let name, let share): return try slow(try running(name), share, fault)
        case .noDescriptors(let name): return try exhaustDescriptors(of: try running(name))
        default: break
        }
        return nil
    }

    /// A fault that would do nothing is an error: claims that follow it would prove nothing.
    private func running(_ name: ProcessName) throws(LabError) -> NodeProcess {
        let process = try node(name.node).process(name.process)
        guard process.isRunning else { throw .notRunning(name) }
        return process
    }

    /// Everything is stopped first: a child that outlives its parent by a moment would use it for last words.
    private func kill(_ process: NodeProcess, _ scope: KillScope) throws(LabError) {
        switch scope {
        case .parent:
            try process.send(signal: SIGKILL)
        case .children:
            for child in process.descendants() { Glibc.kill(child, SIGKILL) }
        case .tree:
            try process.send(signal: SIGSTOP)
            var stopped: Set<Int32> = []
            // A child may have started another before it stopped.
            while case let fresh = Set(process.descendants()).subtracting(stopped), !fresh.isEmpty {
                for child in fresh { Glibc.kill(child, SIGSTOP) }
                stopped.formUnion(fresh)
            }
            for child in stopped { Glibc.kill(child, SIGKILL) }
            try process.send(signal: SIGKILL)
        }
    }

    private func signalTree(_ process: NodeProcess, _ signal: Int32) throws(LabError) {
        let descendants = process.descendants()
        try process.send(signal: signal)
        for child in descendants { Glibc.kill(child, signal) }
    }

    // MARK: Control groups

    private func hang(_ process: NodeProcess, _ fault: Fault) throws(LabError) -> Inverse {
        guard let parent = ControlGroupParent.forFreezing else {
            throw .impossible(fault, because: "no control groups (version 2) can be made here; .pause needs none")
        }
        return try confine(process, in: parent) { group throws(SystemError) in try group.setFrozen(true) }
    }

    private func slow(_ process: NodeProcess, _ share: Double, _ fault: Fault) throws(LabError) -> Inverse {
        guard share > 0, share <= 1 else {
            throw .impossible(fault, because: "the share must be more than 0 and at most 1")
        }
        guard let parent = ControlGroupParent.forProcessorShares else {
            return try stutter(process, share, fault)
        }
        return try confine(process, in: parent) { group throws(SystemError) in
            try group.limitProcessor(toShare: share)
        }
    }

    /// Moves a process and its descendants into a group of their own, and sets it when they are in.
    private func confine(
        _ process: NodeProcess, in parent: ControlGroupParent,
        _ restrict: (ControlGroup) throws(SystemError) -> Void
    ) throws(LabError) -> Inverse {
        let home = try translated { () throws(SystemError) in try parent.group(ofProcess: process.pid) }
        let group = try groups.make(in: parent)
        let release: Inverse = { () throws(LabError) in
            try translated { () throws(SystemError) in
                if FileSystem.exists("\(group.path)/cgroup.freeze") { try group.setFrozen(false) }
                try group.empty(into: home)
                // What has just ended still counts for a moment; the lab's end takes the group away then.
                do throws(SystemError) { try group.remove() } catch let error where error.code == EBUSY {}
            }
        }
        do throws(LabError) {
            try translated { () throws(SystemError) in
                var moved: Set<Int32> = []
                // A child may have started another before it was moved.
                while case let fresh = Set([process.pid] + process.descendants()).subtracting(moved), !fresh.isEmpty {
                    for pid in fresh {
                        do throws(SystemError) { try group.add(pid) } catch let error where error.code == ESRCH {}
                    }
                    moved.formUnion(fresh)
                }
                try restrict(group)
            }
        } catch {
            try? release()
            throw error
        }
        return release
    }

    /// Stops and continues the processes so that they run for their share of the milliseconds.
    private func stutter(_ process: NodeProcess, _ share: Double, _ fault: Fault) throws(LabError) -> Inverse {
        recorder.append(
            TimelineEvent(
                at: MonotonicClock.now, node: process.node,
                .step("no control groups here: \(process.name) is slowed by SIGSTOP and SIGCONT")))
        let isStopped = Mutex(false)
        let pacer = try translated { () throws(SystemError) in
            try Pacer(named: "lab-slowness", every: .milliseconds(1)) { number in
                let isTurn = Int(Double(number + 1) * share) > Int(Double(number) * share)
                let isChange = isStopped.withLock { isStopped in
                    defer { isStopped = !isTurn }
                    return isStopped == isTurn
                }
                if isChange { try signalTree(process, isTurn ? SIGCONT : SIGSTOP) }
            }
        }
        try node(process.node).keep(pacer)
        return { () throws(LabError) in
            pacer.stop()
            try signalTree(process, SIGCONT)
        }
    }

    // MARK: Limits

    /// Each process of the tree gets the limit at which its next descriptor would be refused.
    private func exhaustDescriptors(of process: NodeProcess) throws(LabError) -> Inverse {
        var before: [Int32: ProcessLimits] = [:]
        for pid in [process.pid] + process.descendants() {
            before[pid] = try translated { () throws(SystemError) in try Self.tighten(pid) }
        }
        guard let standard = before[process.pid] else {
            throw .notRunning(ProcessName(process.name, on: process.node))
        }
        return { [before] () throws(LabError) in
            for pid in [process.pid] + process.descendants() {
                // Children that came meanwhile have their parent's limit.
                let limits = before[pid] ?? standard
                try translated { () throws(SystemError) in try Self.apply(limits, to: pid) }
            }
        }
    }

    /// - Returns: the limits that the process had; nil when it has ended.
    private static func tighten(_ pid: Int32) throws(SystemError) -> ProcessLimits? {
        do {
            let limits = try ProcessLimits(ofProcess: pid)
            var tight = limits
            tight.soft = min(try ProcessLimits.lowestFreeDescriptor(ofProcess: pid), limits.soft)
            try tight.apply(toProcess: pid)
            return limits
        } catch let error where error.isAbsence {
            return nil
        }
    }

    private static func apply(_ limits: ProcessLimits, to pid: Int32) throws(SystemError) {
        do { try limits.apply(toProcess: pid) } catch let error where error.isAbsence {}
    }
}

import Glibc
import Wire

/// Processes that the kernel treats as one: a directory of a control group file system that was made for them.
public struct ControlGroup: Hashable, Sendable {
    public let path: String

    /// Makes the group; its name must be new.
    public init(named name: String, in parent: ControlGroupParent) throws(SystemError) {
        path = parent.path + "/" + name
        guard try FileSystem.makeNewDirectory(path) else { throw SystemError("mkdir \(path)", code: EEXIST) }
    }

    /// Moves a process in, with all its threads; children that it has later are born in the group.
    public func add(_ pid: Int32) throws(SystemError) {
        try Self.move(pid, to: path)
    }

    /// Moves everyone out into another group, those too that are born meanwhile.
    public func empty(into other: String) throws(SystemError) {
        while case let pids = try members(), !pids.isEmpty {
            for pid in pids {
                // One that ends just now is out as well.
                do { try Self.move(pid, to: other) } catch let error where error.code == ESRCH {}
            }
        }
    }

    /// Takes the group away; one that still has processes, if only dying ones, stays (`EBUSY`).
    public func remove() throws(SystemError) {
        try systemCall("rmdir \(path)") { unsafe rmdir(path) }
    }

    /// The processes in it that have not ended.
    public func members() throws(SystemError) -> [Int32] {
        try ControlGroupParent.words(of: "\(path)/cgroup.procs").compactMap { Int32($0) }
    }

    /// Lets all of them together run for a share of one processor and no longer; the shortest time slice of the
    /// kernel is a millisecond.
    public func limitProcessor(toShare share: Double) throws(SystemError) {
        let slice = 1000.0
        let period = min(max(slice / share, 10 * slice), 1_000_000)
        let quota = max(period * share, slice)
        if FileSystem.exists("\(path)/cpu.max") {
            try write("\(Int(quota)) \(Int(period))", to: "cpu.max")
        } else {
            try write("\(Int(period))", to: "cpu.cfs_period_us")
            try write("\(Int(quota))", to: "cpu.cfs_quota_us")
        }
    }

    /// Stops all of them without a signal, or lets them go on; returns when that is done.
    public func setFrozen(_ isFrozen: Bool, within limit: Duration = .seconds(2)) throws(SystemError) {
        let events = try OwnedDescriptor.open("\(path)/cgroup.events", O_RDONLY)
        try write(isFrozen ? "1" : "0", to: "cgroup.freeze")
        let deadline = MonotonicClock.now + limit
        while try !Self.read(events).contains("frozen \(isFrozen ? 1 : 0)") {
            let rest = deadline - MonotonicClock.now
            guard rest > .zero else { throw SystemError("freeze \(path)", code: ETIMEDOUT) }
            var source = pollfd(fd: events.number, events: Int16(POLLPRI), revents: 0)
            unsafe poll(&source, 1, Int32(rest.nanoseconds / 1_000_000) + 1)
        }
    }

    private static func read(_ events: borrowing OwnedDescriptor) throws(SystemError) -> String {
        let number = events.number
        try systemCall("lseek") { lseek(number, 0, SEEK_SET) }
        return String(decoding: try events.read() ?? [], as: UTF8.self)
    }

    private func write(_ value: String, to file: String) throws(SystemError) {
        try FileSystem.overwrite("\(path)/\(file)", with: Array(value.utf8))
    }

    private static func move(_ pid: Int32, to group: String) throws(SystemError) {
        try FileSystem.overwrite("\(group)/cgroup.procs", with: Array(String(pid).utf8))
    }
}

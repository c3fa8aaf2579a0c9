import CLinux
import Glibc
import Wire

extension ThisProcess {
    /// -20...19; favored processes have low numbers (`setpriority(2)`).
    public static func setNiceness(_ niceness: Int) throws(SystemError) {
        try systemCall("setpriority") { clinux_set_niceness(Int32(clamping: niceness)) }
    }

    /// Runs in real time, 1...99; programs that are started, and threads, do not inherit it.
    ///
    /// - Parameter limit: how long it may run without waiting; the kernel kills what does not stop.
    public static func runInRealTime(_ priority: Int, limit: Duration?) throws(SystemError) {
        if let limit {
            let microseconds = UInt64(max(limit.nanoseconds / 1000, 1))
            // By number: glibc spells it as a macro.
            let realTimeLimit: Int32 = 15
            try systemCall("setrlimit(RLIMIT_RTTIME)") {
                clinux_set_limit(realTimeLimit, microseconds, microseconds)
            }
        }
        let resetsOnFork: Int32 = 0x4000_0000
        try systemCall("sched_setscheduler(SCHED_RR)") {
            clinux_set_scheduler(SCHED_RR | resetsOnFork, Int32(clamping: priority))
        }
    }

    /// Keeps all memory, also what is asked for later, from being swapped out.
    public static func lockMemory() throws(SystemError) {
        try systemCall("mlockall") { mlockall(Int32(MCL_CURRENT | MCL_FUTURE)) }
    }

    /// Runs on these processors only, by number, 0...1023.
    public static func runOnProcessors(_ processors: [Int]) throws(SystemError) {
        var mask = [UInt64](repeating: 0, count: 16)
        for processor in processors where (0..<1024).contains(processor) {
            mask[processor / 64] |= 1 << UInt64(processor % 64)
        }
        try systemCall("sched_setaffinity") { unsafe clinux_set_affinity(mask, mask.count) }
    }

    /// As `ps` and `/proc/PID/comm` show it; at most 15 octets count.
    public static func setName(_ name: String) {
        unsafe clinux_name_thread(name)
    }

    /// Lets at least so many files be open at a time, as far as the hard limit goes or may be moved.
    public static func allowOpenFiles(_ count: Int) throws(SystemError) {
        let resource = Int32(RLIMIT_NOFILE.rawValue)
        var (soft, hard): (UInt64, UInt64) = (0, 0)
        try systemCall("getrlimit(RLIMIT_NOFILE)") { unsafe clinux_get_limit(resource, &soft, &hard) }
        let wanted = UInt64(max(count, 0))
        guard soft < wanted else { return }
        try systemCall("setrlimit(RLIMIT_NOFILE, \(wanted))") { clinux_set_limit(resource, wanted, max(hard, wanted)) }
    }

    /// A crash leaves a core file, of any size that the hard limit allows.
    public static func allowCoreFiles() throws(SystemError) {
        let resource = Int32(RLIMIT_CORE.rawValue)
        var (soft, hard): (UInt64, UInt64) = (0, 0)
        try systemCall("getrlimit(RLIMIT_CORE)") { unsafe clinux_get_limit(resource, &soft, &hard) }
        try systemCall("setrlimit(RLIMIT_CORE)") { clinux_set_limit(resource, hard, hard) }
    }

    /// Whether programs that it starts may leave core files.
    public static var mayLeaveCore: Bool {
        var (soft, hard): (UInt64, UInt64) = (0, 0)
        return unsafe clinux_get_limit(Int32(RLIMIT_CORE.rawValue), &soft, &hard) == 0 && hard > 0
    }

    /// Taken away from the rights of files that are made from now on.
    public static func setFileModeMask(_ mask: UInt16) {
        umask(mode_t(mask))
    }

    /// Takes in the programs that its children leave behind, instead of the first process.
    public static func adoptOrphans() throws(SystemError) {
        try systemCall("prctl(PR_SET_CHILD_SUBREAPER)") { clinux_become_subreaper() }
    }

    /// A child that has ended and was not collected yet; nil when there is none.
    public static var endedChild: Int32? {
        let pid = clinux_peek_ended()
        return pid > 0 ? pid : nil
    }

    /// Collects a child that nobody holds a `ChildProcess` of.
    public static func collectOrphan(_ pid: Int32) {
        waitpid(pid, nil, WNOHANG | Int32(bitPattern: UInt32(__WALL)))
    }

    /// Moves the calling thread, and threads that it starts later, into a network namespace.
    public static func enterNetwork(at path: String) throws(SystemError) {
        let namespace = try OwnedDescriptor.open(path, O_RDONLY)
        try systemCall("setns \(path)") { clinux_setns(namespace.number, NamespaceKinds.network.rawValue) }
    }
}

import CLinux
import Glibc

/// How the kernel treats a process beside others: what a program gives back to the programs that it starts.
public struct ProcessStanding: Sendable {
    let values: clinux_standing

    /// What the calling thread has now; scheduling in real time is not part of it.
    public static var current: ProcessStanding {
        var values = clinux_standing()
        errno = 0
        values.niceness = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
        let octets = unsafe withUnsafeMutableBytes(of: &values.processors) { mask in
            let words = unsafe mask.bindMemory(to: UInt64.self)
            return unsafe clinux_get_affinity(words.baseAddress, words.count)
        }
        values.processor_octets = max(Int(octets), 0)
        var hard: UInt64 = 0
        _ = unsafe clinux_get_limit(Int32(RLIMIT_NOFILE.rawValue), &values.open_files, &hard)
        let mask = umask(0)
        umask(mask)
        values.umask = mask
        return ProcessStanding(values: values)
    }

    private init(values: clinux_standing) {
        self.values = values
    }
}

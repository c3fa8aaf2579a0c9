/// What the kernel is asked for on behalf of the daemon's process.
public struct ProcessSettings: Hashable, Sendable {
    /// -20...19; nil leaves it (`vrrp_priority`).
    public var niceness: Int?
    /// 1...99 runs in real time (`vrrp_rt_priority`).
    public var realTimePriority: Int?
    /// How long it may run in real time without waiting (`vrrp_rlimit_rttime`).
    public var realTimeLimit: Duration?
    /// Its memory is never swapped out (`vrrp_no_swap`).
    public var staysInMemory = false
    /// The processors that it may use; empty is all (`vrrp_cpu_affinity`).
    public var processors: [Int] = []
    /// At most 15 octets; nil leaves it (`process_name`, `vrrp_process_name`).
    public var name: String?
    /// Taken away from the rights of files that the daemon makes (`umask`).
    public var fileModeMask: UInt16?
    /// Octets (`vrrp_netlink_monitor_rcv_bufs`, `vrrp_rx_bufs_policy`, `kernel_rx_buf_size`).
    public var monitorBufferSize: Int?
    public var packetBufferSize: Int?

    public init() {}
}

import Glibc
import LinuxSystem

/// What a program has cost the machine until now, its children included.
public struct ProcessUsage: Hashable, Sendable {
    /// Processes that live now: the program and its descendants.
    public var processes: Int
    /// On the processors, over the whole life of those processes; to the nanosecond (`/proc/PID/schedstat`).
    public var processorTime: Duration
    /// Octets of memory that are theirs in the machine's (`VmRSS`).
    public var residentMemory: Int
    /// Open files (`/proc/PID/fd`).
    public var descriptors: Int

    /// Puts together figures that were read elsewhere.
    public init(processes: Int, processorTime: Duration, residentMemory: Int, descriptors: Int) {
        self.processes = processes
        self.processorTime = processorTime
        self.residentMemory = residentMemory
        self.descriptors = descriptors
    }
}

extension NodeProcess {
    /// Reads what the program and its descendants use; a process that ends meanwhile counts as nothing.
    public var usage: ProcessUsage {
        ([pid] + descendants()).map(ProcessUsage.init(ofProcess:)).reduce(ProcessUsage()) { sum, one in
            ProcessUsage(
                processes: sum.processes + one.processes, processorTime: sum.processorTime + one.processorTime,
                residentMemory: sum.residentMemory + one.residentMemory,
                descriptors: sum.descriptors + one.descriptors)
        }
    }
}

extension ProcessUsage {
    fileprivate init() {
        self.init(processes: 0, processorTime: .zero, residentMemory: 0, descriptors: 0)
    }

    fileprivate init(ofProcess pid: Int32) {
        self.init()
        guard let status = Self.text("/proc/\(pid)/status") else { return }
        processes = 1
        let kilobytes = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }?.split(separator: " ")
        residentMemory = (kilobytes?.dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
        for thread in Self.entries("/proc/\(pid)/task") {
            let words = Self.text("/proc/\(pid)/task/\(thread)/schedstat")?.split(separator: " ")
            processorTime += .nanoseconds(words?.first.flatMap { Int64($0) } ?? 0)
        }
        descriptors = Self.entries("/proc/\(pid)/fd").count
    }

    private static func text(_ path: String) -> String? {
        guard let file = try? OwnedDescriptor.open(path, O_RDONLY), let octets = try? file.read() else { return nil }
        return String(decoding: octets, as: UTF8.self)
    }

    private static func entries(_ path: String) -> [String] {
        ((try? FileSystem.entries(of: path)) ?? []).filter { !$0.hasPrefix(".") }
    }
}

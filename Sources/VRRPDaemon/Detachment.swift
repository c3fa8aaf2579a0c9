import LinuxSystem

/// How the daemon leaves its terminal: a second copy of the program is started in a session of its own, and the first
/// one stays until that copy is up or has failed.
///
/// The copy's standard error is a pipe to the first. What it says before it is up is passed on; a zero octet means that
/// it is up.
enum Detachment {
    static let isUp: UInt8 = 0

    /// Runs `/proc/self/exe` with the same arguments and `--detached`; returns the exit status for the first copy.
    static func start(_ arguments: [String]) -> Int32 {
        do {
            var pipe = try Pipe()
            let reader = pipe.takeReadEnd()
            let process = try spawn(arguments, standardError: pipe.takeWriteEnd())
            while let octets = try waitingRead(reader), !octets.isEmpty {
                let text = octets.prefix { $0 != isUp }
                _ = StandardError.write(String(decoding: text, as: UTF8.self))
                if text.count < octets.count { return 0 }
            }
            guard case .exited(let status) = try process.collect(blocking: true) else { return 1 }
            return status
        } catch {
            _ = StandardError.write("vrrpd cannot start itself in the background: \(error)\n")
            return 1
        }
    }

    private static func spawn(
        _ arguments: [String], standardError: consuming OwnedDescriptor
    ) throws(SystemError) -> ChildProcess {
        let inherited = ["PATH", "TMPDIR", "TZ", "NOTIFY_SOCKET", "WATCHDOG_USEC"].compactMap { name in
            ThisProcess.environment(name).map { "\(name)=\($0)" }
        }
        var request = ProgramRequest("/proc/self/exe", arguments + ["--detached"], environment: inherited)
        request.descriptors = [nil, nil, standardError.number]
        return try ChildProcess(request)
    }

    /// Nil means interrupted, and is no answer.
    private static func waitingRead(_ reader: borrowing OwnedDescriptor) throws(SystemError) -> [UInt8]? {
        while true {
            if let octets = try reader.read() { return octets }
        }
    }

    /// Tells the first copy that this one is up, and lets go of it.
    static func reportUp() {
        _ = StandardError.write("\0")
        try? StandardError.close()
    }
}

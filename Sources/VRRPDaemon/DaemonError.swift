import LinuxSystem
import Netlink

/// Why the daemon cannot go on, in words for people, with keepalived's exit status.
struct DaemonError: Error, Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case fatal, configuration, permission, noConfiguration
        /// Somebody else holds the PID file: keepalived calls that a success.
        case alreadyRunning
    }

    let kind: Kind
    /// Complete sentences, or diagnostics as the configuration's reader rendered them.
    let sentences: [String]

    init(_ kind: Kind, _ sentences: [String]) {
        self.kind = kind
        self.sentences = sentences
    }

    init(_ kind: Kind, _ sentence: String) {
        self.init(kind, [sentence])
    }

    var exitCode: Int32 {
        switch kind {
        case .alreadyRunning: 0
        case .fatal: 1
        case .configuration: 2
        case .permission: 4
        case .noConfiguration: 6
        }
    }
}

extension DaemonError: CustomStringConvertible {
    var description: String { sentences.joined(separator: "\n") }
}

extension DaemonError {
    init(_ error: SystemError) {
        self.init(code: error.code, "\(error)")
    }

    init(_ error: NetlinkError) {
        self.init(code: error.code, "\(error)")
    }

    private init(code: Int32, _ text: String) {
        guard ErrorNumber.permission.contains(code) else {
            self.init(.fatal, "vrrpd cannot go on: \(text)")
            return
        }
        self.init(
            .permission,
            "vrrpd lacks a right (\(text)): run it as root, or with the capabilities CAP_NET_ADMIN and CAP_NET_RAW")
    }
}

/// Does system calls; what the kernel refuses ends the daemon.
func insisting<Result: ~Copyable>(
    _ body: () throws(SystemError) -> Result
) throws(DaemonError) -> Result {
    do {
        return try body()
    } catch {
        throw DaemonError(error)
    }
}

/// Asks over netlink; what the kernel refuses ends the daemon.
func insisting<Result: ~Copyable>(
    _ body: () throws(NetlinkError) -> Result
) throws(DaemonError) -> Result {
    do {
        return try body()
    } catch {
        throw DaemonError(error)
    }
}
